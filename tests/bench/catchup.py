"""All read models from the first event on, beside streaming the same events out and copying the resulting rows in.

At the size of memory's comfort it is all events that are taken in; of more, the first of them.
"""

from functools import partial
from typing import Any

import psycopg
from psycopg import sql

from projections.beside import drop, lay_out, side_of
from projections.engine import Projector
from projections.models import MODELS
from projections.stored import Recorded
from tests.bench.bulk import copied
from tests.bench.district import District
from tests.bench.measure import Figure, Taken, at_least, rates, timed

NAME = "catch-up of all read models"
FLOOR = "events streamed out by a binary cursor, the resulting rows copied into bare tables"
TARGET = at_least(0.4)
STREAMED = 10_000
MOST = 100_000
TABLES = tuple(table for model in MODELS for table in model.tables)


def measured(district: District) -> list[Figure]:
    """Events a second."""
    events = min(MOST, district.crm.position())
    resulting: dict[str, Any] = {}
    _caught_up(district, events, resulting)
    contenders = {
        FLOOR: partial(_streamed_and_copied, district, resulting, events),
        NAME: partial(_caught_up, district, events, {}),
    }
    found = rates(contenders, district.rounds)
    return [Figure(NAME, FLOOR, "/s", [(rate[FLOOR], rate[NAME]) for rate in found], TARGET)]


def _caught_up(district: District, events: int, resulting: dict[str, Any]) -> Taken:
    """New read models in a schema of their own, indexed as live ones are, taking in the first `events`."""
    live = district.settings.schema_name
    side = side_of(f"{live}_bench")
    with district.connect() as conn:
        lay_out(conn, live, side, MODELS, events)
        for model in MODELS:
            conn.execute(model.sql.get("indexes"))
        taken = timed(lambda: Projector(conn, MODELS).catch_up(), events)
        resulting |= {table: _rows(conn, table) for table in TABLES}
        drop(conn, side)
    return taken


def _rows(conn: psycopg.Connection[Any], table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with conn.cursor(binary=True) as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
        return [column.name for column in cursor.description or ()], cursor.fetchall()


def _streamed_and_copied(district: District, resulting: dict[str, Any], events: int) -> Taken:
    with district.connect() as conn:
        for table in TABLES:
            conn.execute(f"DROP TABLE IF EXISTS bench.bare_{table}")
            conn.execute(f"CREATE TABLE bench.bare_{table} (LIKE {table})")

        def work() -> None:
            _stream(conn, events)
            for table, (columns, rows) in resulting.items():
                copied(conn, f"bare_{table}", rows, columns)

        return timed(work, events)


def _stream(conn: psycopg.Connection[Any], events: int) -> None:
    columns = ", ".join(Recorded._fields)
    with conn.transaction(), conn.cursor("bench_stream", binary=True) as cursor:
        cursor.execute(f"SELECT {columns} FROM event WHERE position <= %s ORDER BY position", (events,))
        while cursor.fetchmany(STREAMED):
            pass
