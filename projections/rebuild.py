"""Read models made anew beside the live ones, then put in their place in one transaction."""

import time
from collections.abc import Sequence
from typing import Any

from psycopg import Connection, errors, sql

from projections import engine
from projections.beside import BATCH, Connect, Progress, RebuildFailed, held_live, lay_out, side_of
from projections.crew import built
from projections.digests import digest
from projections.engine import Projector, ReadModel
from projections.verification import Compared, Difference, verify

__all__ = ["Compared", "Difference", "Progress", "RebuildFailed", "digest", "rebuild", "verify"]

LOCK_WAIT = "300ms"  # less than deadlock_timeout: when it comes to that, the swap gives way, never a reader
SWAP_ATTEMPTS = 50
SWAP_PAUSE_SECONDS = 0.2


def rebuild(connect: Connect, models: Sequence[ReadModel], progress: Progress | None = None) -> None:
    """Build the read models anew from the first event on, beside the live ones, and swap. Raises RebuildFailed.

    `connect` gives an autocommit connection to the district. Readers go on reading; a rebuild that was interrupted is
    cleared away by the next.
    """
    with connect() as conn:
        live = held_live(conn)
        side = side_of(live)
        lay_out(conn, live, side, models)
        built(conn, connect, models, progress)
        projector = Projector(conn, models, BATCH)
        projector.catch_up()
        _swap(conn, projector, live, side)


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
