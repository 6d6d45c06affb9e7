"""Replays of a district: made and removed by command, and a CRM that answers from one and can change nothing."""

import threading
from datetime import date, datetime, time
from typing import Any, Final

from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

from crm import clock
from crm.application import CRM
from crm.database import connect, pool
from crm.prepare import projecting
from crm.rights import door
from crm.roles import Part, exists, role_name
from crm.settings import Settings
from domain.base import Refused
from projections import engine, replay, replaying
from projections.funnel import position_at
from projections.models import MODELS
from projections.rebuild import Progress
from projections.replay import Cut, Replay

READERS: Final[tuple[Part, ...]] = ("web", "auditor")
POOL_SIZE = 4


def make(settings: Settings, url: str, name: str, to: str, progress: Progress) -> Replay:
    """A replay of everything up to a position, or to the end of a day. Raises Refused, RebuildFailed.

    Contact persons stand in it sealed, as in the events, and are not found by name.
    """
    live = settings.schema_name
    replay.schema_for(live, name)
    with connect(url, live, autocommit=True) as conn:
        cut = cut_at(conn, to)
        replaying.clear(conn, live)
        readers = [role for part in READERS if exists(conn, role := role_name(conn, part))]
        readers = readers or [conn.info.user]
        if any(one.name == name and one.outdated(MODELS) for one in replay.listed(conn, live)):
            replaying.drop(conn, live, name)
    opened = projecting(settings, url)
    opened.reader = None  # by what contact persons are found goes when they are erased; a replay would keep it
    return replaying.make(opened, name, cut, MODELS, readers=readers, made_at=clock.now(), progress=progress)


def drop(settings: Settings, url: str, name: str) -> None:
    """Remove a replay. Raises RebuildFailed."""
    with connect(url, settings.schema_name, autocommit=True) as conn:
        replaying.drop(conn, settings.schema_name, name)


def listed(settings: Settings, url: str) -> list[Replay]:
    with connect(url, settings.schema_name, autocommit=True) as conn:
        return replay.listed(conn, settings.schema_name)


def cut_at(conn: Connection[Any], to: str) -> Cut:
    """The cut meant by a position, or by a day: its end in Shanghai. Raises Refused."""
    head = engine.head(conn)
    if to.isascii() and to.isdecimal():
        return _at_position(conn, int(to), head)
    try:
        day = date.fromisoformat(to)
    except ValueError:
        raise Refused(
            "replay.to", "“{to}”既不是位置也不是日期；应为如 1200 或 2026-06-30。",
            "“{to}” is neither a position nor a day: write 1200, or 2026-06-30.", field="to", to=to[:40],
        ) from None  # fmt: skip
    if day > clock.today():
        raise Refused("replay.future", "这一天还没有到。", "That day has not come yet.", field="to")
    position = position_at(conn, datetime.combine(day, time.max, clock.SHANGHAI))
    if not position:
        raise Refused("replay.before", "那时还没有任何记录。", "There were no records yet.", field="to")
    return Cut(position, day)


def _at_position(conn: Connection[Any], position: int, head: int) -> Cut:
    if not 1 <= position <= head:
        raise Refused(
            "replay.position", "没有第 {n} 条记录，现有 {head} 条。", "There is no record {n}; there are {head}.",
            field="to", n=position, head=head,
        )  # fmt: skip
    (moment,) = conn.execute("SELECT recorded_at FROM event WHERE position = %s", [position]).fetchone() or (None,)
    if moment is None:
        raise Refused("replay.missing", "第 {n} 条记录不在库中。", "Record {n} is missing.", field="to", n=position)
    return Cut(position, moment.astimezone(clock.SHANGHAI).date())


class Replayed(CRM):
    """The application on a replay: reads see nothing later than it; the database refuses whatever writes."""

    def __init__(self, settings: Settings, url: str, replay: Replay) -> None:
        self.replay = replay
        super().__init__(settings, url)

    def open_pool(self, url: str) -> ConnectionPool[Any]:
        own = door(url, self.schema, self.settings.signing_key(), "web")
        options = f"{conninfo_to_dict(own).get('options') or ''} -c default_transaction_read_only=on".strip()
        path = f"{self.replay.schema},{self.schema}"
        return pool(make_conninfo(own, options=options), path, size=POOL_SIZE, autocommit=True)


class Replays:
    """The replays that one worker has opened, each with connections of its own."""

    def __init__(self, crm: CRM, url: str) -> None:
        self._crm, self._url = crm, url
        self._shape = replay.shape_of(MODELS)
        self._open: dict[str, Replayed] = {}
        self._lock = threading.Lock()

    def of(self, name: str) -> Replayed | None:
        """The application on that replay; None where there is none (any more) that this version can read."""
        with self._crm.pool.connection() as conn:
            found = replay.find(conn, self._crm.schema, name)
        fits = found is not None and found.shape == self._shape
        with self._lock:
            kept = self._open.get(name)
            if kept and (found is None or kept.replay.made_at != found.made_at or not fits):
                self._open.pop(name).close()
                kept = None
            if kept is None and found is not None and fits:
                kept = self._open[name] = Replayed(self._crm.settings, self._url, found)
        return kept

    def close(self) -> None:
        for name in list(self._open):
            self._open.pop(name).close()
