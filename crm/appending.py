"""Appends of one process, one after another: whoever comes while another is stored is stored together with all who wait.

A commit waits for the disk, and the head's row is locked until it is there. So what several people have entered meanwhile goes
in one statement and one commit, each under its own command; where one of them cannot be stored, each is stored by itself.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, InterfaceError, Notification, OperationalError
from eventsourcing.postgres import PostgresDatastore
from eventsourcing.utils import retry
from psycopg.rows import tuple_row

from crm.command import By, CommandReused
from projections.stored import SEALED

MOST_EVENTS = 1000
"""Stored together, at most."""
LOST = (InterfaceError, OperationalError)
_REUSED, _KEY_GONE = "LF409", "LF410"


@dataclass(frozen=True)
class Row(Notification):
    """The library's stored event with what ours also has; `id` is its position, 0 while it has none."""

    schema: int
    occurred_on: date


class KeyGone(IntegrityError):
    """A key was destroyed between sealing and storing; what was sealed under it would be lost at once, and nobody told."""


class Appended(NamedTuple):
    """What `append_events` answers for one event, or for one command it had already."""

    command: UUID
    stream: UUID
    position: int
    repeated: bool


Also = Callable[[psycopg.Connection[Any]], None]
"""Something that is to be true exactly when the events are stored."""

Batch = Sequence[tuple[Row, By, bytes]]
"""Events, each with its command and that command's request hash."""


class _Waiting:
    """A batch that somebody wants stored, and what came of it."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.commands = {by.command for _, by, _ in batch}
        self.found: list[Appended] | BaseException | None = None

    def answer(self) -> list[Appended]:
        if isinstance(self.found, BaseException):
            raise self.found
        return self.found or []


class Appending:
    """The way of this process to `append_events`."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        self._datastore = datastore
        self._waiting: deque[_Waiting] = deque()
        self._storing = Lock()

    def append(self, batch: Batch) -> list[Appended]:
        """Store a batch as a whole. Raises CommandReused, IntegrityError, KeyGone."""
        mine = _Waiting(batch)
        self._waiting.append(mine)
        with self._storing:
            while mine.found is None:
                self._store(list(self._next()))
        return mine.answer()

    @retry(LOST, max_attempts=3, wait=0.1)
    def append_also(self, batch: Batch, also: Also) -> list[Appended]:
        """Store a batch and do what is to be done with it in one transaction, unless its command was repeated."""
        with self._datastore.get_connection() as conn, conn.transaction():
            found = _appended(conn, batch)
            if not found[0].repeated:
                also(conn)
        return found

    def _next(self) -> Iterator[_Waiting]:
        """Who is stored together: those who came first; the same command twice is not, for the second is answered as the first."""
        events, commands = 0, set[UUID]()
        while self._waiting:
            one = self._waiting[0]
            if events and (events + len(one.batch) > MOST_EVENTS or not commands.isdisjoint(one.commands)):
                return
            events += len(one.batch)
            commands |= one.commands
            yield self._waiting.popleft()

    def _store(self, together: Sequence[_Waiting]) -> None:
        try:
            found = self._appended([event for one in together for event in one.batch])
        except BaseException as error:  # noqa: BLE001  each of those who wait raises it
            apart = len(together) > 1 and isinstance(error, (IntegrityError, CommandReused))
            for one in together:
                one.found = None if apart else error
                if apart:
                    self._store([one])
        else:
            for one in together:
                one.found = [row for row in found if row.command in one.commands]

    @retry(LOST, max_attempts=3, wait=0.1)
    def _appended(self, batch: Batch) -> list[Appended]:
        with self._datastore.get_connection() as conn:
            return _appended(conn, batch)


def _appended(conn: psycopg.Connection[Any], batch: Batch) -> list[Appended]:
    with conn.cursor(row_factory=tuple_row) as cursor:
        try:
            found = cursor.execute(_APPEND, _arguments(batch), prepare=True).fetchall()
        except psycopg.Error as error:
            if error.sqlstate == _REUSED:
                raise CommandReused(CommandReused.text.en) from error
            if error.sqlstate == _KEY_GONE:
                raise KeyGone from error
            raise
    return [Appended._make(row) for row in found]


_SUBJECT = re.compile(rb'"' + SEALED.encode() + rb"([0-9a-f]{32}):")
_APPEND = (
    "SELECT command, stream, position, repeated FROM append_events(%s::uuid[], %s::integer[], %s::text[], %s::integer[], "
    "%s::date[], %s::text[], %s::uuid[], %s::bytea[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[])"
)


def _arguments(batch: Batch) -> tuple[str, ...]:
    """The arrays of `append_events` as literals: psycopg's own list adaptation costs more than the append itself."""
    rows = [row for row, _, _ in batch]
    commands = [by for _, by, _ in batch]
    return (
        _plain(row.originator_id for row in rows),
        _plain(row.originator_version for row in rows),
        _quoted(row.topic for row in rows),
        _plain(row.schema for row in rows),
        _plain(row.occurred_on for row in rows),
        _quoted(row.state.decode() for row in rows),
        _plain(by.command for by in commands),
        _quoted("\\x" + request.hex() for _, _, request in batch),
        _plain(by.person for by in commands),
        _quoted(str(by.role) for by in commands),
        _plain(by.origin or "NULL" for by in commands),
        _plain({subject.decode() for row in rows for subject in _SUBJECT.findall(row.state)}),
    )


def _plain(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _quoted(values: Iterable[str]) -> str:
    return "{" + ",".join(['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in values]) + "}"
