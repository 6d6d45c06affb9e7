"""Lists over intervals: filtered, sorted, paged by keyset and counted, on any day and as known at any position."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from psycopg import Connection, sql

from projections.changes import Point
from projections.paging import COUNTED_AT_MOST, Page, Totals, paged, place
from projections.sql import Queries, direction

NOW: Final = 2**63 - 2
TODAY_AND_LATER: Final = date(9999, 12, 30)
PRESENT: Final = Point()

general = Queries(__file__, "intervals")
R = TypeVar("R")


class Sort(NamedTuple):
    """An order: the section of the .sql that says by what, what kind of value that is, which way it goes."""

    key: str
    kind: str
    descending: bool


class IntervalList(Generic[R]):
    """The list of one table of intervals; the first of `sorts` is the usual order. `row` makes what a page is of.

    `within` are sections of the read model's own .sql that its `columns` and `matching` have `{places}` for.
    """

    def __init__(
        self, table: str, own: Queries, row: type[R], sorts: Mapping[str, Sort], amount: str = "0",
        within: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.sorts = sorts
        self._own = own
        self._make = row._make  # type: ignore[attr-defined]
        parts = {name: own[name] for name in within}
        self._parts: dict[str, sql.Composable] = {
            "table": sql.Identifier(table),
            "columns": own["columns"].format(**parts) if parts else own["columns"],
            "matching": own["matching"].format(**parts) if parts else own["matching"],
            "standing": general["standing"], "amount": sql.SQL(amount),
        }  # fmt: skip

    def page(
        self, conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT, *, sort: str = "",
        after: str | None = None, before: str | None = None, limit: int = 50,
    ) -> Page[R]:  # fmt: skip
        """A page of what matches. Raises BadCursor, KeyError for an unknown order."""
        order = self.sorts[sort or next(iter(self.sorts))]
        key, last = place(before if before is not None else after, (order.kind, "uuid"))
        query = self._page(order, backwards=before is not None)
        values = {**filters, **_clocks(point), "key": key, "id": last, "limit": limit + 1}
        rows = conn.execute(query, values, prepare=False).fetchall()
        return paged(rows, limit, 2, self._make, after=after, before=before)

    def every(
        self, conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT, *, sort: str = ""
    ) -> Iterator[R]:
        """Everything that matches, streamed: for exports."""
        order = self.sorts[sort or next(iter(self.sorts))]
        nowhere = {"key": None, "id": None, "limit": None}
        with conn.transaction(), conn.cursor("every_row") as cursor:
            cursor.itersize = 1000
            cursor.execute(self._page(order, backwards=False), {**filters, **_clocks(point), **nowhere})
            for row in cursor:
                yield self._make(row[:-2])

    def totals(self, conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT) -> Totals:
        """How many match and what they are worth, counted up to a bound."""
        values = {**filters, **_clocks(point), "most": COUNTED_AT_MOST + 1}
        row = conn.execute(general["totals"].format(**self._parts), values, prepare=False).fetchone()
        count, amount = row or (0, 0)
        return Totals(min(count, COUNTED_AT_MOST), amount, more=count > COUNTED_AT_MOST)

    def grouped(
        self, conn: Connection[Any], group: str, filters: Mapping[str, Any], point: Point = PRESENT
    ) -> dict[Any, tuple[int, int]]:
        """How many match in each group and what they are worth; `group` is a section of the read model's own .sql."""
        query = general["grouped"].format(group=self._own[group], **self._parts)
        rows = conn.execute(query, {**filters, **_clocks(point)}, prepare=False).fetchall()
        return {key: (count, amount) for key, count, amount in rows}

    def summed(
        self, conn: Connection[Any], group: str, sums: str, filters: Mapping[str, Any], point: Point = PRESENT
    ) -> dict[Any, tuple[int, ...]]:
        """Several sums over each group of what matches, up to a bound; both are sections of the read model's own .sql."""
        query = general["summed"].format(group=self._own[group], sums=self._own[sums], **self._parts)
        values = {**filters, **_clocks(point), "most": COUNTED_AT_MOST + 1}
        return {key: tuple(found) for key, *found in conn.execute(query, values, prepare=False).fetchall()}

    def some(self, conn: Connection[Any], ids: Sequence[UUID], point: Point = PRESENT) -> dict[UUID, R]:
        """Those of the ids that are there, by id."""
        query = general["some"].format(**self._parts)
        rows = conn.execute(query, {**_clocks(point), "ids": list(ids)}, prepare=False).fetchall()
        return {row[0]: self._make(row) for row in rows}

    def one(self, conn: Connection[Any], id: UUID, point: Point = PRESENT) -> R | None:
        return self.some(conn, [id], point).get(id)

    def names(self, conn: Connection[Any]) -> dict[UUID, str]:
        """Every name by id, as known now."""
        return dict(conn.execute(general["names"].format(**self._parts), _clocks(PRESENT), prepare=False).fetchall())

    def _page(self, order: Sort, *, backwards: bool) -> sql.Composed:
        return general["page"].format(
            key=self._own[f"key_{order.key}"], **self._parts, **direction(down=order.descending != backwards)
        )


def _clocks(point: Point) -> dict[str, Any]:
    return {
        "as_at": TODAY_AND_LATER if point.as_at is None else point.as_at,
        "known_at": NOW if point.known_at is None else point.known_at,
    }
