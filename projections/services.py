"""Services on any day, as known at any position: for lists, counts by kind, and the pages of firms, leads and projects."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.correctable import Correctable
from domain.service import Service, ServiceKind, ServiceOutcome, ServiceState
from projections import names
from projections.changes import Point
from projections.interval_lists import PRESENT, IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.paging import Totals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)


class ServiceRow(NamedTuple):
    """A service as it is known; so since `from_on`."""

    id: UUID
    from_on: date
    served_on: date
    kind: str
    subject: str
    company: UUID | None
    lead: UUID | None
    project: UUID | None
    served: str | None
    handled_by: UUID
    outcome: str
    result: str | None
    solved_on: date | None
    begun_by: UUID


class Services(Intervals):
    name: ClassVar[str] = "services"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Service
    table: ClassVar[str] = "service_interval"

    def columns(self, state: ServiceState, first: Recorded) -> Columns | None:
        if state.kind is None or state.served_on is None:
            return None
        return (
            state.served_on, str(state.kind), state.subject, state.company, state.lead, state.project, state.served,
            state.handled_by or first.actor, str(state.outcome), state.result, state.solved_on, first.actor,
            tuple(sorted(names.grams(_lines(state)))),
        )  # fmt: skip


def _lines(state: ServiceState) -> list[str]:
    return [names.folded(text) for text in (state.subject, state.served or "") if text]


@dataclass(frozen=True, kw_only=True)
class ServiceFilters:
    """Which services are meant; None leaves it open. `since` and `until` are days of the service, both included."""

    search: str | None = None
    kind: str | None = None
    outcome: str | None = None
    handled_by: UUID | None = None
    company: UUID | None = None
    lead: UUID | None = None
    project: UUID | None = None
    since: date | None = None
    until: date | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | {"grams": sorted({gram for term in terms for gram in names.needed_grams(term)}) or None}


SORTS: Final = {"day": Sort("day", "date", descending=True)}
"""Latest first."""

LIST: Final = IntervalList("service_interval", q, ServiceRow, SORTS)


class Counts(NamedTuple):
    """How many of each kind, each counted up to a bound; and how many of all solved a problem."""

    kinds: Mapping[ServiceKind, Totals]
    solved: Totals


def counts(conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT) -> Counts:
    """By kind whatever kind is asked for, and solved whatever outcome is."""
    every = {**filters, "kind": None}
    solved = {**filters, "outcome": str(ServiceOutcome.SOLVED)}
    kinds = {kind: LIST.totals(conn, every | {"kind": str(kind)}, point) for kind in ServiceKind}
    return Counts(kinds, LIST.totals(conn, solved, point))


def alike(conn: Connection[Any], days: Collection[date | None], subjects: Collection[str]) -> list[ServiceRow]:
    """Services on one of these days about one of these things, as known now."""
    rows = conn.execute(q["alike"], {"days": list(days), "subjects": list(subjects)}, prepare=False).fetchall()
    return [ServiceRow._make(row) for row in rows]
