"""All read models from the first event on, beside streaming the same events out and copying the resulting rows in."""

from functools import partial
from typing import Any

import psycopg
from psycopg import sql

from crm import prepare
from projections import engine
from projections.engine import Projector
from projections.models import MODELS
from projections.rebuild import rebuild
from projections.stored import Recorded
from tests.bench.bulk import copied
from tests.bench.district import District
from tests.bench.measure import Figure, Taken, rates, timed

CATCH_UP = "catch-up of all read models"
REBUILD = "rebuild of all read models, with indexes and swap"
FLOOR = "events streamed out by a binary cursor, the resulting rows copied into bare tables"
STREAMED = 10_000
TABLES = tuple(table for model in MODELS for table in model.tables)


def measured(district: District) -> list[Figure]:
    """Events a second."""
    prepare.catch_up(district.settings, district.url, lambda _done, _of: None)
    events = district.crm.position()
    with district.connect() as conn:
        resulting = {table: _rows(conn, table) for table in TABLES}
    contenders = {
        FLOOR: partial(_streamed_and_copied, district, resulting, events),
        CATCH_UP: partial(_caught_up, district, events),
        REBUILD: partial(_rebuilt, district, events),
    }
    found = rates(contenders, district.rounds)
    return [Figure(name, FLOOR, "/s", [(rate[FLOOR], rate[name]) for rate in found]) for name in (CATCH_UP, REBUILD)]


def rows_of(district: District) -> int:
    """How many rows the read models hold."""
    with district.connect() as conn:
        return sum(len(_rows(conn, table)[1]) for table in TABLES)


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


def _caught_up(district: District, events: int) -> Taken:
    """New read models in a schema of their own, indexed as live ones are, taking in everything there is."""
    with district.connect() as conn:
        conn.execute("DROP SCHEMA IF EXISTS bench_caught_up CASCADE")
        conn.execute("CREATE SCHEMA bench_caught_up")
    with district.connect(side="bench_caught_up") as conn:
        conn.execute(engine.q["ddl"])
        for model in MODELS:
            engine.create(conn, model)
            conn.execute(model.sql.get("indexes"))
        taken = timed(lambda: Projector(conn, MODELS).catch_up(), events)
        conn.execute("DROP SCHEMA bench_caught_up CASCADE")
    return taken


def _rebuilt(district: District, events: int) -> Taken:
    connect = prepare.projecting(district.settings, district.url)
    return timed(lambda: rebuild(connect, MODELS), events)
