"""Which record a line is: the same content gets the same id in every run, so that a second run finds what the first made."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.corrections import event as correction
from domain.values import Money

MOST_GENERATIONS: Final = 1000


class Known(NamedTuple):
    """A record that a line's content has become: by which import, and whether it is void since."""

    origin: UUID | None
    void: bool


class Identity:
    """Gives ids. They are keyed: nobody can find out what a line said by trying what its id would be."""

    def __init__(self, secret: bytes, schema: str, aggregate: str, rows: str) -> None:
        self._key = hmac.digest(secret, f"import {rows} of {schema}".encode(), hashlib.sha256)
        self._aggregate = aggregate.encode()
        self._seen: Counter[bytes] = Counter()

    def content(self, given: Mapping[str, Any]) -> bytes:
        """What stands for a line: its values, and how many lines of this run said exactly the same before it."""
        text = json.dumps({key: _plain(given[key]) for key in sorted(given)}, ensure_ascii=False)
        digest = hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
        self._seen[digest] += 1
        return digest + self._seen[digest].to_bytes(4, "big")

    def record(self, content: bytes, generation: int) -> UUID:
        """The id of the record; a next generation follows once an undone import has left the one before void."""
        return self._id(self._aggregate, content, generation)

    def command(self, content: bytes, generation: int) -> UUID:
        """The id of the command that makes it with all its steps."""
        return self._id(b"command", content, generation)

    def request(self, content: bytes) -> bytes:
        """What tells this command's request from another."""
        return hmac.digest(self._key, b"request" + content, hashlib.sha256)

    def _id(self, what: bytes, content: bytes, generation: int) -> UUID:
        digest = hmac.digest(self._key, what + generation.to_bytes(4, "big") + content, hashlib.sha256)
        return UUID(bytes=digest[:16], version=5)


def generations(
    conn: Connection[Any], identity: Identity, contents: Iterable[bytes], aggregate: str
) -> dict[bytes, tuple[int, Known | None]]:
    """For each line its generation: that of the living record it has become (with who made it), or the first free one."""
    found: dict[bytes, tuple[int, Known | None]] = {}
    asked = list(contents)
    for generation in range(MOST_GENERATIONS):
        records = {content: identity.record(content, generation) for content in asked}
        there = known(conn, records.values(), aggregate)
        for content, id_ in records.items():
            record = there.get(id_)
            if record is None or not record.void:
                found[content] = (generation, record)
        asked = [content for content in asked if content not in found]
        if not asked:
            break
    return found


def known(conn: Connection[Any], ids: Iterable[UUID], aggregate: str) -> dict[UUID, Known]:
    """Of these records those that exist."""
    rows = conn.execute(_FIRST, (list(ids),)).fetchall()
    void = voided(conn, [stream for stream, _ in rows], aggregate)
    return {stream: Known(origin, stream in void) for stream, origin in rows}


def voided(conn: Connection[Any], ids: Iterable[UUID], aggregate: str) -> set[UUID]:
    """Of these records of one kind those whose first fact is retracted."""
    last: dict[UUID, str] = {}
    wanted = list(ids)
    retracted, reinstated = (correction(aggregate, f"fact_{what}").TOPIC for what in ("retracted", "reinstated"))
    if wanted:
        rows = conn.execute(_CORRECTED, (wanted, [retracted, reinstated])).fetchall()
        last = {stream: topic for stream, topic, data in rows if json.loads(data).get("fact") == 1}
    return {stream for stream, topic in last.items() if topic == retracted}


_FIRST = "SELECT stream, origin FROM event WHERE stream = ANY (%s) AND version = 1"
_CORRECTED = (
    "SELECT stream, topic, data FROM event WHERE stream = ANY (%s) AND topic = ANY (%s) ORDER BY stream, version"
)


def _plain(value: Any) -> Any:
    match value:
        case Money():
            return [value.minor, value.currency, _plain(value.rate)]
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
        case None:
            return None
        case _:
            return str(value)
