"""The hash chain: every event is bound to all before it (docs/decisions/0002-hash-chain.md)."""

import hashlib
from datetime import UTC, date, datetime

from projections.stored import Recorded

GENESIS = bytes(32)
"""What the first event is chained to."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1).toordinal()


def link(prev: bytes, row: Recorded) -> bytes:
    """The hash of `row`, chained to the one before. The same as `append_events` computes; written down there."""
    return digest(
        prev,
        row.position.to_bytes(8, "big"),
        microseconds(row.recorded_at),
        row.stream.bytes,
        row.version.to_bytes(4, "big"),
        row.topic.encode(),
        row.schema.to_bytes(4, "big"),
        (row.occurred_on.toordinal() - _FIRST_DAY).to_bytes(4, "big", signed=True),
        row.actor.bytes,
        row.role.encode(),
        row.command.bytes,
        row.origin.bytes if row.origin else b"",
        row.data.encode(),
    )


def microseconds(moment: datetime) -> bytes:
    """A moment as it is hashed: microseconds since 1970-01-01 UTC, in eight bytes."""
    elapsed = moment - _EPOCH
    return ((elapsed.days * 86400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds).to_bytes(8, "big")


def digest(*fields: bytes) -> bytes:
    """SHA-256 over fields, each preceded by its length in four bytes."""
    return hashlib.sha256(b"".join(len(field).to_bytes(4, "big") + field for field in fields)).digest()
