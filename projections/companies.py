"""Firms on any day, as known at any position: for lists, look-ups, and to recognise one by name, code or lead."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.company import Company, CompanyState
from domain.correctable import Correctable
from domain.values import normalised_name
from projections import names
from projections.interval_lists import IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)
ALIKE_AT_MOST: Final = 5


class CompanyRow(NamedTuple):
    """A firm as it stood; so since `from_on`."""

    id: UUID
    from_on: date
    name: str
    former_names: list[str]
    credit_code: str | None
    sector: str
    seat: str
    status: str
    address: str | None
    parent: UUID | None
    leads: list[UUID]
    registered_on: date
    leader: UUID | None
    task_force: str | None
    departments: str | None
    officers: list[UUID]
    begun_by: UUID


class Companies(Intervals):
    name: ClassVar[str] = "companies"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Company
    table: ClassVar[str] = "company_interval"

    def columns(self, state: CompanyState, first: Recorded) -> Columns | None:
        if state.status is None or state.registered_on is None:
            return None
        answer = state.responsibility
        return (
            state.name, state.former_names, state.credit_code, str(state.sector), str(state.seat), str(state.status),
            state.address, state.parent, state.leads, state.registered_on, answer.leader if answer else None,
            answer.task_force if answer else None, answer.departments if answer else None,
            tuple(one.person for one in answer.officers) if answer else (), first.actor, names.sort_key(state.name),
            tuple(map(normalised_name, state.names)), _searchable(state),
        )  # fmt: skip


def _searchable(state: CompanyState) -> str:
    lines = (line for name in state.names for line in (names.folded(name), names.initials(name)))
    return "\n".join((*lines, (state.credit_code or "").casefold()))


@dataclass(frozen=True, kw_only=True)
class CompanyFilters:
    """Which firms are meant; None leaves it open. `answers`: leader or officer; `unanswered`: nobody answers for it."""

    search: str | None = None
    sector: str | None = None
    seat: str | None = None
    status: str | None = None
    leader: UUID | None = None
    officer: UUID | None = None
    answers: UUID | None = None
    answered: bool | None = None
    parent: UUID | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | {"patterns": [names.pattern(term) for term in terms] or None}


SORTS: Final = {
    "name": Sort("name", "text", descending=False),
    "registered": Sort("registered", "date", descending=True),
}
"""By pinyin, latest first."""

LIST: Final = IntervalList("company_interval", q, CompanyRow, SORTS)


def alike(
    conn: Connection[Any], called: Collection[str], codes: Collection[str | None] = (), lead: UUID | None = None,
    *, at_most: int | None = ALIKE_AT_MOST,
) -> list[CompanyRow]:  # fmt: skip
    """Firms recognised by the lead, one of the credit codes, or one of the names they go or went by; surest first."""
    values = {
        "lead": lead,
        "codes": [code for code in codes if code],
        "names": [name for name in map(normalised_name, called) if name],
        "limit": at_most,
    }
    rows = conn.execute(q["alike"], values, prepare=False).fetchall()
    return [CompanyRow._make(row) for row in rows]
