"""What can be asked of the leads, and how the queries take it.

Of a list in some order the beginning is walked along the index that holds that order, and what does not fit is passed
over; where next to nothing fits, all that does is gathered by other indexes and sorted. Which of the two is better no
statistics say for certain (what is asked for may stand at the far end), so the first rows decide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from domain.funnel import Status
from projections import channels, names
from projections.paging import Scope
from projections.sql import Queries, direction

q = Queries(__file__, "leads")

FIRST: Final = 300
"""The rows looked through before anything is known."""
FURTHER: Final = 20_000
"""The rows looked through where at least `SOME` of the first fitted."""
SOME: Final = 3
FAR: Final = 100_000
"""The rows looked through where none of the first fitted and yet `MANY` or more are likely to: they begin further on."""
MANY: Final = 5_000


class LeadRow(NamedTuple):
    """One lead. `amount_fen` is 0 where none is given; `next_action` is sealed as stored; `stage` is None once merged."""

    id: UUID
    version: int
    position: int
    company: str
    project: str | None
    credit_code: str | None
    country: str
    region: str | None
    industry: str
    stage: str | None
    status: str
    reached: str | None
    channel: UUID
    occasion: UUID | None
    brought_by: UUID | None
    owner: UUID | None
    amount_fen: int
    currency: str
    registered_on: date
    stage_since: date | None
    updated_at: datetime
    contacted_on: date | None
    next_action: str | None
    next_due: date | None
    verdict: str | None
    merged_into: UUID | None
    absorbed: list[UUID]
    loss_reason: str | None


@dataclass(frozen=True, kw_only=True)
class LeadFilters:
    """What is asked for; None leaves it open. Amounts are in 分. `overdue_on`: open, with a due date before that day.
    `contact`: the keyed signs of a contact person, found only where the scope lets their lead's contacts be seen.

    Void leads never show, merged ones only where that status is asked for.
    """

    stage: str | None = None
    status: str | None = None
    kind: str | None = None
    channel: UUID | None = None
    occasion: UUID | None = None
    owner: UUID | None = None
    industry: str | None = None
    country: str | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    registered_from: date | None = None
    registered_to: date | None = None
    overdue_on: date | None = None
    search: str | None = None
    contact: tuple[int, ...] | None = None

    def given(self) -> dict[str, Any]:
        """Those that are set."""
        return {name: value for name, value in asdict(self).items() if value is not None}


ALL = LeadFilters()


class Order(NamedTuple):
    key: str
    kind: str
    descending: bool


ORDERS: Final[Mapping[str, Order]] = {
    "updated": Order("key_updated", "moment", descending=True),
    "registered": Order("key_registered", "date", descending=True),
    "amount": Order("key_amount", "int", descending=True),
    "company": Order("key_company", "text", descending=False),
    "due": Order("key_due", "date", descending=False),
}
"""Newest change first, newest registration first, biggest first, by pinyin, soonest due first."""
SORTS: Final = tuple(ORDERS)


@dataclass(frozen=True)
class Question:
    """What is asked for in which order, and the values of its queries. `named`: something is looked for by name."""

    filters: LeadFilters
    values: Mapping[str, Any]
    order: Order
    named: bool

    def query(self, name: str, *, backwards: bool = False) -> sql.Composed:
        """`walked` and whatever else looks among rows at hand asks for names row by row, the others by their index."""
        key, down = q[self.order.key], self.order.descending != backwards
        return q[name].format(
            columns=q["columns"],
            key=key,
            standing=q["standing"],
            matching=q["matching"].format(standing=q["standing"]),
            found=self._found(name),
            driver=q[f"by_{self._driver}"],
            after=q["beyond"].format(key=key, **direction(down=down)),
            **direction(down=down),
        )

    def _found(self, name: str) -> sql.Composable:
        how = "found_among" if name.endswith(("walked", "among")) else "found_likely" if name == "likely" else "found"
        parts = [how] * self.named + ["known_by"] * (self.filters.contact is not None)
        return sql.SQL("\n").join([q[part] for part in parts])

    @property
    def _driver(self) -> str:
        return next(_drivers(self.filters)) if self.order is ORDERS["updated"] else "all"


def _drivers(asked: LeadFilters) -> Iterator[str]:
    """The indexes that hold what is asked for by the last change, those with the fewest leads usually first."""
    yield from (name for name in ("occasion", "owner", "channel") if getattr(asked, name) is not None)
    if asked.stage is not None and asked.status is not None:
        yield "stage"
    yield from (name for name in ("country", "industry") if getattr(asked, name) is not None)
    yield "all"


def question(conn: Connection[Any], filters: LeadFilters, scope: Scope, sort: str = "updated") -> Question:
    """The question with all its values. Raises KeyError for an unknown sort."""
    terms = names.terms(filters.search or "")
    shown = {filters.status, str(Status.OPEN)}
    values = {
        **asdict(filters),
        **scope.parameters,
        "kind": None if filters.kind is None else channels.of_kind(conn, filters.kind),
        "hidden": [str(status) for status in (Status.VOID, Status.MERGED) if status not in shown],
        "open": str(Status.OPEN),
        **looked_for(terms),
        "contact": list(filters.contact or ()),
    }
    return Question(filters, values, ORDERS[sort], bool(terms))


def looked_for(terms: list[str]) -> dict[str, list[str]]:
    """How names are asked for `terms`."""
    return {
        "grams": sorted({gram for term in terms for gram in names.needed_grams(term)}),
        "patterns": [names.pattern(term) for term in terms],
    }
