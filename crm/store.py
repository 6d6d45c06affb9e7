"""Event ⇄ row, and the recorder through which the library's application writes and reads: one append function, one order."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NoReturn
from uuid import UUID

from eventsourcing.persistence import BaseInfrastructureFactory, JSONTranscoder, Notification, StoredEvent
from eventsourcing.persistence import Mapper as LibraryMapper
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory, PostgresRecorder
from eventsourcing.utils import Environment, retry
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from crm.appending import LOST, Also, Appended, Appending, Batch, Row
from crm.chain import GENESIS, link
from crm.sealed import sealed_payloads
from crm.sealing import Keys
from domain.base import Event
from projections.stored import Recorded, UnknownEvent, decode, read, restored

__all__ = ["GENESIS", "Datastore", "Mapper", "Recorded", "Recorder", "Row", "UnknownEvent", "decode", "link", "read"]


class Mapper(LibraryMapper[UUID]):
    """Event ⇄ row: topics instead of import paths, JSON by pydantic, sealed where the domain says so."""

    def __init__(self, keys: Keys) -> None:
        super().__init__(JSONTranscoder())  # never asked: events are pydantic models
        self.keys = keys

    def rows(self, events: Sequence[Event]) -> list[Row]:
        """The rows of events that are to be stored; the keys they take are had at once. Refused for somebody erased."""
        return [
            Row(
                event.originator_id, event.originator_version, event.TOPIC, state, 0, event.SCHEMA, event.occurred_on
            )
            for event, state in zip(events, sealed_payloads(events, self.keys), strict=True)
        ]  # fmt: skip

    def to_stored_event(self, event: Event) -> Row:  # type: ignore[override]
        return self.rows([event])[0]

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


class Recorder(PostgresApplicationRecorder):
    """Writes through `append_events`, reads the table `event`; a notification's id is the position."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        # Not the library's constructor: its tables, types and functions are not ours, and migrations make what is.
        PostgresRecorder.__init__(self, datastore)
        self.channel_name = datastore.schema
        self._appending = Appending(datastore)

    def create_table(self) -> None:
        """Nothing: `crm migrate` has made it."""

    def append(self, batch: Batch, also: Also | None = None) -> list[Appended]:
        """Store events, each under its command and that command's request hash, in one locked step.

        What is to be done `also` is done in the same transaction, unless the command was repeated. A lost connection
        is tried again: the command ids make that harmless. Raises CommandReused, IntegrityError, KeyGone.
        """
        return self._appending.append_also(batch, also) if also else self._appending.append(batch)

    def insert_events(self, *_: Any, **__: Any) -> NoReturn:
        """Not this way, which is the library's: an event is stored under a command."""
        raise TypeError("events are stored by Ledger.record")

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[Row]:
        return self._rows(_STREAM_BACKWARDS if desc else _STREAM, (originator_id, gt or 0, lte, limit))

    def select_since(self, last: Row, subjects: Iterable[UUID]) -> list[Row]:
        """That event and those after it in its stream; the first is another where a key of `subjects` was destroyed."""
        parameters = (last.originator_id, last.originator_version, list(subjects))
        return self._rows(_SINCE, parameters)

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
        return self._rows(_NOTIFICATIONS, (after, stop, list(topics) or None, limit))

    @retry(LOST, max_attempts=3, wait=0.1)
    def max_notification_id(self) -> int | None:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            (position,) = cursor.execute("SELECT position FROM head WHERE id = 1").fetchone() or (0,)
        return position or None

    def _rows(self, query: str, parameters: tuple[Any, ...]) -> list[Row]:
        found: list[Row] = self._fetched(query, parameters)
        return found

    @retry(LOST, max_attempts=3, wait=0.1)
    def _fetched(self, query: str, parameters: tuple[Any, ...]) -> list[Row]:
        with self.datastore.get_connection() as conn, conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            cursor.execute(query, parameters, prepare=True)
            return [_row(*found) for found in cursor.fetchall()]


class Factory(PostgresFactory):
    """Hands the library's application our mapper and our recorder."""

    def __init__(self, env: Environment, datastore: Datastore, mapper: Mapper, recorder: Recorder) -> None:
        BaseInfrastructureFactory.__init__(self, env)  # the one below asks the environment where the database is
        self.datastore = datastore
        self._mapper, self._recorder = mapper, recorder

    def mapper(self, *_: Any, **__: Any) -> Mapper:  # type: ignore[override]
        return self._mapper

    def application_recorder(self) -> Recorder:
        return self._recorder


def _row(stream: UUID, version: int, topic: str, data: str, position: int, schema: int, day: date) -> Row:
    return Row(stream, version, topic, data.encode(), position, schema, day)


_STREAM = """
    SELECT stream, version, topic, data, position, schema, occurred_on FROM event
    WHERE stream = %s AND version > %s AND version <= coalesce(%s::integer, 2147483647)
    ORDER BY version LIMIT %s"""
_STREAM_BACKWARDS = _STREAM.replace("ORDER BY version", "ORDER BY version DESC")
# A destroyed key's row comes first: as an event it would have the version 0.
_SINCE = """
    SELECT stream, version, topic, data, position, schema, occurred_on FROM event WHERE stream = %s AND version >= %s
    UNION ALL
    SELECT subject, 0, '', '', 0, 0, date 'epoch' FROM sealing_key WHERE subject = ANY (%s) AND destroyed_at IS NOT NULL
    ORDER BY version"""
_NOTIFICATIONS = """
    SELECT stream, version, topic, data, position, schema, occurred_on FROM event
    WHERE position > %s AND position <= coalesce(%s::bigint, 9223372036854775807)
      AND topic = ANY (coalesce(%s::text[], ARRAY[topic]))
    ORDER BY position LIMIT %s"""
