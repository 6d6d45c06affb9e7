"""Read models filled by several processes: they share nothing but the events, so each process reads these for itself."""

import os
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.synchronize import Event as Signal
from typing import Any, Final

from psycopg import Connection

from projections.beside import BATCH, Connect, Progress, RebuildFailed, fill, finish
from projections.engine import Projector, ReadModel, head, reached
from projections.parent import end_at_once, when_gone

ENOUGH: Final = 100_000
"""So many events take longer than other processes take to start."""
LOOK_SECONDS: Final = 0.5
YIELDING: Final = 10
"""How far these processes stand back for whoever serves pages meanwhile (`nice`)."""


def built(conn: Connection[Any], connect: Connect, models: Sequence[ReadModel], progress: Progress | None) -> None:
    """Fill empty tables that `conn` finds first, index and analyse them. Raises RebuildFailed.

    Of many events, by as many processes as there are cores; `connect` is then given to these, so it must be pickled.
    """
    shares = shared(models, os.cpu_count() or 1)
    if len(shares) == 1 or head(conn) < ENOUGH:
        fill(Projector(conn, models, BATCH), progress)
        finish(conn, models)
        return
    (path,) = conn.execute("SELECT current_setting('search_path')").fetchone() or ("",)
    context = get_context("spawn")  # a fork would share our connection
    broken_off = context.Event()
    pool = ProcessPoolExecutor(len(shares), context, _begin, (broken_off,))
    try:
        _watch([pool.submit(_build, connect, path, share) for share in shares], conn, progress)
    finally:
        broken_off.set()
        pool.shutdown(cancel_futures=True)


def shared(models: Sequence[ReadModel], among: int) -> list[list[ReadModel]]:
    """The read models in as many shares at most, about equally heavy: the heaviest first, each to the lightest share."""
    shares: list[list[ReadModel]] = [[] for _ in range(among)]
    for model in sorted(models, key=lambda model: -model.WEIGHT):
        min(shares, key=_weight).append(model)
    return [share for share in shares if share]


def _weight(share: Sequence[ReadModel]) -> int:
    return sum(model.WEIGHT for model in share)


def _watch(shares: "Sequence[Future[None]]", conn: Connection[Any], progress: Progress | None) -> None:
    pending = set(shares)
    while pending:
        done, pending = wait(pending, timeout=LOOK_SECONDS)
        for one in done:
            one.result()
        if progress:
            progress(reached(conn), head(conn))


_broken_off: Signal


def _begin(broken_off: Signal) -> None:
    """Stand back for others; give up when told to, and when whoever asked is gone."""
    global _broken_off  # noqa: PLW0603  it comes to a process of the pool once, with its start
    _broken_off = broken_off
    when_gone(end_at_once)
    os.nice(YIELDING)


def _build(connect: Connect, path: str, models: Sequence[ReadModel]) -> None:
    with connect() as conn:
        conn.execute("SELECT set_config('search_path', %s, false)", [path])
        fill(Projector(conn, models, BATCH), _go_on)
        finish(conn, models)


def _go_on(_reached: int, _head: int) -> None:
    if _broken_off.is_set():
        raise RebuildFailed("重建已中断 · The rebuild was broken off.")
