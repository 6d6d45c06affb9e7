"""Where a read model writes: new or changed rows only, copied to a temporary table and taken over from there.

What one command brings is a row or two a table: those are inserted as they are, for every statement is waited for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from psycopg import Connection, sql

from projections.sql import Query

WORN_OUT = 1000
"""Rows that may lie dead in a temporary table before its file is cut off."""

FEW = 4
"""So many rows are inserted one by one in less time than they are copied and taken over."""

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
    """Statements as bytes: composing them anew for every batch is slower than running some of them."""

    types: list[str]
    clear: bytes
    cut: bytes
    copy: bytes
    append: bytes
    take: bytes
    insert: bytes


class Target:
    """A connection whose search_path leads to the tables, and what is known of these tables."""

    def __init__(self, conn: Connection[Any], tables: Iterable[str]) -> None:
        self.conn = conn
        self._tables = {table: self._prepared(table) for table in tables}
        self._worn: Counter[str] = Counter()

    def put(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows, in the table's order of columns, or replace those of the same key. A key comes once."""
        rows = list(rows)
        if len(rows) > FEW:
            self.load(table, rows)
            self.take(table)
            return
        for row in rows:
            self.conn.execute(self._tables[table].insert, row, prepare=True)

    def append(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Copy rows that are certainly new straight into the table."""
        rows = list(rows)
        if rows:
            self._copy(self._tables[table].append, table, rows)

    def take(self, table: str) -> None:
        """Take over what was loaded."""
        self.conn.execute(self._tables[table].take, prepare=True)

    def load(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Only copy rows to the temporary table `incoming_<table>`; a query of the read model's own, or `take`, follows."""
        rows = list(rows)
        self._empty(table)
        self._worn[table] += len(rows)
        self._copy(self._tables[table].copy, table, rows)

    def _copy(self, statement: bytes, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.conn.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(self._tables[table].types)
            for row in rows:
                copy.write_row(row)

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
        names, key = [name for name, _, _ in columns], key_of(self.conn, table)
        copy = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)")
        values = sql.SQL("VALUES ({})").format(sql.SQL(", ").join(_cast(kind) for _, kind, _ in columns))
        everything = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(map(sql.Identifier, names)), incoming)
        statements = (
            sql.SQL("DELETE FROM {}").format(incoming),
            sql.SQL("TRUNCATE {}").format(incoming),
            copy.format(incoming),
            copy.format(sql.Identifier(table)),
            _taking(table, names, key, everything),
            _taking(table, names, key, values),
        )
        return _Table([kind for _, kind, _ in columns], *(one.as_bytes(self.conn) for one in statements))


def _cast(kind: str) -> sql.Composed:
    return sql.SQL("%s::{}").format(sql.SQL(kind))


def _taking(table: str, columns: Sequence[str], key: Sequence[str], rows: sql.Composed) -> sql.Composed:
    rest = [name for name in columns if name not in key]
    if rest:
        change = sql.SQL("UPDATE SET {} WHERE ({}) IS DISTINCT FROM ({})").format(
            sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in rest),
            sql.SQL(", ").join(sql.Identifier("kept", name) for name in rest),
            sql.SQL(", ").join(sql.Identifier("excluded", name) for name in rest),
        )
    else:
        change = sql.SQL("NOTHING").format()
    return sql.SQL("INSERT INTO {} AS kept ({}) {} ON CONFLICT ({}) DO {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        rows,
        sql.SQL(", ").join(map(sql.Identifier, key)),
        change,
    )
