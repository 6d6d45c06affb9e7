"""A schema beside the live one, in which read models are made anew from the first event on."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from psycopg import Connection, sql

from projections import engine
from projections.engine import Projector, ReadModel, q

BATCH = 10_000
LET_GO_SECONDS = 3.0
PAUSE_SECONDS = 0.2
LONGEST_NAME = 63
SIDE = "__rebuild"

Progress = Callable[[int, int], None]
"""(position reached, position of the last event)"""

Connect = Callable[[], Connection[Any]]
"""Opens autocommit connections to the district, as the role that may write read models."""


class RebuildFailed(RuntimeError):
    """The live tables are as they were; the message says why, in both languages."""


def held_live(conn: Connection[Any]) -> str:
    """The schema to rebuild in, held against other rebuilds; one that was just broken off is given time to let go."""
    deadline = time.monotonic() + LET_GO_SECONDS
    while True:
        held, schema = conn.execute(q["hold_rebuild"]).fetchone() or (False, "")
        if held:
            return str(schema)
        if time.monotonic() > deadline:
            raise RebuildFailed("另一个重建正在进行 · Another rebuild is running: wait until it has finished.")
        time.sleep(PAUSE_SECONDS)


def side_of(live: str) -> str:
    """The schema that rebuilds are made in."""
    return live[: LONGEST_NAME - len(SIDE)] + SIDE


def lay_out(conn: Connection[Any], live: str, side: str, models: Iterable[ReadModel], cut: int | None = None) -> None:
    """Empty tables in a new schema, found first by this connection from now on; with a `cut`, events end there."""
    with conn.transaction():
        drop(conn, side)
        conn.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(side)))
        conn.execute(sql.SQL("SET search_path TO {}, {}").format(sql.Identifier(side), sql.Identifier(live)))
        if cut is not None:
            cut_at(conn, live, side, cut)
        conn.execute(q["ddl"])
        for model in models:
            engine.create(conn, model)


def cut_at(conn: Connection[Any], live: str, side: str, position: int) -> None:
    """Views `event` and `head` beside, in which nothing is later than `position`."""
    values = {
        "event": sql.Identifier(side, "event"), "head": sql.Identifier(side, "head"), "cut": sql.Literal(position),
        "events": sql.Identifier(live, "event"), "columns": sql.SQL(", ").join(map(sql.Identifier, EVENT_COLUMNS)),
    }  # fmt: skip
    with conn.transaction():
        conn.execute(q["events_cut"].format(**values))
        conn.execute(q["head_cut"].format(**values))


def drop(conn: Connection[Any], schema: str) -> None:
    conn.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def fill(projector: Projector, progress: Progress | None = None, goal: int | None = None) -> None:
    """Take in everything there is, without waiting for the disk."""
    projector.conn.execute("SET synchronous_commit = off")
    while projector.advance():
        if progress:
            progress(engine.reached(projector.conn), goal or engine.head(projector.conn))


def finish(conn: Connection[Any], models: Iterable[ReadModel]) -> None:
    """What is better made of full tables: their indexes, and the planner's knowledge of them."""
    for model in models:
        conn.execute(model.sql.get("indexes"))
        for table in model.tables:
            conn.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


EVENT_COLUMNS = (
    "position", "recorded_at", "stream", "actor", "command", "origin", "version", "schema", "occurred_on", "topic",
    "role", "data", "hash",
)  # fmt: skip
