"""What moved between two points, of anything kept as intervals: each record beside what it was, as known then.

A read model's own .sql says in its sections `moved_<kind>` when a record moved in that way: `n` is it now, `w` what it
was, all NULL where it was not there. Only records of which something was recorded or happened in between are looked at.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from psycopg import Connection, sql

from projections.changes import Point
from projections.interval_lists import IntervalList, clocks
from projections.paging import Page, paged, place
from projections.sql import Queries

R = TypeVar("R")
q: Final = Queries(__file__)


class Between(NamedTuple):
    """Two points: the earlier one, and the one that is compared with it."""

    old: Point
    new: Point

    @property
    def values(self) -> dict[str, Any]:
        """As the queries take them."""
        return clocks(self.new) | {f"{name}_then": value for name, value in clocks(self.old).items()}


class Moved(NamedTuple, Generic[R]):
    """A record now, and what it was; None where it was not there."""

    now: R
    was: R | None


class Kind(NamedTuple, Generic[R]):
    """How many moved in one way, and the weightiest of them."""

    total: int
    listed: list[Moved[R]]


class Moves(Generic[R]):
    """Of one table of intervals; `kinds` are sections of the read model's own .sql, `worth` is what the lists are sorted by."""

    def __init__(self, table: str, own: Queries, rows: IntervalList[R], kinds: Sequence[str], worth: str) -> None:
        self.kinds = tuple(kinds)
        self._rows, self._own = rows, own
        parts = {"table": sql.Identifier(table), "worth": sql.SQL(worth)}
        self._parts: dict[str, sql.Composable] = parts | {"both": q["both"].format(**parts)}

    def found(self, conn: Connection[Any], between: Between, most: int) -> Mapping[str, Kind[R]]:
        """By kind, those in which something moved."""
        cases = [sql.SQL("({}, {})").format(kind, self._own[f"moved_{kind}"]) for kind in self.kinds]
        query = q["found"].format(cases=sql.SQL(", ").join(cases), **self._parts)
        rows = conn.execute(query, {**between.values, "most": most}, prepare=False).fetchall()
        moved = self._moved(conn, between, {row[1] for row in rows})
        ids = {kind: [row[1] for row in rows if row[0] == kind] for kind in self.kinds}
        counts = {row[0]: row[2] for row in rows}
        return {kind: Kind(counts[kind], [moved[one] for one in some]) for kind, some in ids.items() if some}

    def page(
        self, conn: Connection[Any], kind: str, between: Between, *, after: str | None = None, limit: int = 50
    ) -> Page[Moved[R]]:
        """Those that moved in that way, the weightiest first. Raises BadCursor, KeyError for an unknown kind."""
        worth, last = place(after, ("int", "uuid"))
        query = q["page"].format(kind=self._own[f"moved_{kind}"], **self._parts)
        values = {**between.values, "worth": worth, "last": last, "limit": limit + 1}
        page = paged(conn.execute(query, values, prepare=False).fetchall(), limit, 2, _id, after=after, before=None)
        moved = self._moved(conn, between, page.rows)
        return Page([moved[one] for one in page.rows], page.next, page.previous)

    def _moved(self, conn: Connection[Any], between: Between, ids: Sequence[UUID] | set[UUID]) -> dict[UUID, Moved[R]]:
        now, was = (self._rows.some(conn, list(ids), point) for point in (between.new, between.old))
        return {one: Moved(row, was.get(one)) for one, row in now.items()}


def _id(row: tuple[Any, ...]) -> UUID:
    found: UUID = row[0]
    return found
