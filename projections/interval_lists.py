"""Lists over intervals: filtered, sorted, paged by keyset and counted, on any day and as known at any position."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from psycopg import Connection, sql

from projections import names
from projections.changes import Point
from projections.paging import COUNTED_AT_MOST, Page, Totals, paged, place
from projections.sql import Queries, direction

NOW: Final = 2**63 - 2
TODAY_AND_LATER: Final = date(9999, 12, 30)
PRESENT: Final = Point()
GROUPED_AT_MOST: Final = 50_000
"""What is grouped is looked through: a district has fewer firms, projects or problems than that."""

general = Queries(__file__, "intervals")
R = TypeVar("R")


class Sort(NamedTuple):
    """An order: the section of the .sql that says by what, what kind of value that is, which way it goes."""

    key: str
    kind: str
    descending: bool


class IntervalList(Generic[R]):
    """The list of one table of intervals; the first of `sorts` is the usual order. `row` makes what a page is of.

    `parts`: what the `columns` and filters of the read model's own .sql name as `{part}`, and what is grouped by beside
    its sections.
    """

    def __init__(
        self, table: str, own: Queries, row: type[R], sorts: Mapping[str, Sort], amount: str = "0",
        parts: Mapping[str, sql.Composable] | None = None,
    ) -> None:  # fmt: skip
        self.sorts = sorts
        self._own = own
        self._groups = parts or {}
        self._make = row._make  # type: ignore[attr-defined]
        named = {**self._groups, "looked_up": general["looked_up"].format(table=sql.Identifier(table))}
        self._parts: dict[str, sql.Composable] = {
            "table": sql.Identifier(table),
            "columns": own["columns"].format(**named), "matching": own["matching"].format(**named),
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
        values = {**filters, **clocks(point), "key": key, "id": last, "limit": limit + 1}
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
            cursor.execute(self._page(order, backwards=False), {**filters, **clocks(point), **nowhere})
            for row in cursor:
                yield self._make(row[:-2])

    def totals(self, conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT) -> Totals:
        """How many match and what they are worth, counted up to a bound."""
        values = {**filters, **clocks(point), "most": COUNTED_AT_MOST + 1}
        row = conn.execute(general["totals"].format(**self._parts), values, prepare=False).fetchone()
        count, amount = row or (0, 0)
        return Totals(min(count, COUNTED_AT_MOST), amount, more=count > COUNTED_AT_MOST)

    def grouped(
        self, conn: Connection[Any], group: str, filters: Mapping[str, Any], point: Point = PRESENT
    ) -> dict[Any, tuple[int, int]]:
        """How many match in each group and what they are worth; `group` is a part, or a section of the read model's own .sql."""
        by = self._groups[group] if group in self._groups else self._own[group]
        query = general["grouped"].format(group=by, **self._parts)
        values = {**filters, **clocks(point), "most": GROUPED_AT_MOST}
        rows = conn.execute(query, values, prepare=False).fetchall()
        return {key: (count, amount) for key, count, amount in rows}

    def summed(
        self, conn: Connection[Any], group: str, filters: Mapping[str, Any], point: Point = PRESENT,
        *, most: int = GROUPED_AT_MOST,
    ) -> dict[Any, tuple[Any, ...]]:  # fmt: skip
        """How many match in each group, and the `sums` that the read model's own .sql names; of so many rows at most."""
        query = general["summed"].format(group=self._own[group], sums=self._own["sums"], **self._parts)
        rows = conn.execute(query, {**filters, **clocks(point), "most": most}, prepare=False).fetchall()
        return {key: tuple(sums) for key, *sums in rows}

    def some(self, conn: Connection[Any], ids: Sequence[UUID], point: Point = PRESENT) -> dict[UUID, R]:
        """Those of the ids that are there, by id."""
        if not ids:
            return {}
        query = general["some"].format(**self._parts)
        rows = conn.execute(query, {**clocks(point), "ids": list(ids)}, prepare=False).fetchall()
        return {row[0]: self._make(row) for row in rows}

    def one(self, conn: Connection[Any], id: UUID, point: Point = PRESENT) -> R | None:
        return self.some(conn, [id], point).get(id)

    def any(self, conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT) -> bool:
        """Whether anything matches."""
        row = conn.execute(general["any"].format(**self._parts), {**filters, **clocks(point)}, prepare=False).fetchone()
        return row is not None

    def called(self, conn: Connection[Any], ids: Iterable[UUID | None], point: Point = PRESENT) -> dict[UUID, str]:
        """The names of those of the ids that are there; None among them is nobody."""
        found: Mapping[UUID, Any] = self.some(conn, list({one for one in ids if one}), point)
        return {one: row.name for one, row in found.items()}

    def names(self, conn: Connection[Any]) -> dict[UUID, str]:
        """Every name by id, as known now."""
        return dict(conn.execute(general["names"].format(**self._parts), clocks(PRESENT), prepare=False).fetchall())

    def named(self, conn: Connection[Any], called: Sequence[str]) -> list[R]:
        """Those that are called exactly so, as known now. Of lists that are sorted by name."""
        values = {**clocks(PRESENT), "keys": [names.sort_key(name) for name in called]}
        return [self._make(row) for row in conn.execute(general["named"].format(**self._parts), values, prepare=False)]

    def _page(self, order: Sort, *, backwards: bool) -> sql.Composed:
        return general["page"].format(
            key=self._own[f"key_{order.key}"], **self._parts, **direction(down=order.descending != backwards)
        )


def clocks(point: Point) -> dict[str, Any]:
    """The end of the day and the position that are asked for, as `standing` takes them."""
    return {
        "as_at": TODAY_AND_LATER if point.as_at is None else point.as_at,
        "known_at": NOW if point.known_at is None else point.known_at,
    }
