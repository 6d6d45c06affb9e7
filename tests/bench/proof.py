"""What proof costs: an append with its chain beside one without, and how fast a ledger is verified."""

import re
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row

from crm.proof.walk import head, walk
from projections.stored import read
from tests.bench.district import SIDE, District
from tests.bench.measure import Figure, Taken, rates, timed
from tests.bench.raw import NOTE

CHAINED = "append function, with its chain"
UNCHAINED = "the same function without SHA-256 and its fields"
VERIFIED = "events verified: chain and tree computed anew"
STREAMED = "the same events read by the same cursor, and nothing done"
SLICES = 4
BATCH = 10_000
ONCE = 1_000_000
"""Of more events than these all are read once."""
_CALL = (
    "SELECT position FROM {}(ARRAY[%(stream)s]::uuid[], ARRAY[1], ARRAY[%(topic)s], ARRAY[%(schema)s]::integer[], "
    "ARRAY[%(occurred_on)s]::date[], ARRAY[%(data)s], ARRAY[%(command)s]::uuid[], ARRAY[%(request)s]::bytea[], "
    "ARRAY[%(actor)s]::uuid[], ARRAY[%(role)s], ARRAY[NULL]::uuid[])"
)


def measured(district: District) -> list[Figure]:
    """What is done a second."""
    with district.connect() as conn:
        return [*_appends(conn, district), *_verified(district)]


def _appends(conn: psycopg.Connection[Any], district: District) -> list[Figure]:
    """Both functions on tables of their own, so that the ledger stays what it was."""
    row = _row(conn)
    _beside(conn, district.settings.schema_name)
    slice_of = max(1, district.effort // SLICES)
    contenders = {
        name: partial(_stored, conn, _CALL.format(f"{SIDE}.{function}"), row, slice_of)
        for name, function in ((UNCHAINED, "append_unchained"), (CHAINED, "append_events"))
    }
    found = rates(contenders, district.rounds, SLICES)
    return [Figure(CHAINED, UNCHAINED, "/s", [(rate[UNCHAINED], rate[CHAINED]) for rate in found])]


def _beside(conn: psycopg.Connection[Any], schema: str) -> None:
    """The ledger's tables, empty, and its function twice: as it is, and without the chain."""
    for table in ("event", "command", "sealing_key"):
        conn.execute(f"CREATE TABLE {SIDE}.{table} (LIKE {schema}.{table} INCLUDING ALL)")
    conn.execute(f"CREATE TABLE {SIDE}.head AS TABLE {schema}.head")
    conn.execute(f"UPDATE {SIDE}.head SET position = 0")
    (source,) = conn.execute(
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'append_events' AND pronamespace = %s::regnamespace",
        (schema,),
    ).fetchone() or ("",)
    # It is moved, with its search_path, to the schema beside.
    moved = re.sub(r"(?m)^ SET search_path TO .*$", f" SET search_path TO '{SIDE}', 'pg_temp'", source)
    moved = moved.replace(f"{schema}.append_events", f"{SIDE}.append_events")
    bare, taken_out = re.subn(r"link := sha256\(.*?\);", "link := link;", moved, flags=re.DOTALL)
    if taken_out != 1:
        raise RuntimeError("the chain of append_events is not where it was")
    conn.execute(moved)
    conn.execute(bare.replace(f"{SIDE}.append_events", f"{SIDE}.append_unchained"))


def _row(conn: psycopg.Connection[Any]) -> dict[str, Any]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(NOTE).fetchone() or {}


def _stored(conn: psycopg.Connection[Any], call: str, row: dict[str, Any], number: int) -> Taken:
    def store() -> None:
        for _ in range(number):
            fresh = {"stream": uuid4(), "command": uuid4(), "request": uuid4().bytes}
            conn.execute(call, row | fresh, prepare=True)

    return timed(store, number)


def _verified(district: District) -> list[Figure]:
    with district.crm.pool.connection() as reading:
        until = head(reading)
        contenders = {
            STREAMED: lambda: timed(partial(_streamed, reading), until.position),
            VERIFIED: lambda: timed(partial(_walked, reading), until.position),
        }
        found = rates(contenders, 1 if until.position > ONCE else district.rounds)
    return [Figure(VERIFIED, STREAMED, "/s", [(rate[STREAMED], rate[VERIFIED]) for rate in found])]


def _streamed(conn: psycopg.Connection[Any]) -> None:
    after = 0
    while rows := read(conn, after, BATCH):
        after = rows[-1].position


def _walked(conn: psycopg.Connection[Any]) -> None:
    walked = walk(conn, head(conn), [], lambda _done, _of: None)
    if walked.findings:
        raise RuntimeError(walked.findings[0].text.en)
