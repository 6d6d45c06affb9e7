"""A stored event: the row, and how it becomes an event of the domain again, whatever version it was written in."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format
from pydantic_core import from_json

from domain.base import EVENTS, REPLAY, Event

SEALED = "sealed:v1:"
"""How every sealed text begins, wherever it is kept."""


class Recorded(NamedTuple):
    """One row of the table `event`; `data` is the exact JSON text that is hashed, sealed fields as ciphertext."""

    position: int
    stream: UUID
    version: int
    topic: str
    schema: int
    occurred_on: date
    recorded_at: datetime
    actor: UUID
    role: str
    command: UUID
    origin: UUID | None
    data: str
    hash: bytes


@lru_cache(20_000)
def _id(content: bytes) -> UUID:
    return UUID(bytes=content)


class Ids(Loader):
    """Reads a UUID that was just read before as the same object: the same few people and leads stand in many rows."""

    format = Format.BINARY

    def load(self, data: Buffer) -> UUID:
        return _id(bytes(data))


class Opener(Protocol):
    """Whoever holds the keys to sealed texts."""

    def open_all(self, value: Any) -> Any: ...


class UnknownEvent(LookupError):
    """A stored topic or version that this version of the product does not know."""

    def __init__(self, topic: str, schema: int) -> None:
        super().__init__(
            f"本版本不认识事件 {topic} v{schema} · This version does not know the event {topic} v{schema}."
        )


_READ = (
    "SELECT position, stream, version, topic, schema, occurred_on, recorded_at, actor, role, command, origin, data, hash "
    "FROM event WHERE position > %s ORDER BY position LIMIT %s"
)
_READ_UNTIL = _READ.replace("ORDER BY", "AND position <= %s ORDER BY")


def read(conn: Connection[Any], after: int, limit: int, *, until: int | None = None) -> list[Recorded]:
    """At most `limit` events that stand after position `after`, in order; none after `until`."""
    query, values = (_READ, (after, limit)) if until is None else (_READ_UNTIL, (after, until, limit))
    with conn.cursor(binary=True) as cursor:
        return [Recorded._make(row) for row in cursor.execute(query, values, prepare=True).fetchall()]


def decode(row: Recorded, keys: Opener | None = None) -> Event:
    """The event of a row. Without `keys` sealed fields stay ciphertext; with them they are opened."""
    return restored(row.topic, row.schema, row.data, row.stream, row.version, row.occurred_on, row.position, keys)


def restored(
    topic: str,
    schema: int,
    data: str,
    stream: UUID,
    version: int,
    occurred_on: date,
    position: int,
    keys: Opener | None = None,
) -> Event:
    """The event of what is stored of it: brought to today's fields, its sealed texts opened where `keys` are given."""
    kind = EVENTS.get(topic)
    if kind is None or schema > kind.SCHEMA:
        raise UnknownEvent(topic, schema)
    values: dict[str, Any] = from_json(data)
    for old in range(schema, kind.SCHEMA):
        values = getattr(kind, f"upcast_v{old}")(values)
    if keys is not None and SEALED in data:
        values = keys.open_all(values)
    values["originator_id"] = stream
    values["originator_version"] = version
    values["occurred_on"] = occurred_on
    return kind.model_validate(values, context=REPLAY).placed(position)


# "+ 0" keeps the planner from walking through all positions there are beside the few events of these streams, which it
# does where it knows little of a table that grows.
_OF_STREAMS = (
    "SELECT position, stream, version, topic, schema, occurred_on, recorded_at, actor, role, command, origin, data, hash "
    "FROM event WHERE stream = ANY (%s) AND position + 0 <= %s ORDER BY position"
)


def of_streams(conn: Connection[Any], streams: Iterable[UUID], until: int) -> list[Recorded]:
    """The events of `streams` up to position `until`, in order."""
    with conn.cursor(binary=True) as cursor:
        return [
            Recorded._make(row) for row in cursor.execute(_OF_STREAMS, (list(streams), until), prepare=True).fetchall()
        ]
