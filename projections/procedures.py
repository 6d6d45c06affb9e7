"""Procedures on any day, as known at any position: for lists, for a project's page, and for look-ups."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.correctable import Correctable
from domain.procedure import Procedure, ProcedureState, ProcedureStatus
from domain.procedure.kinds import AFTER_LAND, OPEN
from projections import names
from projections.interval_lists import IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)


class ProcedureRow(NamedTuple):
    """A procedure as it stood; so since `from_on`. `owed_on`: the day promised for papers that are still missing.

    `early`: it is of a kind that usually waits for the land, and was accepted (or granted) before that of its project was
    taken; a land planned and not taken yet is one to come.
    """

    id: UUID
    from_on: date
    name: str
    kind: str
    status: str
    department: str
    project: UUID | None
    company: UUID | None
    applicant: str | None
    number: str | None
    applied_on: date
    accepted_on: date | None
    closed_on: date | None
    papers: list[str]
    missing: list[str]
    promised_on: date | None
    supplemented_on: date | None
    owed_on: date | None
    document: str | None
    way: str | None
    handler: UUID | None
    begun_by: UUID
    early: bool


class Procedures(Intervals):
    name: ClassVar[str] = "procedures"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Procedure
    table: ClassVar[str] = "procedure_interval"

    def columns(self, state: ProcedureState, first: Recorded) -> Columns | None:
        if state.status is None or state.applied_on is None:
            return None
        return (
            state.name, str(state.kind), str(state.status), state.department, state.project, state.company,
            state.applicant, state.number, state.applied_on, state.accepted_on, state.closed_on, state.papers,
            state.missing, state.promised_on, state.supplemented_on, state.promised_on if state.owed else None,
            state.document, str(state.way) if state.way else None, state.handler, first.actor, _needs_land(state),
            names.sort_key(state.name), _searchable(state),
        )  # fmt: skip


def _needs_land(state: ProcedureState) -> bool:
    """Whether it would be early before the land was taken: what was refused or withdrawn came to nothing."""
    return state.kind in AFTER_LAND and state.status in (*OPEN, ProcedureStatus.GRANTED)


def _searchable(state: ProcedureState) -> str:
    lines = (state.name, state.applicant or "", state.number or "", state.document or "")
    return "\n".join((names.initials(state.name), *map(names.folded, lines)))


@dataclass(frozen=True, kw_only=True)
class ProcedureFilters:
    """Which procedures are meant; None leaves it open. `open`: not decided yet. `lenient`: accepted with papers missing.

    `overdue_on`: whose missing papers were promised for a day before that one. `early`: as the row's. `accepted_from`,
    `accepted_to`: the day of acceptance, of what was granted on the spot that of the permit.
    """

    search: str | None = None
    kind: str | None = None
    department: str | None = None
    status: str | None = None
    open: bool | None = None
    lenient: bool | None = None
    overdue_on: date | None = None
    early: bool | None = None
    way: str | None = None
    handler: UUID | None = None
    project: UUID | None = None
    company: UUID | None = None
    accepted_from: date | None = None
    accepted_to: date | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        patterns = [names.pattern(term) for term in names.terms(values.pop("search") or "")] or None
        return values | {"patterns": patterns, "undecided": [str(one) for one in sorted(OPEN)]}


SORTS: Final = {
    "applied": Sort("applied", "date", descending=True),
    "name": Sort("name", "text", descending=False),
    "owed": Sort("owed", "date", descending=False),
}
"""Latest first, by pinyin, what papers are promised next."""

LIST: Final = IntervalList("procedure_interval", q, ProcedureRow, SORTS, parts={"early": q["early"]})


def departments(conn: Connection[Any]) -> Sequence[str]:
    """Every department that there is a procedure at, as known now."""
    return [row[0] for row in conn.execute(q["departments"], prepare=False).fetchall()]
