"""The floor of every append: the same row inserted and committed by psycopg, and nothing else done."""

from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

NOTE = "SELECT * FROM event WHERE topic = 'lead.note_added' ORDER BY position DESC LIMIT 1"


class Raw:
    """A table of the shape of the events (indexes too), filled over an autocommit connection."""

    def __init__(self, conn: psycopg.Connection[Any], table: str) -> None:
        name = sql.Identifier(table)
        conn.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} (LIKE event INCLUDING ALL)").format(name))
        with conn.cursor(row_factory=dict_row) as cursor:
            self._row: dict[str, Any] = cursor.execute(NOTE).fetchone() or {}
        self._insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            name,
            sql.SQL(", ").join(map(sql.Identifier, self._row)),
            sql.SQL(", ").join(map(sql.Placeholder, self._row)),
        )
        last = conn.execute(sql.SQL("SELECT coalesce(max(position), 0) FROM {}").format(name)).fetchone()
        self._position = int(last[0]) if last else 0

    def store(self, conn: psycopg.Connection[Any], number: int = 1) -> None:
        """Insert and commit that many rows, one after the other."""
        for _ in range(number):
            self._position += 1
            row = self._row | {"position": self._position, "stream": uuid4()}
            conn.execute(self._insert, row, prepare=True)
