"""Signs and sends while the projector runs, in a thread of its own: whatever happens here, projecting goes on."""

import logging
import threading
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import Connection

from crm.clock import now
from crm.database import connect
from crm.proof import sending, trouble
from crm.proof.checkpoint import latest, sign
from crm.rights import door
from crm.settings import Settings
from projections import engine

NAME = "landfall checkpoints"
FIRST_SECONDS = 5.0
TICK_SECONDS = 30.0

log = logging.getLogger(__name__)


def start(settings: Settings, url: str, stopping: threading.Event) -> None:
    """Look now and then, until `stopping` is set, whether there is something to sign or to send."""
    if settings.checkpoint_minutes or settings.checkpoint_to:
        threading.Thread(target=_watch, args=(settings, url, stopping), name=NAME, daemon=True).start()


def _watch(settings: Settings, url: str, stopping: threading.Event) -> None:
    pause = FIRST_SECONDS
    while not stopping.wait(pause):
        pause = TICK_SECONDS
        # A thread for each round: one that dies of what nobody expected is reported, and the next goes on.
        one = threading.Thread(target=look, args=(settings, url), name=NAME, daemon=True)
        one.start()
        one.join()


def look(settings: Settings, url: str) -> None:
    """Sign if it is time to and something is new; send what has not arrived. What goes wrong is remembered."""
    try:
        own = door(url, settings.schema_name, settings.signing_key(), "web")
        with connect(own, settings.schema_name, autocommit=True, application_name=NAME) as conn:
            if _is_time(settings, conn):
                _sign(settings, conn)
            places = sending.configured(settings)
            for to in places:
                _send(conn, to)
            trouble.forget_others(conn, [trouble.SIGNING, *(to.name for to in places)])
    except psycopg.Error as error:
        log.warning("signing was interrupted (%s); trying again", type(error).__name__)


def _is_time(settings: Settings, conn: Connection[Any]) -> bool:
    last = latest(conn)
    if not settings.checkpoint_minutes or engine.head(conn) == (last.size if last else 0):
        return False
    waited = last is None or now() - last.made_at >= timedelta(minutes=settings.checkpoint_minutes)
    return waited and trouble.due(conn, trouble.SIGNING)


def _sign(settings: Settings, conn: Connection[Any]) -> None:
    try:
        made = sign(settings, conn)
    except trouble.MENDABLE as error:
        log.error("nothing was signed: %s", trouble.words(error).en)  # noqa: TRY400  it is said in full, and known
    else:
        log.info("signed the first %s events", made.size)


def _send(conn: Connection[Any], to: sending.Destination) -> None:
    if not (sending.pending(conn, to) and trouble.due(conn, to.name)):
        return
    try:
        with trouble.remembered(conn, to.name):
            sending.deliver(conn, to)
    except trouble.MENDABLE as error:
        log.error("%s: %s", to.name, trouble.words(error).en)  # noqa: TRY400  it is said in full, and known
