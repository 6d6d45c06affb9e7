"""A hash over the rows of tables, by which two machines tell whether they hold the same."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from psycopg import Connection, sql

from projections.engine import ReadModel
from projections.target import key_of

_SAME_TEXT = (
    "SET LOCAL timezone = 'UTC'", "SET LOCAL datestyle = 'ISO, YMD'", "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'", "SET LOCAL extra_float_digits = 1",
)  # fmt: skip


class Digest(NamedTuple):
    """SHA-256 of a table's rows (hex), and how many they are."""

    sha256: str
    rows: int


def digest(conn: Connection[Any], model: ReadModel) -> str:
    """A hash over all rows of its tables, in the order of their keys: the same rows, the same digest."""
    whole = hashlib.sha256()
    for table in model.tables:
        whole.update(f"{table} {digest_of(conn, table).sha256}\n".encode())
    return whole.hexdigest()


def digest_of(conn: Connection[Any], table: str, schema: str | None = None) -> Digest:
    """The digest of one table, whatever time zone, date style or collation the session or the server has."""
    sum_, rows = hashlib.sha256(), 0
    name = sql.Identifier(schema, table) if schema else sql.Identifier(table)
    with same_text(conn), conn.cursor(f"digest_{table}") as cursor:
        cursor.itersize = 10_000
        cursor.execute(sql.SQL("SELECT t::text FROM {} AS t ORDER BY {}").format(name, _order(conn, name)))
        for (row,) in cursor:
            sum_.update(row.encode() + b"\n")
            rows += 1
    return Digest(sum_.hexdigest(), rows)


@contextmanager
def same_text(conn: Connection[Any]) -> Iterator[None]:
    """A transaction in which values read as text read the same everywhere."""
    with conn.transaction():
        for setting in _SAME_TEXT:
            conn.execute(setting)
        yield


def _order(conn: Connection[Any], table: sql.Identifier) -> sql.Composed:
    """By the key, its texts by their bytes: how letters are sorted differs from one server to the next."""
    key = key_of(conn, table.as_string(conn))
    kinds = dict(conn.execute(_KINDS, [table.as_string(conn)]).fetchall())
    return sql.SQL(", ").join(
        sql.SQL('{} COLLATE "C"' if kinds[column] == "text" else "{}").format(sql.Identifier(column)) for column in key
    )


_KINDS = """
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""
