"""Keeps the read models of a district up to date, one process at a time."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from psycopg import Connection, sql

from projections import engine
from projections.engine import Projector, ReadModel, q
from projections.rebuild import rebuild

POLL_SECONDS = 1.0
"""How long an event waits at most whose notification was lost."""

log = logging.getLogger(__name__)


def follow(connect: Callable[[], Connection[Any]], models: Sequence[ReadModel], stopping: threading.Event) -> None:
    """Project until `stopping` is set; waits while another process does. `connect` gives autocommit connections."""
    with connect() as held:
        if not _alone(held, stopping):
            return
        with connect() as conn:
            engine.prepare(conn, models)
            outdated = engine.outdated(conn, models)
        if outdated:
            log.info("rebuilding %s", ", ".join(model.name for model in outdated))
            rebuild(connect, outdated)
        with connect() as conn:
            _follow(conn, models, stopping)


def _follow(conn: Connection[Any], models: Sequence[ReadModel], stopping: threading.Event) -> None:
    # Positions and rows are lost together or not at all: nothing is gained by waiting for the disk.
    conn.execute("SET synchronous_commit = off")
    # Always the same few statements: planning them anew took a third of the time of an event.
    conn.execute("SET plan_cache_mode = force_generic_plan")
    (schema,) = conn.execute("SELECT current_schema()").fetchone() or ("",)
    conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(schema)))
    projector = Projector(conn, models)
    told: set[str] = set()
    while not stopping.is_set():
        while projector.advance() and not stopping.is_set():
            pass
        told = _tell(conn, told)
        for _ in conn.notifies(timeout=POLL_SECONDS, stop_after=1):
            pass


def _alone(held: Connection[Any], stopping: threading.Event) -> bool:
    """Whether this process is the one that projects; waits for its turn. The lock goes with the connection."""
    waiting = False
    while held.execute(q["hold"]).fetchone() != (True,):
        if not waiting:
            log.warning("another process projects this district; waiting until it stops")
        waiting = True
        if stopping.wait(POLL_SECONDS):
            return False
    return True


def _tell(conn: Connection[Any], told: set[str]) -> set[str]:
    """Say once of each read model that has stopped that it has."""
    stopped = {state.name: state.stopped for state in engine.states(conn) if state.stopped}
    for name in stopped.keys() - told:
        log.error("read model %s has stopped at an event it cannot take in: %s", name, stopped[name])
    return set(stopped)
