"""Where a read model writes: rows are copied to a temporary table and taken over from there, new or changed ones only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from psycopg import Connection, sql

from projections.sql import Query

WORN_OUT = 1000
"""Rows that may lie dead in a temporary table before its file is cut off."""

_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(array_position(i.indkey::int2[], a.attnum), -1)
FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


def key_of(conn: Connection[Any], table: str) -> list[str]:
    """The columns of a table's primary key, in order."""
    columns = conn.execute(_COLUMNS, [table]).fetchall()
    return [name for name, _, place in sorted(columns, key=lambda column: column[2]) if place >= 0]


class _Table(NamedTuple):
    types: list[str]
    clear: sql.Composed
    cut: sql.Composed
    copy: sql.Composed
    take: sql.Composed


class Target:
    """A connection whose search_path leads to the tables, and what is known of these tables."""

    def __init__(self, conn: Connection[Any], tables: Iterable[str]) -> None:
        self.conn = conn
        self._tables = {table: self._prepared(table) for table in tables}
        self._worn: Counter[str] = Counter()

    def put(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows, in the table's order of columns, or replace those of the same key. A key comes once."""
        rows = list(rows)
        if not rows:
            return
        self.load(table, rows)
        self.take(table)

    def take(self, table: str) -> None:
        """Take over what was loaded."""
        self.conn.execute(self._tables[table].take, prepare=True)

    def load(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Only copy rows to the temporary table `incoming_<table>`; a query of the read model's own, or `take`, follows."""
        known = self._tables[table]
        self._empty(table)
        with self.conn.cursor() as cursor, cursor.copy(known.copy) as copy:
            copy.set_types(known.types)
            for row in rows:
                copy.write_row(row)
                self._worn[table] += 1

    def _empty(self, table: str) -> None:
        """Delete what was loaded before; once in a while cut the file off, for rows that are gone are still read past.

        ON COMMIT DELETE ROWS would cut off every temporary table at every commit: for one event, more than all else.
        """
        known = self._tables[table]
        if self._worn[table] < WORN_OUT:
            self.conn.execute(known.clear, prepare=True)
        else:
            self.conn.execute(known.cut)
            self._worn[table] = 0

    def rows(self, query: Query, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        with self.conn.cursor(binary=True) as cursor:
            found: list[tuple[Any, ...]] = cursor.execute(query, parameters, prepare=True).fetchall()
            return found

    def run(self, query: Query, parameters: Mapping[str, Any] | None = None) -> None:
        self.conn.execute(query, parameters, prepare=True)

    def _prepared(self, table: str) -> _Table:
        columns = self.conn.execute(_COLUMNS, [table]).fetchall()
        incoming = sql.Identifier(f"incoming_{table}")
        self.conn.execute(
            sql.SQL("CREATE TEMP TABLE IF NOT EXISTS {} (LIKE {})").format(incoming, sql.Identifier(table))
        )
        return _Table(
            [kind for _, kind, _ in columns],
            sql.SQL("DELETE FROM {}").format(incoming),
            sql.SQL("TRUNCATE {}").format(incoming),
            sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(incoming),
            _take(table, [name for name, _, _ in columns], key_of(self.conn, table)),
        )


def _take(table: str, columns: Sequence[str], key: Sequence[str]) -> sql.Composed:
    rest = [name for name in columns if name not in key]
    if rest:
        change = sql.SQL("UPDATE SET {} WHERE ({}) IS DISTINCT FROM ({})").format(
            sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in rest),
            sql.SQL(", ").join(sql.Identifier("kept", name) for name in rest),
            sql.SQL(", ").join(sql.Identifier("excluded", name) for name in rest),
        )
    else:
        change = sql.SQL("NOTHING").format()
    return sql.SQL("INSERT INTO {} AS kept ({}) SELECT {} FROM {} ON CONFLICT ({}) DO {}").format(
        sql.Identifier(table),
        *[sql.SQL(", ").join(map(sql.Identifier, columns))] * 2,
        sql.Identifier(f"incoming_{table}"),
        sql.SQL(", ").join(map(sql.Identifier, key)),
        change,
    )
