"""How far a project should be by its plan: evenly from the planned start to the planned completion."""

from datetime import date

from domain.project.kinds import Milestone
from domain.project.state import ProjectState

ALL = 100


def planned_span(state: ProjectState) -> tuple[date, date] | None:
    """From when to when it is to be built by its present plan; None while either end is not planned."""
    start, over = state.mark(Milestone.START), state.mark(Milestone.COMPLETION)
    begins, ends = start.planned or start.reached, over.planned or state.mark(Milestone.PRODUCTION).planned
    return (begins, ends) if begins and ends and begins < ends else None


def planned_percent(state: ProjectState, day: date) -> int | None:
    """The physical progress that the plan asks for by the end of a day, in whole per cent; None without such a plan."""
    span = planned_span(state)
    if span is None:
        return None
    begins, ends = span
    return min(max((day - begins).days * ALL // (ends - begins).days, 0), ALL)
