"""How many leads there are of what is asked for, and what they are worth: never by counting more than so many rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from psycopg import Connection

from domain.funnel import STAGES, Status
from projections.leads_asked import ALL, FIRST, SOME, LeadFilters, Question, question
from projections.paging import COUNTED_AT_MOST, EVERYTHING, Scope, Totals

LOOKED: Final = 2_000
"""The rows of a list that are looked through for a name that is in many of them."""
_ONE_BY_ONE: Final = frozenset({"kind", "channel", "occasion", "owner", "industry", "country"})
"""What the funnel's movements tell apart, one at a time."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: how many open leads stand at `stage`, and what they are worth; with `more`, at least."""

    stage: str
    count: int
    amount_fen: int
    more: bool = False


def totals(conn: Connection[Any], filters: LeadFilters, *, scope: Scope = EVERYTHING) -> Totals:
    """How many leads match and what they are worth; with `more`, at least."""
    asked = question(conn, filters, scope)
    moved = _moved(conn, asked, scope)
    if moved is not None:
        return Totals(sum(count for count, _ in moved.values()), sum(fen for _, fen in moved.values()))
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


def board(conn: Connection[Any], filters: LeadFilters = ALL, *, scope: Scope = EVERYTHING) -> list[Column]:
    """The columns of the board: open leads by stage, all stages in order."""
    asked = question(conn, replace(filters, status=str(Status.OPEN)), scope)
    moved = _moved(conn, asked, scope)
    found = {column.stage: column for column in _columns(conn, asked)} if moved is None else {
        stage: Column(stage, *figures) for (_, stage), figures in moved.items()
    }  # fmt: skip
    return [found.get(str(stage), Column(str(stage), 0, 0)) for stage in STAGES]


def _columns(conn: Connection[Any], asked: Question) -> list[Column]:
    stages = list(map(str, STAGES))
    if not asked.named:
        rows = _rows(conn, asked, "columns_counted", stages=stages, most=COUNTED_AT_MOST + 1)
        return [Column(stage, min(n, COUNTED_AT_MOST), fen, more=n > COUNTED_AT_MOST) for stage, n, fen in rows]
    among = _rows(conn, asked, "columns_counted_among", stages=stages, scan=FIRST)
    seldom = [stage for stage, count, _, looked in among if looked == FIRST and count < SOME]
    often = [Column(stage, n, fen, more=looked == FIRST) for stage, n, fen, looked in among if stage not in seldom]
    rest = _rows(conn, asked, "columns_counted_all", stages=seldom) if seldom else []
    return often + [Column(*row) for row in rest]


def _moved(conn: Connection[Any], asked: Question, scope: Scope) -> dict[tuple[str, str], tuple[int, int]] | None:
    """How many leads, and worth what, stand where; None where the movements cannot say it."""
    given = asked.filters.given()
    stage, status = given.pop("stage", None), given.pop("status", None)
    if not scope.all or len(given) > 1 or not given.keys() <= _ONE_BY_ONE or status in (Status.MERGED, Status.VOID):
        return None
    name = next(iter(given), "none")
    keys = None if name == "none" else [str(one) for one in asked.values["kind"] or [given[name]]]
    rows = _rows(conn, asked, "moved", dimension="channel" if name == "kind" else name, keys=keys)
    return {
        (of_status, str(STAGES[at - 1])): (count, fen)
        for of_status, at, count, fen in rows
        if of_status not in asked.values["hidden"]
        and status in (None, of_status)
        and stage in (None, STAGES[at - 1])
    }


def _one(conn: Connection[Any], asked: Question, name: str, **values: int) -> tuple[Any, ...]:
    (row,) = _rows(conn, asked, name, **values)
    return row


def _rows(conn: Connection[Any], asked: Question, name: str, **values: Any) -> Sequence[tuple[Any, ...]]:
    return conn.execute(asked.query(name), {**asked.values, **values}, prepare=False).fetchall()
