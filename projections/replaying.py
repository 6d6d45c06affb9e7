"""Making a replay, removing one, and clearing away what was broken off."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from psycopg import Connection, errors, sql

from projections import engine
from projections.beside import (
    BATCH,
    LET_GO_SECONDS,
    PAUSE_SECONDS,
    Connect,
    Progress,
    RebuildFailed,
    fill,
    finish,
    lay_out,
)
from projections.beside import drop as drop_schema
from projections.engine import Projector, ReadModel, q
from projections.replay import Cut, Replay, listed, read, said_of, schema_for, shape_of

LOCK_WAIT: Final = "300ms"
ATTEMPTS: Final = 50


def make(
    connect: Connect, name: str, cut: Cut, models: Sequence[ReadModel], *, readers: Sequence[str], made_at: datetime,
    progress: Progress | None = None,
) -> Replay:  # fmt: skip
    """Build the replay; the database roles `readers` may read it. Raises RebuildFailed.

    One of that name made by another version is made again; one that fits has to be dropped first.
    """
    with connect() as conn:
        (live,) = conn.execute("SELECT current_schema()").fetchone() or ("",)
        schema = schema_for(live, name)
        _hold(conn, schema)
        _refuse_taken(conn, live, schema, models)
        row = conn.execute("SELECT recorded_at FROM event WHERE position = %s", [cut.position]).fetchone()
        if row is None:
            raise RebuildFailed(f"没有第 {cut.position} 条记录 · There is no event at position {cut.position}.")
        replay = Replay(name, schema, cut.position, cut.day, row[0], None, shape_of(models), 0)
        with conn.transaction():
            lay_out(conn, live, schema, models, cut.position)
            _note(conn, live, replay)
        _fill(conn, replay, models, progress)
        replay = replay._replace(made_at=made_at)
        with conn.transaction():
            _shut(conn, schema, readers)
            _note(conn, live, replay)
        return next(one for one in listed(conn, live) if one.name == name)


def drop(conn: Connection[Any], live: str, name: str) -> None:
    """Remove a replay, broken-off ones too. Raises RebuildFailed where there is none, or while it is being made."""
    schema = schema_for(live, name)
    if schema not in {one.schema for one in listed(conn, live)}:
        raise RebuildFailed(f"没有回放 {name} · There is no replay {name}.")
    _hold(conn, schema)
    try:
        _drop(conn, schema)
    finally:
        conn.execute(q["let_go_replay"], {"schema": schema})


def clear(conn: Connection[Any], live: str) -> None:
    """Remove what broken-off builds have left; those that somebody is making are left alone."""
    for one in listed(conn, live):
        if one.made_at is None and conn.execute(q["hold_replay"], {"schema": one.schema}).fetchone() == (True,):
            _drop(conn, one.schema)
            conn.execute(q["let_go_replay"], {"schema": one.schema})


def _hold(conn: Connection[Any], schema: str) -> None:
    """Nobody else makes or drops it meanwhile; who was just broken off is given time to let go."""
    deadline = time.monotonic() + LET_GO_SECONDS
    while conn.execute(q["hold_replay"], {"schema": schema}).fetchone() != (True,):
        if time.monotonic() > deadline:
            raise RebuildFailed("这个回放正在生成 · This replay is being made: wait until it has finished.")
        time.sleep(PAUSE_SECONDS)


def _refuse_taken(conn: Connection[Any], live: str, schema: str, models: Sequence[ReadModel]) -> None:
    row = conn.execute(q["replay"], {"schema": schema}).fetchone()
    there = read(live, *row) if row else None
    if row and there is None:
        raise RebuildFailed(f"schema {schema} 不是回放，不会覆盖 · The schema {schema} is no replay and is left alone.")
    if there and there.made_at and not there.outdated(models):
        raise RebuildFailed(
            f"回放 {there.name} 已有（第 {there.position} 条），请先 crm replay --drop {there.name}，或换一个名称 · There is a replay "
            f"{there.name} at {there.position} already: drop it first (crm replay --drop {there.name}), or take another name."
        )


def _fill(conn: Connection[Any], replay: Replay, models: Sequence[ReadModel], progress: Progress | None) -> None:
    fill(Projector(conn, models, BATCH), progress, replay.position)
    for state in engine.states(conn):
        if state.stopped is not None:
            drop_schema(conn, replay.schema)
            raise RebuildFailed(f"{state.name} 停在 {state.stopped} · {state.name} stopped at {state.stopped}.")
    finish(conn, models)


def _note(conn: Connection[Any], live: str, replay: Replay) -> None:
    comment = sql.Literal(said_of(live, replay))
    conn.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(replay.schema), comment))


def _shut(conn: Connection[Any], schema: str, readers: Sequence[str]) -> None:
    """From now on everybody reads; whoever made it has given up writing."""
    named = sql.Identifier(schema)
    conn.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM PUBLIC, CURRENT_USER").format(named))
    for role in (sql.SQL("CURRENT_USER"), *map(sql.Identifier, readers)):
        conn.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(named, role))
        conn.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(named, role))
        conn.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(named, role))


def _drop(conn: Connection[Any], schema: str) -> None:
    for attempt in range(ATTEMPTS):
        try:
            with conn.transaction():
                conn.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_WAIT))
                return drop_schema(conn, schema)
        except errors.LockNotAvailable:
            time.sleep(PAUSE_SECONDS * min(attempt, 5))
    raise RebuildFailed("一直有人在看这个回放 · The replay is being read all the time: try again.")
