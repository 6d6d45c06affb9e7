"""Projects on any day, as known at any position: for lists, boards, plans and look-ups."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from domain.correctable import Correctable
from domain.lights import Limits, limits
from domain.project import MILESTONES, Milestone, Project, ProjectState, ProjectStatus
from domain.rules import Rules
from projections import names
from projections.changes import Point
from projections.interval_lists import PRESENT, IntervalList, Sort, clocks, general
from projections.intervals import Columns, Intervals
from projections.moves import Moves
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)
USUAL: Final = Rules()
FIRST_DAY: Final = date(1900, 1, 1)
"""The day lights are asked for where nobody asks after lights."""


class ProjectRow(NamedTuple):
    """A project as it stood; so since `from_on`. Milestones in their own order; `stood`, `next`: orders, 0 for none."""

    id: UUID
    from_on: date
    name: str
    kind: str
    status: str
    investor: str | None
    company: UUID | None
    lead: UUID | None
    channel: UUID | None
    industry: str
    place: str | None
    planned_year: int
    start: str
    opened_on: date
    investment: int
    first_planned: list[date | None]
    planned: list[date | None]
    reached: list[date | None]
    stood: int
    next: int
    next_on: date | None
    physical: int | None
    invested: int | None
    fixed: int | None
    reported_on: date | None
    winter: str | None
    leader: UUID | None
    task_force: str | None
    departments: str | None
    officers: list[UUID]
    begun_by: UUID

    @property
    def at(self) -> Milestone | None:
        """The furthest milestone reached."""
        return MILESTONES[self.stood - 1] if self.stood else None

    @property
    def following(self) -> Milestone | None:
        """The milestone that is planned next."""
        return MILESTONES[self.next - 1] if self.next else None


class Projects(Intervals):
    name: ClassVar[str] = "projects"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Project
    table: ClassVar[str] = "project_interval"

    def columns(self, state: ProjectState, first: Recorded) -> Columns | None:
        if state.status is None or state.opened_on is None:
            return None
        answer, following = state.responsibility, state.next
        return (
            state.name, str(state.kind), str(state.status), state.investor, state.company, state.lead, state.channel,
            str(state.industry), state.place, state.planned_year, str(state.start), state.opened_on, state.investment,
            *_milestones(state), state.at.order if state.at else 0, following.order if following else 0,
            state.mark(following).planned if following else None, state.physical, state.invested, state.fixed,
            state.reported_on, str(state.winter.way) if state.winter else None,
            answer.leader if answer else None, answer.task_force if answer else None,
            answer.departments if answer else None, tuple(one.person for one in answer.officers) if answer else (),
            first.actor, names.sort_key(state.name), _searchable(state),
        )  # fmt: skip


def _milestones(state: ProjectState) -> Sequence[tuple[date | None, ...]]:
    marks = [state.mark(one) for one in MILESTONES]
    return (
        tuple(mark.first_planned for mark in marks),
        tuple(mark.planned for mark in marks),
        tuple(mark.reached for mark in marks),
    )


def _searchable(state: ProjectState) -> str:
    lines = (names.folded(state.name), names.initials(state.name), names.folded(state.investor or ""))
    return "\n".join(lines)


@dataclass(frozen=True, kw_only=True)
class ProjectFilters:
    """Which projects are meant; None leaves it open. `reached`, `stood`, `next`: orders of milestones.

    `reached_from`, `reached_to`: between which days they came to that milestone, or to any.
    `moved`: whose light would be otherwise by the rules tried.
    `late_on`: whose next milestone was planned for a day before that one. `answers`: leader or officer.
    """

    search: str | None = None
    status: str | None = None
    kind: str | None = None
    size: int | None = None
    industry: str | None = None
    year: int | None = None
    start: str | None = None
    reached: int | None = None
    reached_from: date | None = None
    reached_to: date | None = None
    stood: int | None = None
    next: int | None = None
    late_on: date | None = None
    leader: UUID | None = None
    answers: UUID | None = None
    channel: UUID | None = None
    lead: UUID | None = None
    company: UUID | None = None
    at_least: int | None = None
    light: str | None = None
    moved: bool | None = None

    def asked(self, rules: Rules = USUAL, day: date | None = None, tried: Rules | None = None) -> dict[str, Any]:
        """As the query takes them. `rules`, `day`: those in force on the day that lights are asked for; `tried`: others."""
        on = day or FIRST_DAY
        values = asdict(self) | _limits("lit", rules, on) | _limits("try", tried or rules, on)
        size, search, sizes = values.pop("size"), values.pop("search"), rules.sizes.limits
        ends = {"at_least": (0, *sizes)[size], "below": (*sizes, None)[size]} if size is not None else {"below": None}
        terms = names.terms(search or "")
        patterns = [names.pattern(term) for term in terms] or None
        return values | ends | {"patterns": patterns, "terminated": str(ProjectStatus.TERMINATED)}


def _limits(name: str, rules: Rules, day: date) -> dict[str, Any]:
    """The limits of lights on that day, as the query takes them."""
    at = limits(rules, day)._asdict()
    return {f"{name}_{key}": list(value) if isinstance(value, tuple) else value for key, value in at.items()}


def _light(name: str) -> sql.Composed:
    """The light by the limits of that name."""
    return q["light"].format(**{key: sql.Placeholder(f"{name}_{key}") for key in Limits._fields})


SORTS: Final = {
    "investment": Sort("investment", "int", descending=True),
    "name": Sort("name", "text", descending=False),
    "opened": Sort("opened", "date", descending=True),
    "next": Sort("next", "date", descending=False),
    "production": Sort("production", "date", descending=False),
    "reported": Sort("reported", "date", descending=False),
}
"""Biggest first, by pinyin, latest first, what is due next, what comes into production first, longest without a report."""

_BOTH: Final = {"light": _light("lit"), "tried": _light("try")}
PARTS: Final = {**_BOTH, "moves": q["moves"].format(**_BOTH)}
"""What a project's light is, what it would be by the rules tried, and both."""
LIST: Final = IntervalList("project_interval", q, ProjectRow, SORTS, amount="i.investment", parts=PARTS)
MOVES: Final = Moves(
    "project_interval", q, LIST,
    ("opened", *(one.value for one in MILESTONES), "replanned", "paused", "resumed", "terminated", "progress"), "n.investment",
)  # fmt: skip


def lately(conn: Connection[Any], since: date, point: Point = PRESENT) -> dict[Milestone, int]:
    """How many projects came to each milestone on that day or after it, the furthest first."""
    query = q["lately"].format(standing=general["standing"])
    rows = conn.execute(query, {**clocks(point), "since": since}, prepare=False).fetchall()
    return {MILESTONES[place - 1]: count for place, count in rows}
