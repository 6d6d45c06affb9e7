"""Leads as known now, for lists, search, board and look-ups. How their rows come about: `lead_rows`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.funnel import STAGES, Status
from projections import names
from projections.leads_asked import (
    ALL,
    FAR,
    FIRST,
    FURTHER,
    MANY,
    ORDERS,
    SOME,
    SORTS,
    LeadFilters,
    LeadRow,
    Question,
    looked_for,
    q,
    question,
)  # fmt: skip
from projections.leads_counted import Column, columns_of, kept, totals
from projections.paging import EVERYTHING, Page, Scope, paged, place

__all__ = [
    "ALL", "SORTS", "Column", "LeadFilters", "LeadRow", "board", "board_of", "column", "columns", "every", "is_any", "named",
    "of_owner", "one", "search", "some", "totals",
]  # fmt: skip

COUNTED_BY_CARDS = 100
"""So many cards of a column say how many there are, where nothing else does."""


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
    key, lead = place(before if before is not None else after, (ORDERS[sort].kind, "uuid"))
    asked = question(conn, filters, scope, sort)
    values = {**asked.values, "key": key, "id": lead, "limit": limit + 1}
    rows = _found(conn, asked, values, backwards=before is not None)
    return paged(rows, limit, 2, LeadRow._make, after=after, before=before)


def _found(
    conn: Connection[Any], asked: Question, values: Mapping[str, Any], *, backwards: bool
) -> list[tuple[Any, ...]]:
    """The rows of a page: walked to, or gathered where next to nothing of what is walked past fits."""

    def ask(name: str, scan: int | None = None) -> list[tuple[Any, ...]]:
        query = asked.query(name, backwards=backwards)
        return conn.execute(query, {**values, "scan": scan}, prepare=False).fetchall()

    scan = 0 if asked.filters.contact is not None else FIRST
    while scan:
        rows = ask("walked", scan)
        if len(rows) == values["limit"] or ask("passed", scan)[0][0] < scan:
            return rows
        further = FURTHER if len(rows) >= SOME else FAR if _guessed(ask("likely")) >= MANY else 0
        scan = further if scan == FIRST else 0
    return ask("gathered")


def _guessed(explained: list[tuple[Any, ...]]) -> int:
    """How many rows the planner believes there to be."""
    return int(explained[0][0][0]["Plan"]["Plan Rows"])


def is_any(conn: Connection[Any], filters: LeadFilters = ALL, *, scope: Scope = EVERYTHING) -> bool:
    """Whether a lead matches."""
    return bool(search(conn, filters, scope=scope, limit=1).rows)


def every(
    conn: Connection[Any], filters: LeadFilters, *, scope: Scope = EVERYTHING, sort: str = "updated"
) -> Iterator[LeadRow]:
    """All leads that match, streamed: for exports."""
    asked = question(conn, filters, scope, sort)
    unbounded = dict.fromkeys(("key", "id", "scan", "limit"))
    with conn.transaction(), conn.cursor("every_lead") as cursor:
        cursor.itersize = 1000
        cursor.execute(asked.query("walked"), {**asked.values, **unbounded})
        for row in cursor:
            yield LeadRow._make(row[:-2])


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
    return search(conn, replace(filters, stage=stage, status=str(Status.OPEN)), scope=scope, after=after, limit=limit)


def columns(
    conn: Connection[Any], filters: LeadFilters = ALL, *, scope: Scope = EVERYTHING, limit: int = 30
) -> dict[str, Page[LeadRow]]:
    """The first cards of every column of the board, all stages in order."""
    asked = question(conn, replace(filters, status=str(Status.OPEN)), scope)
    stages = {str(stage): list[tuple[Any, ...]]() for stage in STAGES}

    def ask(name: str, wanted: list[str], scan: int | None = None) -> None:
        values = {**asked.values, "stages": wanted, "limit": limit + 1, "scan": scan}
        stages.update({stage: [] for stage in wanted})
        for row in conn.execute(asked.query(name), values, prepare=False).fetchall():
            stages[row[_STAGE]].append(row)

    ask("columns_walked", list(stages), FIRST)
    if filters != ALL or not scope.all:
        if further := [stage for stage, rows in stages.items() if SOME <= len(rows) <= limit]:
            ask("columns_walked", further, FURTHER)
        if scarce := [stage for stage, rows in stages.items() if len(rows) <= limit]:
            ask("columns_gathered", scarce)
    return {stage: paged(rows, limit, 2, LeadRow._make, after=None, before=None) for stage, rows in stages.items()}


def board(conn: Connection[Any], filters: LeadFilters = ALL, *, scope: Scope = EVERYTHING) -> list[Column]:
    """The columns of the board without cards: open leads by stage, all stages in order."""
    cards = {} if kept(filters) else columns(conn, filters, scope=scope, limit=COUNTED_BY_CARDS)
    return board_of(conn, filters, cards, scope=scope)


def board_of(
    conn: Connection[Any], filters: LeadFilters, cards: Mapping[str, Page[LeadRow]], *, scope: Scope = EVERYTHING
) -> list[Column]:
    """The columns of the board to which these cards belong."""
    return columns_of(conn, question(conn, replace(filters, status=str(Status.OPEN)), scope), cards)


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


def named(conn: Connection[Any], text: str, limit: int) -> list[UUID]:
    """Every lead that has this in its name or code, merged and void ones too; none for a text without a letter."""
    terms = names.terms(text)
    if not terms:
        return []
    values = {**looked_for(terms), "limit": limit}
    return [lead for (lead,) in conn.execute(q["named"], values, prepare=False).fetchall()]


_STAGE = LeadRow._fields.index("stage")
