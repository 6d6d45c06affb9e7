"""Leads as known now, for lists, search, board and look-ups. How their rows come about: `lead_rows`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from domain.funnel import STAGES, Status
from projections import channels, names
from projections.paging import COUNTED_AT_MOST, EVERYTHING, Page, Scope, Totals, paged, place
from projections.sql import Queries, direction

q = Queries(__file__)


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


ALL = LeadFilters()


class _Sort(NamedTuple):
    key: str
    kind: str
    descending: bool


_SORTS = {
    "updated": _Sort("key_updated", "moment", descending=True),
    "registered": _Sort("key_registered", "date", descending=True),
    "amount": _Sort("key_amount", "int", descending=True),
    "company": _Sort("key_company", "text", descending=False),
    "due": _Sort("key_due", "date", descending=False),
}
SORTS = tuple(_SORTS)
"""Newest change first, newest registration first, biggest first, by pinyin, soonest due first."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: how many open leads stand at `stage`, and what they are worth."""

    stage: str
    count: int
    amount_fen: int


def search(
    conn: Connection[Any],
    filters: LeadFilters = ALL,
    *,
    scope: Scope = EVERYTHING,
    sort: str = "updated",
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[LeadRow]:
    """A page of the leads that match. Raises BadCursor, KeyError for an unknown sort."""
    order = _SORTS[sort]
    key, lead = place(before if before is not None else after, (order.kind, "uuid"))
    parameters, found = _parameters(conn, filters, scope)
    query = _page(order, found, backwards=before is not None)
    rows = conn.execute(query, {**parameters, "key": key, "id": lead, "limit": limit + 1}, prepare=False).fetchall()
    return paged(rows, limit, 2, LeadRow._make, after=after, before=before)


def every(
    conn: Connection[Any], filters: LeadFilters, *, scope: Scope = EVERYTHING, sort: str = "updated"
) -> Iterator[LeadRow]:
    """All leads that match, streamed: for exports."""
    parameters, found = _parameters(conn, filters, scope)
    nowhere = {"key": None, "id": None, "limit": None}
    with conn.transaction(), conn.cursor("every_lead") as cursor:
        cursor.itersize = 1000
        cursor.execute(_page(_SORTS[sort], found, backwards=False), {**parameters, **nowhere})
        for row in cursor:
            yield LeadRow._make(row[:-2])


def totals(conn: Connection[Any], filters: LeadFilters, *, scope: Scope = EVERYTHING) -> Totals:
    """How many leads match and what they are worth, counted up to a bound."""
    parameters, found = _parameters(conn, filters, scope)
    query = q["totals"].format(matching=q["matching"], found=found)
    row = conn.execute(query, {**parameters, "most": COUNTED_AT_MOST + 1}, prepare=False).fetchone()
    count, amount_fen = row or (0, 0)
    return Totals(min(count, COUNTED_AT_MOST), amount_fen, more=count > COUNTED_AT_MOST)


def board(
    conn: Connection[Any],
    filters: LeadFilters = ALL,
    *,
    scope: Scope = EVERYTHING,
) -> list[Column]:
    """The columns of the board: open leads by stage, all stages in order."""
    parameters, found = _parameters(conn, filters, scope)
    parameters["status"] = str(Status.OPEN)
    query = q["board"].format(matching=q["matching"], found=found)
    counted = {stage: (count, fen) for stage, count, fen in conn.execute(query, parameters, prepare=False).fetchall()}
    return [Column(str(stage), *counted.get(str(stage), (0, 0))) for stage in STAGES]


def column(
    conn: Connection[Any],
    stage: str,
    filters: LeadFilters = ALL,
    *,
    scope: Scope = EVERYTHING,
    after: str | None = None,
    limit: int = 30,
) -> Page[LeadRow]:
    """The cards of one column, newest change first."""
    wanted = LeadFilters(**{**asdict(filters), "stage": stage, "status": str(Status.OPEN)})
    return search(conn, wanted, scope=scope, after=after, limit=limit)


def one(conn: Connection[Any], id: UUID) -> LeadRow | None:
    """The lead of that id, void and merged ones too."""
    return some(conn, [id]).get(id)


def some(conn: Connection[Any], ids: Sequence[UUID]) -> dict[UUID, LeadRow]:
    """Those leads, by id."""
    query = q["some"].format(columns=q["columns"])
    return {row[0]: LeadRow._make(row) for row in conn.execute(query, {"ids": list(ids)}).fetchall()}


def of_owner(conn: Connection[Any], person: UUID) -> list[UUID]:
    """The leads somebody works on: open or on hold."""
    statuses = [str(Status.OPEN), str(Status.ON_HOLD)]
    return [lead for (lead,) in conn.execute(q["of_owner"], {"owner": person, "statuses": statuses}).fetchall()]


def _page(order: _Sort, found: sql.Composable, *, backwards: bool) -> sql.Composed:
    down = order.descending != backwards
    return q["page"].format(
        columns=q["columns"],
        key=q[order.key],
        matching=q["matching"],
        found=found,
        **direction(down=down),
    )


def named(conn: Connection[Any], text: str, limit: int) -> list[UUID]:
    """Every lead that has this in its name or code, merged and void ones too; none for a text without a letter."""
    terms = names.terms(text)
    if not terms:
        return []
    values = {
        "grams": sorted({gram for term in terms for gram in names.needed_grams(term)}),
        "patterns": [names.pattern(term) for term in terms],
        "limit": limit,
    }
    return [lead for (lead,) in conn.execute(q["named"], values, prepare=False).fetchall()]


def _parameters(conn: Connection[Any], filters: LeadFilters, scope: Scope) -> tuple[dict[str, Any], sql.Composable]:
    """The values of the query `matching`, and what is added to it where names or contact persons are searched."""
    terms = names.terms(filters.search or "")
    shown = {filters.status, str(Status.OPEN)}
    values: Mapping[str, Any] = {
        **asdict(filters),
        **scope.parameters,
        "kind": None if filters.kind is None else channels.of_kind(conn, filters.kind),
        "hidden": [str(status) for status in (Status.VOID, Status.MERGED) if status not in shown],
        "open": str(Status.OPEN),
        "grams": sorted({gram for term in terms for gram in names.needed_grams(term)}),
        "patterns": [names.pattern(term) for term in terms],
        "contact": list(filters.contact or ()),
    }
    nothing = sql.SQL("")
    return dict(values), sql.Composed(
        [q["found"] if terms else nothing, q["known_by"] if filters.contact is not None else nothing]
    ).join("\n")
