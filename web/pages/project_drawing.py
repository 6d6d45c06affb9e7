"""A project's plan and its progress as pictures drawn by the server: places as per cent of the width, no script, no style."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from domain.project import MILESTONES, Milestone, Project, ProjectState
from domain.project.pace import ALL, planned_span
from domain.project.progress import ProgressReported

TICKS_AT_MOST: Final = 6
MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240)
YEAR: Final = 12
MARGIN: Final = 0.02


class Scale:
    """Days as places between 0 and 100."""

    def __init__(self, days: Sequence[date]) -> None:
        first, last = min(days), max(days)
        margin = timedelta(days=max(10, round((last - first).days * MARGIN)))
        self.first, self.last = first - margin, last + margin

    def at(self, day: date) -> float:
        """The place of a day, in per cent."""
        return round(100 * (day - self.first).days / (self.last - self.first).days, 2)

    def ticks(self) -> list[tuple[float, str]]:
        """(place, month) along the axis, a handful of them."""
        begins, ends = (day.year * YEAR + day.month - 1 for day in (self.first, self.last))
        step = next((step for step in MONTHS if (ends - begins) // step < TICKS_AT_MOST), MONTHS[-1])
        starts = (date(month // YEAR, month % YEAR + 1, 1) for month in range(begins, ends + 1) if month % step == 0)
        return [(self.at(day), f"{day:%Y-%m}") for day in starts if self.first <= day <= self.last]


class Bar(NamedTuple):
    """From one place to another, and what that is."""

    x: float
    width: float
    since: date
    until: date


class Row(NamedTuple):
    """One milestone: what was planned for it, what it took, and by how much it is overdue."""

    milestone: Milestone
    planned: Bar | None
    reached: Bar | None
    overdue: Bar | None


class Gantt(NamedTuple):
    ticks: Sequence[tuple[float, str]]
    today: float
    rows: Sequence[Row]


def gantt(state: ProjectState, today: date) -> Gantt | None:
    """The plan against what was reached; None while nothing is planned or reached."""
    planned = {one: day for one in MILESTONES if (day := state.mark(one).planned)}
    reached = {one: day for one in MILESTONES if (day := state.mark(one).reached)}
    if not (planned or reached) or state.opened_on is None:
        return None
    scale = Scale([state.opened_on, today, *planned.values(), *reached.values()])
    plans, facts = _bars(scale, state.opened_on, planned), _bars(scale, state.opened_on, reached)
    rows = [
        Row(one, plans.get(one), facts.get(one), _overdue(scale, planned.get(one), today) if one not in reached and state.open else None)
        for one in MILESTONES if one in planned or one in reached
    ]  # fmt: skip
    return Gantt(scale.ticks(), scale.at(today), rows)


def _bars(scale: Scale, opened_on: date, days: dict[Milestone, date]) -> dict[Milestone, Bar]:
    """For each milestone the way to it from the one before, by the order of their days."""
    ordered = sorted(days.items(), key=lambda pair: (pair[1], pair[0].order))
    starts = [min(opened_on, ordered[0][1]) if ordered else opened_on, *(day for _, day in ordered)]
    return {one: _bar(scale, since, day) for (one, day), since in zip(ordered, starts, strict=False)}


def _bar(scale: Scale, since: date, until: date) -> Bar:
    return Bar(scale.at(since), max(round(scale.at(until) - scale.at(since), 2), 0.4), since, until)


def _overdue(scale: Scale, planned: date | None, today: date) -> Bar | None:
    return _bar(scale, planned, today) if planned and planned < today else None


class Curve(NamedTuple):
    """Lines as points of a square of 100 by 100 whose zero is above: the plan, what was built, what was spent."""

    ticks: Sequence[tuple[float, str]]
    today: float
    plan: str
    physical: str
    invested: str
    dots: Sequence[tuple[float, int, date, int]]


def curve(project: Project, today: date) -> Curve | None:
    """Progress against an even pace from the planned start to the planned completion; None before the first report."""
    state: ProjectState = project.at(today)
    told = [fact for fact in project.facts if isinstance(fact, ProgressReported) and fact.occurred_on <= today]
    if not told or state.opened_on is None:
        return None
    span = planned_span(state)
    begun = state.mark(Milestone.START).reached or told[0].occurred_on
    scale = Scale([begun, today, *(fact.occurred_on for fact in told), *(span or ())])
    built = [(begun, 0), *((fact.occurred_on, fact.physical) for fact in told if fact.occurred_on >= begun)]
    spent = [(begun, 0), *_spent(told, state, begun)]
    return Curve(
        scale.ticks(), scale.at(today), _line(scale, [(span[0], 0), (span[1], ALL)]) if span else "",
        _line(scale, built), _line(scale, spent) if len(spent) > 1 else "",
        [(scale.at(day), ALL - part, day, part) for day, part in built[1:]],
    )  # fmt: skip


def _spent(told: Sequence[Any], state: ProjectState, begun: date) -> Iterator[tuple[date, int]]:
    for fact in told:
        if fact.invested and state.investment and fact.occurred_on >= begun:
            yield fact.occurred_on, min(ALL, round(100 * fact.invested.fen / state.investment))


def _line(scale: Scale, points: Sequence[tuple[date, int]]) -> str:
    return " ".join(f"{scale.at(day)},{ALL - part}" for day, part in points)
