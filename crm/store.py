"""Event ⇄ row, and the recorder through which the library's application writes and reads: one append function, one order."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    BaseInfrastructureFactory,
    IntegrityError,
    InterfaceError,
    JSONTranscoder,
    Notification,
    OperationalError,
    StoredEvent,
)
from eventsourcing.persistence import Mapper as LibraryMapper
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory, PostgresRecorder
from eventsourcing.utils import Environment, retry
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from crm.chain import GENESIS, link
from crm.command import AlreadyDone, By, CommandReused, Done
from crm.sealed import sealed_payload
from crm.sealing import Keys
from domain.base import Event
from projections.stored import SEALED, Recorded, UnknownEvent, decode, read, restored

__all__ = ["GENESIS", "Datastore", "Mapper", "Recorded", "Recorder", "Row", "UnknownEvent", "decode", "link", "read"]

_REUSED = "LF409"
_LOST = (InterfaceError, OperationalError)


@dataclass(frozen=True)
class Row(Notification):
    """The library's stored event with what ours also has; `id` is its position, 0 while it has none."""

    schema: int
    occurred_on: date


class Mapper(LibraryMapper[UUID]):
    """Event ⇄ row: topics instead of import paths, JSON by pydantic, sealed where the domain says so."""

    def __init__(self, keys: Keys) -> None:
        super().__init__(JSONTranscoder())  # never asked: events are pydantic models
        self.keys = keys

    def to_stored_event(self, event: Event) -> Row:  # type: ignore[override]
        return Row(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.TOPIC,
            state=sealed_payload(event, self.keys),
            id=0,
            schema=event.SCHEMA,
            occurred_on=event.occurred_on,
        )

    def to_domain_event(self, row: StoredEvent) -> Event:
        if not isinstance(row, Row) or not isinstance(row.originator_id, UUID):
            raise TypeError(row)
        return restored(
            row.topic,
            row.schema,
            row.state.decode(),
            row.originator_id,
            row.originator_version,
            row.occurred_on,
            row.id,
            self.keys,
        )


class Datastore(PostgresDatastore):
    """The library's datastore around our own pool: its constructor knows neither a search_path nor a whole URL."""

    def __init__(self, pool: ConnectionPool[Any], schema: str) -> None:
        self.pool = pool  # type: ignore[assignment]
        self.schema = schema
        self.pool_open_timeout = None
        self.psycopg_type_adapters = {}


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


class Recorder(PostgresApplicationRecorder):
    """Writes through `append_events`, reads the table `event`; a notification's id is the position."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        # Not the library's constructor: its tables, types and functions are not ours, and migrations make what is.
        PostgresRecorder.__init__(self, datastore)
        self.channel_name = datastore.schema

    def create_table(self) -> None:
        """Nothing: `crm migrate` has made it."""

    @retry(_LOST, max_attempts=3, wait=0.1)
    def append(self, batch: Sequence[tuple[Row, By, bytes]], also: Also | None = None) -> list[Appended]:
        """Store events, each under its command and that command's request hash, in one locked step.

        What is to be done `also` is done in the same transaction, unless the command was repeated. A lost connection
        is tried again: the command ids make that harmless. Raises CommandReused, IntegrityError, KeyGone.
        """
        subjects = _sealed_for(batch)
        with self.datastore.get_connection() as conn:
            if also is None and not subjects:
                return _appended(conn, batch)
            with conn.transaction():
                found = _appended(conn, batch)
                if not found[0].repeated:
                    _check_keys(conn, subjects)
                    if also is not None:
                        also(conn)
            return found

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The positions given to the events of one command (`by`, `request`). Raises AlreadyDone for a repeated one."""
        if not stored_events:
            return None
        by, request = kwargs["by"], kwargs["request"]
        found = self.append([(row, by, request) for row in stored_events if isinstance(row, Row)], kwargs.get("also"))
        if found[0].repeated:
            raise AlreadyDone(Done(found[0].stream, found[0].position, repeated=True))
        return [row.position for row in found]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        found: list[Row] = self._rows(_STREAM_BACKWARDS if desc else _STREAM, (originator_id, gt or 0, lte, limit))
        return found

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        found: list[Row] = self._rows(_NOTIFICATIONS, (after, stop, list(topics) or None, limit))
        return found

    @retry(_LOST, max_attempts=3, wait=0.1)
    def max_notification_id(self) -> int | None:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            (position,) = cursor.execute("SELECT position FROM head WHERE id = 1").fetchone() or (0,)
        return position or None

    @retry(_LOST, max_attempts=3, wait=0.1)
    def _rows(self, query: str, parameters: tuple[Any, ...]) -> list[Row]:
        with self.datastore.get_connection() as conn, conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            cursor.execute(query, parameters, prepare=True)
            return [_row(*found) for found in cursor.fetchall()]


class Factory(PostgresFactory):
    """Hands the library's application our mapper and our recorder."""

    def __init__(self, env: Environment, datastore: Datastore, keys: Keys) -> None:
        BaseInfrastructureFactory.__init__(self, env)  # the one below asks the environment where the database is
        self.datastore = datastore
        self.keys = keys

    def mapper(self, *_: Any, **__: Any) -> Mapper:  # type: ignore[override]
        return Mapper(self.keys)

    def application_recorder(self) -> Recorder:
        return Recorder(self.datastore)


def _row(stream: UUID, version: int, topic: str, data: str, position: int, schema: int, day: date) -> Row:
    return Row(stream, version, topic, data.encode(), position, schema, day)


def _appended(conn: psycopg.Connection[Any], batch: Sequence[tuple[Row, By, bytes]]) -> list[Appended]:
    with conn.cursor(row_factory=tuple_row) as cursor:
        try:
            found = cursor.execute(_APPEND, _arguments(batch), prepare=True).fetchall()
        except psycopg.Error as error:
            if error.sqlstate == _REUSED:
                raise CommandReused(CommandReused.text.en) from error
            raise
    return [Appended._make(row) for row in found]


def _sealed_for(batch: Sequence[tuple[Row, By, bytes]]) -> list[UUID]:
    """Whose keys the events are sealed under."""
    found = {subject for row, _, _ in batch for subject in _SUBJECT.findall(row.state)}
    return [UUID(subject.decode()) for subject in found]


def _check_keys(conn: psycopg.Connection[Any], subjects: Sequence[UUID]) -> None:
    """Under the head's lock, which an erasure takes too: what is there now is there when the events are. Raises KeyGone."""
    if subjects and conn.execute(_GONE, (list(subjects),), prepare=True).fetchone():
        raise KeyGone


_SUBJECT = re.compile(rb'"' + SEALED.encode() + rb"([0-9a-f]{32}):")
_GONE = "SELECT 1 FROM sealing_key WHERE subject = ANY (%s) AND destroyed_at IS NOT NULL LIMIT 1"
_STREAM = """
    SELECT stream, version, topic, data, position, schema, occurred_on FROM event
    WHERE stream = %s AND version > %s AND version <= coalesce(%s::integer, 2147483647)
    ORDER BY version LIMIT %s"""
_STREAM_BACKWARDS = _STREAM.replace("ORDER BY version", "ORDER BY version DESC")
_NOTIFICATIONS = """
    SELECT stream, version, topic, data, position, schema, occurred_on FROM event
    WHERE position > %s AND position <= coalesce(%s::bigint, 9223372036854775807)
      AND topic = ANY (coalesce(%s::text[], ARRAY[topic]))
    ORDER BY position LIMIT %s"""
_APPEND = (
    "SELECT command, stream, position, repeated FROM append_events(%s::uuid[], %s::integer[], %s::text[], %s::integer[], "
    "%s::date[], %s::text[], %s::uuid[], %s::bytea[], %s::uuid[], %s::text[], %s::uuid[])"
)


def _arguments(batch: Sequence[tuple[Row, By, bytes]]) -> tuple[str, ...]:
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
    )


def _plain(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _quoted(values: Iterable[str]) -> str:
    return "{" + ",".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in values) + "}"
