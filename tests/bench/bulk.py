"""Many commands through the one door, beside COPY of the rows they become."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

from crm import clock
from crm.bulk import Command
from crm.demo.filling import SEED
from crm.demo.pace import LEAN
from crm.demo.telling import leads
from projections.stored import Recorded
from tests.bench.district import District
from tests.bench.measure import Figure, at_least, timed

NAME = "bulk append, as an import stores it"
FLOOR = "COPY of the same rows by psycopg, one transaction"
TARGET = at_least(0.2)
LARGEST = 500  # leads a round, some five events each


def measured(district: District) -> list[Figure]:
    """Events a second; each round brings in leads the demo would tell of next."""
    told = _told(district)
    with district.connect() as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS bench.bare_copy (LIKE event INCLUDING ALL)")
        _round(district, conn, told)  # in which is found that nobody projects meanwhile, so none has to be waited for
        return [Figure(NAME, FLOOR, "/s", [_round(district, conn, told) for _ in range(district.rounds)], TARGET)]


def _told(district: District) -> Iterator[list[Command]]:
    """The commands of some leads, round after round; nothing of them is measured but the storing."""
    number = min(LARGEST, district.leads)
    first = district.leads + district.crm.position()  # so none was stored when the district was measured before
    while True:
        yield [
            Command(one.by, one.events, uuid4().bytes)
            for one in leads(SEED, range(first, first + number), clock.today(), LEAN)
        ]
        first += number


def _round(district: District, conn: psycopg.Connection[Any], told: Iterator[list[Command]]) -> tuple[float, float]:
    commands = next(islice(told, 1))
    before = district.crm.position()
    ours = timed(lambda: district.crm.bulk(commands))
    rows = _stored(conn, before)
    floor = timed(lambda: copied(conn, "bare_copy", rows))
    return len(rows) / floor.seconds, len(rows) / ours.seconds


def _stored(conn: psycopg.Connection[Any], after: int) -> list[tuple[Any, ...]]:
    with conn.cursor(binary=True) as cursor:
        columns = ", ".join(Recorded._fields)
        found = cursor.execute(f"SELECT {columns} FROM event WHERE position > %s ORDER BY position", (after,))
        return found.fetchall()


def copied(conn: psycopg.Connection[Any], table: str, rows: list[tuple[Any, ...]], columns: Any = None) -> None:
    """COPY in, in PostgreSQL's binary form, by a program that holds the values."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns or Recorded._fields))
    types = [
        kind
        for (kind,) in conn.execute(
            "SELECT format_type(a.atttypid, a.atttypmod) FROM unnest(%s::text[]) WITH ORDINALITY AS c (name, n)"
            " JOIN pg_attribute a ON a.attrelid = %s::regclass AND a.attname = c.name ORDER BY c.n",
            (list(columns or Recorded._fields), table),
        ).fetchall()
    ]
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table), names)
    with conn.transaction(), conn.cursor() as cursor, cursor.copy(into) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
