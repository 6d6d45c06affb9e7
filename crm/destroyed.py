"""Which keys are gone for good, told by the events: what a backup of keys must never bring back."""

from collections import Counter
from typing import Any
from uuid import UUID

from psycopg import Connection

from crm.documents import document_subject
from crm.erasure import destroyed_by, text_subject
from crm.sealing import destroy_keys
from domain.erasure import MoreErased, PersonErased
from projections.stored import Recorded, decode

_ERASED = (
    "SELECT position, stream, version, topic, schema, occurred_on, recorded_at, actor, role, command, origin, data, hash "
    "FROM event WHERE topic = ANY (%s) ORDER BY position"
)
_SEALED = (
    "SELECT DISTINCT m[1]::uuid, m[2]::uuid FROM event, "
    "regexp_matches(data, 'sealed:v1:([0-9a-f]{32}):([0-9a-f]{32}):', 'g') AS m"
)
_GENERATIONS_AT_MOST = 50


def destroyed(connection: Connection[Any]) -> dict[UUID, UUID | None]:
    """Every key that an erasure took, with its successor."""
    gone: dict[UUID, UUID | None] = {}
    generations: Counter[UUID] = Counter()
    for row in connection.execute(_ERASED, ([PersonErased.TOPIC, MoreErased.TOPIC],)).fetchall():
        event = decode(Recorded._make(row))
        if isinstance(event, PersonErased):
            gone |= destroyed_by(event, generations)
            generations.update(event.texts)
    return gone


def lose(connection: Connection[Any]) -> int:
    """Give every key up: what was sealed until now shows as erased, what is written from now on gets new keys."""
    gone: dict[UUID, UUID | None] = {}
    for subject, stream in connection.execute(_SEALED).fetchall():
        gone[subject] = _successor(subject, stream)
    for stream, sha256, subject in connection.execute("SELECT stream, sha256, subject FROM document").fetchall():
        gone.setdefault(subject or document_subject(stream, sha256), None)
    gone |= {subject: None for (subject,) in connection.execute("SELECT id FROM import").fetchall()}
    destroy_keys(connection, gone)
    return len(gone)


def _successor(subject: UUID, stream: UUID) -> UUID | None:
    """What a stream's free texts go on under; None for a person's."""
    for generation in range(_GENERATIONS_AT_MOST) if subject == stream or subject.version == 5 else ():  # noqa: PLR2004
        if text_subject(stream, generation) == subject:
            return text_subject(stream, generation + 1)
    return None
