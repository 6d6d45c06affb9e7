"""Read models made anew beside the live ones, then put in their place in one transaction; and how to compare them."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from psycopg import Connection, errors, sql

from projections import engine
from projections.engine import Projector, ReadModel, q
from projections.target import key_of

BATCH = 20_000
LOCK_WAIT = "300ms"  # less than deadlock_timeout: when it comes to that, the swap gives way, never a reader
SWAP_ATTEMPTS = 50
SWAP_PAUSE_SECONDS = 0.2
LET_GO_SECONDS = 3.0
LONGEST_NAME = 63
SIDE = "__rebuild"

Progress = Callable[[int, int], None]
"""(position reached, position of the last event)"""


class RebuildFailed(RuntimeError):
    """The live tables are as they were; the message says why, in both languages."""


def rebuild(
    connect: Callable[[], Connection[Any]], models: Sequence[ReadModel], progress: Progress | None = None
) -> None:
    """Build the read models anew from the first event on, beside the live ones, and swap. Raises RebuildFailed.

    `connect` gives an autocommit connection to the district. Readers go on reading; a rebuild that was interrupted is
    cleared away by the next.
    """
    with connect() as conn:
        live = _live(conn)
        side = live[: LONGEST_NAME - len(SIDE)] + SIDE
        _lay_out(conn, live, side, models)
        projector = Projector(conn, models, BATCH)
        conn.execute("SET synchronous_commit = off")
        while projector.advance():
            if progress:
                progress(engine.reached(conn), engine.head(conn))
        for model in models:
            conn.execute(model.sql.get("indexes"))
            for table in model.tables:
                conn.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
        projector.catch_up()
        _swap(conn, projector, live, side)


def digest(conn: Connection[Any], model: ReadModel) -> str:
    """A hash over all rows of its tables, in the order of their keys: the same rows, the same digest."""
    whole = hashlib.sha256()
    with conn.transaction():
        conn.execute("SET LOCAL timezone = 'UTC'")
        conn.execute("SET LOCAL datestyle = 'ISO'")
        for table in model.tables:
            whole.update(table.encode())
            with conn.cursor(f"digest_{table}") as cursor:
                cursor.itersize = 10_000
                order = sql.SQL(", ").join(map(sql.Identifier, key_of(conn, table)))
                cursor.execute(sql.SQL("SELECT t::text FROM {} AS t ORDER BY {}").format(sql.Identifier(table), order))
                for (row,) in cursor:
                    whole.update(row.encode())
    return whole.hexdigest()


def _live(conn: Connection[Any]) -> str:
    """The schema to rebuild in, held against other rebuilds; one that was just broken off is given time to let go."""
    deadline = time.monotonic() + LET_GO_SECONDS
    while True:
        held, schema = conn.execute(q["hold_rebuild"]).fetchone() or (False, "")
        if held:
            return str(schema)
        if time.monotonic() > deadline:
            raise RebuildFailed("另一个重建正在进行 · Another rebuild is running: wait until it has finished.")
        time.sleep(SWAP_PAUSE_SECONDS)


def _lay_out(conn: Connection[Any], live: str, side: str, models: Iterable[ReadModel]) -> None:
    with conn.transaction():
        conn.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(side)))
        conn.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(side)))
        conn.execute(sql.SQL("SET search_path TO {}, {}").format(sql.Identifier(side), sql.Identifier(live)))
        conn.execute(q["ddl"])
        for model in models:
            engine.create(conn, model)


def _swap(conn: Connection[Any], projector: Projector, live: str, side: str) -> None:
    for attempt in range(SWAP_ATTEMPTS):
        try:
            with conn.transaction():
                return _swap_now(conn, projector, live, side)
        except errors.LockNotAvailable:
            time.sleep(SWAP_PAUSE_SECONDS * min(attempt, 5))
    raise RebuildFailed("一直有长查询占用旧表，没能换上 · Long queries kept the old tables busy: try again.")


def _swap_now(conn: Connection[Any], projector: Projector, live: str, side: str) -> None:
    """While nobody projects: take in the last events, then move the tables."""
    names = list(projector.models)
    rows = sql.Identifier(live, "projection")
    conn.execute(
        sql.SQL("SELECT FROM {} WHERE name = ANY (%s) ORDER BY name FOR UPDATE").format(rows), [names]
    ).fetchall()
    projector.catch_up()
    for state in engine.states(conn):
        if state.stopped is not None:
            raise RebuildFailed(f"{state.name} 停在 {state.stopped} · {state.name} stopped at {state.stopped}.")
    conn.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_WAIT))
    kept = conn.execute(sql.SQL("SELECT tables FROM {} WHERE name = ANY (%s)").format(rows), [names]).fetchall()
    old = [sql.Identifier(live, table) for (tables,) in kept for table in sorted(tables)]
    if old:
        conn.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.SQL(", ").join(old)))
    for model in projector.models.values():
        for table in model.tables:
            moved = sql.SQL("ALTER TABLE {} SET SCHEMA {}")
            conn.execute(moved.format(sql.Identifier(side, table), sql.Identifier(live)))
    conn.execute(sql.SQL("DELETE FROM {} WHERE name = ANY (%s)").format(rows), [names])
    conn.execute(
        sql.SQL("INSERT INTO {} SELECT * FROM {} ON CONFLICT DO NOTHING").format(
            rows, sql.Identifier(side, "projection")
        )
    )
    conn.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(side)))
