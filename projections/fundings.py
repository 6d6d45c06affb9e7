"""Funding from above on any day, as known at any position: for lists with their sums, a project's page, and look-ups."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.correctable import Correctable
from domain.funding import Funding, FundingState
from projections import names
from projections.changes import Point
from projections.interval_lists import PRESENT, IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.paging import COUNTED_AT_MOST
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)


class FundingRow(NamedTuple):
    """An application for funding as it stood; so since `from_on`. Amounts in 分; `disbursed_on`: the latest payment."""

    id: UUID
    from_on: date
    name: str
    kind: str
    status: str
    department: str | None
    project: UUID | None
    company: UUID | None
    applicant: str | None
    applied_on: date
    requested: int
    approved_on: date | None
    approved: int
    document: str | None
    disbursed_on: date | None
    disbursed: int
    leader: UUID | None
    officers: list[UUID]
    begun_by: UUID


class Fundings(Intervals):
    name: ClassVar[str] = "fundings"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Funding
    table: ClassVar[str] = "funding_interval"

    def columns(self, state: FundingState, first: Recorded) -> Columns | None:
        if state.status is None or state.applied_on is None:
            return None
        answer = state.responsibility
        return (
            state.name, str(state.kind), str(state.status), state.department, state.project, state.company,
            state.applicant, state.applied_on, state.requested, state.approved_on, state.approved, state.document,
            state.disbursed_on, state.disbursed, answer.leader if answer else None,
            tuple(one.person for one in answer.officers) if answer else (), first.actor, names.sort_key(state.name),
            _searchable(state),
        )  # fmt: skip


def _searchable(state: FundingState) -> str:
    lines = (state.name, state.applicant or "", state.document or "", state.department or "")
    return "\n".join((names.initials(state.name), *map(names.folded, lines)))


@dataclass(frozen=True, kw_only=True)
class FundingFilters:
    """Which applications are meant; None leaves it open. `year`, `approved_year`: those of the application, the approval.

    `paid`: something was paid out. `unpaid`: approved, and not all of it paid out. `answers`: leader or officer.
    """

    search: str | None = None
    kind: str | None = None
    status: str | None = None
    year: int | None = None
    approved_year: int | None = None
    paid: bool | None = None
    unpaid: bool | None = None
    project: UUID | None = None
    company: UUID | None = None
    answers: UUID | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        patterns = [names.pattern(term) for term in names.terms(values.pop("search") or "")] or None
        years = {**_span("applied", values.pop("year")), **_span("approved", values.pop("approved_year"))}
        return values | years | {"patterns": patterns}


def _span(name: str, year: int | None) -> dict[str, date | None]:
    first, last = (None, None) if year is None else (date(year, 1, 1), date(year, 12, 31))
    return {f"{name}_from": first, f"{name}_to": last}


SORTS: Final = {
    "applied": Sort("applied", "date", descending=True),
    "requested": Sort("requested", "int", descending=True),
    "approved": Sort("approved", "int", descending=True),
    "left": Sort("left", "int", descending=True),
    "name": Sort("name", "text", descending=False),
}
"""Latest first, biggest asked for, biggest approved, most still to come, by pinyin."""

LIST: Final = IntervalList("funding_interval", q, FundingRow, SORTS, amount="i.requested")


class Sums(NamedTuple):
    """How many were applied for, approved, paid (something of), and what those come to, in 分."""

    applications: int = 0
    requested: int = 0
    approvals: int = 0
    approved: int = 0
    paid: int = 0
    disbursed: int = 0


def sums(conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT) -> dict[str, Sums] | None:
    """What matches summed up by kind of funding; None where there is more than is counted."""
    rows = LIST.summed(conn, "by_kind", filters, point, most=COUNTED_AT_MOST + 1)
    found = {kind: Sums(*one) for kind, one in rows.items()}
    return None if sum(one.applications for one in found.values()) > COUNTED_AT_MOST else found


def together(found: Mapping[str, Sums]) -> Sums:
    """All kinds in one."""
    return Sums(*map(sum, zip(*found.values(), strict=True))) if found else Sums()
