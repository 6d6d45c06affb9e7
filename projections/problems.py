"""Problems on any day, as known at any position: the queue, what is behind its figures, the problems of a project."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.correctable import Correctable
from domain.problem import Problem, ProblemState, ProblemStatus, Urgency
from domain.problem.clocks import clock_on, clocks_of, days_of
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


class ProblemRow(NamedTuple):
    """A problem as it stood; so since `from_on`. `investment` at risk in 分; `clock_on`: what its present clock counts from."""

    id: UUID
    from_on: date
    name: str
    status: str
    since_on: date
    source: str
    urgency: str
    raiser: str | None
    project: UUID | None
    company: UUID | None
    lead: UUID | None
    service: UUID | None
    investment: int
    jobs: int
    number: str | None
    raised_on: date
    taken_on: date | None
    kind: str | None
    department: str | None
    person: UUID | None
    due_on: date | None
    way: str | None
    plan: str | None
    level: str | None
    leader: UUID | None
    escalated_on: date | None
    solved_on: date | None
    result: str | None
    confirmed_on: date | None
    satisfaction: str | None
    reopened: int
    cause: str | None
    measure: str | None
    begun_by: UUID
    clock_on: date | None

    def due(self, rules: Rules) -> date | None:
        """The day by which the present step is to be taken; None once it is closed."""
        if self.clock_on is None:
            return None
        return self.clock_on + timedelta(days=days_of(rules, Urgency(self.urgency))[ProblemStatus(self.status)])


class Problems(Intervals):
    name: ClassVar[str] = "problems"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Problem
    table: ClassVar[str] = "problem_interval"

    def columns(self, state: ProblemState, first: Recorded) -> Columns | None:
        if state.status is None or state.raised_on is None:
            return None
        return (
            state.name, str(state.status), state.since_on, str(state.source), str(state.urgency),
            state.raiser, state.project, state.company,
            state.lead, state.service, state.investment, state.jobs, state.number, state.raised_on, state.taken_on,
            _word(state.kind), state.department, state.person, state.due_on, _word(state.way), state.plan,
            _word(state.level), state.leader, state.escalated_on, state.solved_on, state.result, state.confirmed_on,
            _word(state.satisfaction), state.reopened, state.cause, state.measure, first.actor, clock_on(state),
            names.sort_key(state.name), tuple(sorted(names.grams(_lines(state)))),
        )  # fmt: skip


def _word(term: Any) -> str | None:
    return str(term) if term else None


def _lines(state: ProblemState) -> list[str]:
    lines = (state.name, state.raiser or "", state.number or "", state.department or "")
    return [names.initials(state.name), *map(names.folded, lines)]


@dataclass(frozen=True, kw_only=True)
class ProblemFilters:
    """Which problems are meant; None leaves it open.

    `open`: something is still to be done. `due_from`, `due_to`: between which days the present step is due, by the rules.
    `escalate_by`: overdue for so long on that day that they are to be escalated, and are not.
    `nobody`: who answers is not said. `personless`: no person is named.
    """

    search: str | None = None
    statuses: tuple[str, ...] | None = None
    open: bool | None = None
    source: str | None = None
    urgency: str | None = None
    kind: str | None = None
    unclassified: bool | None = None
    way: str | None = None
    department: str | None = None
    person: UUID | None = None
    nobody: bool | None = None
    personless: bool | None = None
    level: str | None = None
    escalated: bool | None = None
    unescalated: bool | None = None
    reopened: bool | None = None
    satisfaction: str | None = None
    cause: str | None = None
    project: UUID | None = None
    company: UUID | None = None
    lead: UUID | None = None
    taken_from: date | None = None
    taken_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    escalate_by: date | None = None

    def asked(self, rules: Rules = USUAL) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | terms_of(rules) | {
            "statuses": list(self.statuses) if self.statuses is not None else None,
            "grams": sorted({gram for term in terms for gram in names.needed_grams(term)}) or None,
        }  # fmt: skip


def terms_of(rules: Rules) -> dict[str, str]:
    """By urgency and standing together: the days a step may take, and after how many of them it is to be escalated."""
    days = {urgency + status: n for urgency in Urgency for status, n in days_of(rules, urgency).items()}
    worked_on = ProblemStatus.ASSIGNED
    late = {urgency + worked_on: clocks_of(rules, urgency).escalate_days for urgency in Urgency}
    return {"days": json.dumps(days), "escalate_days": json.dumps(late)}


SORTS: Final = {
    "due": Sort("due", "date", descending=False),
    "raised": Sort("raised", "date", descending=True),
    "investment": Sort("investment", "int", descending=True),
    "name": Sort("name", "text", descending=False),
}
"""What is due first, what came last, what most hangs on, by pinyin."""

LIST: Final = IntervalList("problem_interval", q, ProblemRow, SORTS, amount="i.investment")
MOVES: Final = Moves("problem_interval", q, LIST, ("raised", "solved", "escalated", "reopened"), "n.investment")


def of_projects(
    conn: Connection[Any], projects: Sequence[UUID], solved_after: date, point: Point = PRESENT, *, limit: int = 20
) -> dict[UUID, list[ProblemRow]]:
    """Of each project what is open or was solved after that day, what is open first; `limit` of one project."""
    query = q["of_projects"].format(standing=general["standing"], columns=q["columns"])
    values = {**clocks(point), "projects": list(projects), "solved_after": solved_after, "limit": limit}
    found: dict[UUID, list[ProblemRow]] = {}
    for row in conn.execute(query, values, prepare=False):
        made = ProblemRow._make(row)
        found.setdefault(made.project or made.id, []).append(made)
    return found
