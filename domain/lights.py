"""Lights (亮灯): how late a project's milestones are and how far its progress is behind, by the rules in force on a day.

Every limit is a day to compare with or a whole number of points, so that the same rule can be asked of a table.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, Protocol

from domain.base import Term
from domain.project.kinds import MILESTONES, Milestone, ProjectStatus
from domain.project.pace import ALL, percent_of, span_of
from domain.project.state import ProjectState
from domain.rules import Rules

MONTHS: Final = 12


class Light(Term):
    RED = "red", "红灯", "Red"
    YELLOW = "yellow", "黄灯", "Yellow"
    GREEN = "green", "绿灯", "Green"
    NONE = "none", "不亮灯", "No light"


LIT: Final = (Light.RED, Light.YELLOW)


class Watched(Protocol):
    """What is asked of a project, state or row; milestones in their own order, `physical` in per cent."""

    @property
    def kind(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def planned(self) -> Sequence[date | None]: ...
    @property
    def reached(self) -> Sequence[date | None]: ...
    @property
    def physical(self) -> int | None: ...


class Seen(NamedTuple):
    """A project's state, as the lights look at it."""

    kind: str | None
    status: str | None
    planned: Sequence[date | None]
    reached: Sequence[date | None]
    physical: int | None


def seen(state: ProjectState) -> Seen:
    marks = [state.mark(one) for one in MILESTONES]
    planned, reached = [mark.planned for mark in marks], [mark.reached for mark in marks]
    return Seen(state.kind, state.status, planned, reached, state.physical)


class Limits(NamedTuple):
    """The rules as they bear on one day. A milestone planned for `…_by` or before is that late; `off`: kinds not lit."""

    day: date
    red_by: date
    yellow_by: date
    red_points: int
    yellow_points: int
    paused: bool
    off: tuple[str, ...]


def limits(rules: Rules, day: date) -> Limits:
    """What those rules come to on that day."""
    lights = rules.lights
    return Limits(
        day, months_before(day, lights.late_red_months), months_before(day, lights.late_yellow_months),
        lights.behind_red_points, lights.behind_yellow_points, lights.paused, tuple(sorted(rules.counting.excluded)),
    )  # fmt: skip


class Cause(NamedTuple):
    """Why there is a light: a milestone planned for a day and not reached, or (no milestone) progress behind its plan.

    `since`: the first day on which that held, plan and report being what they are. `asked`, `physical`: per cent.
    """

    light: Light
    since: date
    milestone: Milestone | None = None
    planned: date | None = None
    asked: int = 0
    physical: int = 0


def light_of(project: Watched, at: Limits) -> Light:
    """The light of the whole project: its worst."""
    if dark(project, at):
        return Light.NONE
    found = {cause.light for cause in causes(project, at)}
    return next((light for light in LIT if light in found), Light.GREEN)


def milestone_light(project: Watched, milestone: Milestone, at: Limits) -> Light:
    """The light of one milestone: none where it is not planned, green once it is reached."""
    planned, reached = (days[milestone.order - 1] for days in (project.planned, project.reached))
    if reached:
        return Light.GREEN
    return Light.NONE if planned is None or dark(project, at, of_one=True) else _late(planned, at) or Light.GREEN


def dark(project: Watched, at: Limits, *, of_one: bool = False) -> bool:
    """Whether there is no light at all: not open, of a kind that is not lit, paused, or nothing planned that is ahead."""
    if project.status not in (ProjectStatus.ACTIVE, ProjectStatus.PAUSED) or project.kind in at.off:
        return True
    if project.status == ProjectStatus.PAUSED and not at.paused:
        return True
    return not of_one and not any(_ahead(project))


def causes(project: Watched, at: Limits) -> Iterator[Cause]:
    """Everything for which the project is lit on that day, by milestone, progress last."""
    if dark(project, at):
        return
    for milestone, planned in _ahead(project):
        light = _late(planned, at)
        if light:
            yield Cause(light, late_from(planned, light, at), milestone, planned)
    behind = _behind(project, at)
    if behind:
        yield behind


def _ahead(project: Watched) -> Iterator[tuple[Milestone, date]]:
    """The milestones planned and not reached."""
    for milestone, planned, reached in zip(MILESTONES, project.planned, project.reached, strict=True):
        if planned and not reached:
            yield milestone, planned


def _late(planned: date, at: Limits) -> Light | None:
    if planned <= at.red_by:
        return Light.RED
    return Light.YELLOW if planned <= at.yellow_by else None


def _behind(project: Watched, at: Limits) -> Cause | None:
    """Progress against an even pace; nothing reported is nothing done, and what is completed is not behind."""
    span = span_of(project.planned, project.reached)
    if span is None or any(project.reached[one.order - 1] for one in (Milestone.COMPLETION, Milestone.PRODUCTION)):
        return None
    done, asked = project.physical or 0, percent_of(span, at.day)
    for light, points in zip(LIT, (at.red_points, at.yellow_points), strict=True):
        if asked - done >= points:
            return Cause(light, behind_from(span, done + points), asked=asked, physical=done)
    return None


def behind_from(span: tuple[date, date], percent: int) -> date:
    """The first day on which the plan asks for so much."""
    begins, ends = span
    return begins + timedelta(days=-(-percent * (ends - begins).days // ALL))


def late_from(planned: date, light: Light, at: Limits) -> date:
    """The first day on which a milestone planned for that day, and not reached, has that light."""
    by = at.red_by if light is Light.RED else at.yellow_by
    return months_after(planned, _months(by, at.day))


def _months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * MONTHS + later.month - earlier.month


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; the last of that month where it has no such day."""
    place = day.year * MONTHS + day.month - 1 - months
    year, month = place // MONTHS, place % MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_after(day: date, months: int) -> date:
    """The first day that is so many months later: the first of the next month where there is no such day."""
    place = day.year * MONTHS + day.month - 1 + months
    year, month = place // MONTHS, place % MONTHS + 1
    if day.day <= monthrange(year, month)[1]:
        return date(year, month, day.day)
    return date(year + month // MONTHS, month % MONTHS + 1, 1)


def lit_since(states: Sequence[tuple[date, Watched]], rules: Rules, day: date) -> date | None:
    """Since which day the light of `day` has been on without a break, or a worse one; None where it is not lit.

    `states`: what the project was from each day on, in order, none after `day`. By the rules in force on `day`.
    """
    now = light_of(states[-1][1], limits(rules, day)) if states else Light.NONE
    if now not in LIT:
        return None
    wanted, until, found = LIT[: LIT.index(now) + 1], day, None
    for began, state in reversed(states):
        if light_of(state, limits(rules, until)) not in wanted:
            break
        found = _on_from(state, rules, wanted, began, until)
        if found > began:
            break
        until = began - timedelta(days=1)
    return found


def _on_from(state: Watched, rules: Rules, wanted: Sequence[Any], began: date, until: date) -> date:
    """The first day of the stretch on which it was lit so; while nothing happens a light only gets worse."""
    low, high = began.toordinal(), until.toordinal()
    while low < high:
        middle = (low + high) // 2
        if light_of(state, limits(rules, date.fromordinal(middle))) in wanted:
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)
