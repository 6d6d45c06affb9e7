"""How many leads there are of what is asked for, and what they are worth: never by counting more than so many rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection

from domain.funnel import STAGES
from projections.leads_asked import FIRST, SOME, LeadFilters, LeadRow, Question, question
from projections.paging import COUNTED_AT_MOST, EVERYTHING, Page, Scope, Totals

LOOKED: Final = 500
"""The rows of a list that are looked through for a name that is in many of them."""
_COUNTED: Final = frozenset({"stage", "status", "kind", "channel", "owner", "industry"})
"""What the read model keeps count of, in any combination."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: how many open leads stand at `stage`, and what they are worth; with `more`, at least."""

    stage: str
    count: int
    amount_fen: int
    more: bool = False


def totals(
    conn: Connection[Any], filters: LeadFilters, *, scope: Scope = EVERYTHING, first: Page[LeadRow] | None = None
) -> Totals:
    """How many leads match and what they are worth; with `more`, at least. `first`: the list's first page, where it is
    at hand; one that is not full is the count.
    """
    asked = question(conn, filters, scope)
    if kept(filters):
        counts = _counts(conn, asked).values()
        return Totals(sum(count for count, _ in counts), sum(fen for _, fen in counts))
    if first is not None and first.next is None:
        return Totals(len(first.rows), sum(row.amount_fen for row in first.rows))
    if asked.named and filters.contact is None:
        return _among(conn, asked)
    count, amount_fen = _one(conn, asked, "counted", most=COUNTED_AT_MOST + 1)
    return Totals(min(count, COUNTED_AT_MOST), amount_fen, more=count > COUNTED_AT_MOST)


def _among(conn: Connection[Any], asked: Question) -> Totals:
    """Of a name in many leads, those among the latest; of another all."""
    count, amount_fen, looked = _one(conn, asked, "counted_among", scan=LOOKED)
    if looked < LOOKED:
        return Totals(count, amount_fen)
    if count >= SOME * LOOKED // FIRST:
        return Totals(count, amount_fen, more=True)
    return Totals(*_one(conn, asked, "counted_all"))


def columns_of(conn: Connection[Any], asked: Question, cards: Mapping[str, Page[LeadRow]]) -> list[Column]:
    """The columns of the board: open leads by stage, all stages in order. Where no count is kept of what is asked for,
    there are at least the cards.
    """
    if kept(asked.filters):
        counts = _counts(conn, asked)
        return [Column(str(stage), *counts.get(str(stage), (0, 0))) for stage in STAGES]
    return [
        Column(stage, len(page.rows), sum(row.amount_fen for row in page.rows), more=page.next is not None)
        for stage, page in cards.items()
    ]


def kept(filters: LeadFilters) -> bool:
    """Whether count is kept of what is asked for."""
    return filters.given().keys() <= _COUNTED


def _counts(conn: Connection[Any], asked: Question) -> dict[str, tuple[int, int]]:
    rows = conn.execute(asked.query("counts"), asked.values, prepare=False).fetchall()
    return {stage: (count, amount_fen) for stage, count, amount_fen in rows}


def _one(conn: Connection[Any], asked: Question, name: str, **values: int) -> tuple[Any, ...]:
    row = conn.execute(asked.query(name), {**asked.values, **values}, prepare=False).fetchone()
    return row or ()
