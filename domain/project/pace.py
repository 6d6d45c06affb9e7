"""How far a project should be by its plan: evenly from the planned start to the planned completion."""

from collections.abc import Sequence
from datetime import date

from domain.project.kinds import MILESTONES, Milestone
from domain.project.state import ProjectState

ALL = 100


def planned_span(state: ProjectState) -> tuple[date, date] | None:
    """From when to when it is to be built by its present plan; None while either end is not planned."""
    marks = [state.mark(one) for one in MILESTONES]
    return span_of([mark.planned for mark in marks], [mark.reached for mark in marks])


def span_of(planned: Sequence[date | None], reached: Sequence[date | None]) -> tuple[date, date] | None:
    """The same of the days of all milestones, in their order."""
    start, over, production = (one.order - 1 for one in _ENDS)
    begins, ends = planned[start] or reached[start], planned[over] or planned[production]
    return (begins, ends) if begins and ends and begins < ends else None


_ENDS = (Milestone.START, Milestone.COMPLETION, Milestone.PRODUCTION)


def planned_percent(state: ProjectState, day: date) -> int | None:
    """The physical progress that the plan asks for by the end of a day, in whole per cent; None without such a plan."""
    span = planned_span(state)
    return percent_of(span, day) if span else None


def percent_of(span: tuple[date, date], day: date) -> int:
    """The same of a span."""
    begins, ends = span
    return min(max((day - begins).days * ALL // (ends - begins).days, 0), ALL)
