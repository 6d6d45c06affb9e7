"""Which of the many checkpoints go into a bundle: those its key vouches for, thinned where there are very many."""

from collections.abc import Callable, Iterable
from typing import Any

from psycopg import Connection

from crm.clock import SHANGHAI
from crm.proof.checkpoint import Stored, listed
from crm.proof.note import Note

MOST = 300
_LOOKED_AT = 100_000


def checkpoints(conn: Connection[Any], signed: Stored) -> list[Stored]:
    """Up to `signed`, the smallest first. Where there are more than MOST, the last of each day, or of each month."""
    earlier = [
        one for one in listed(conn, _LOOKED_AT, before=signed.size + 1) if one != signed and one.size < signed.size
    ]
    found = _vouched([*reversed(earlier), signed], signed)
    for period in _PERIODS:
        if len(found) > MOST:
            found = _last_of_each(found, period)
    return found


def _vouched(found: Iterable[Stored], signed: Stored) -> list[Stored]:
    """Those of the key that signed, and of keys that signed a checkpoint together with one of these: so keys are replaced."""
    signers = {one: _signers(one) for one in found}
    believed, before = set(signers[signed]), 0
    while len(believed) != before:
        before = len(believed)
        believed |= {key for keys in signers.values() if keys & believed for key in keys}
    return [one for one, keys in signers.items() if keys & believed]


def _signers(one: Stored) -> frozenset[bytes]:
    return frozenset(signature.id for signature in Note.parse(one.note).signatures)


def _last_of_each(found: list[Stored], period: Callable[[Stored], str]) -> list[Stored]:
    """Where keys changed hands stays, or nobody could tell that they did."""
    last = {period(one): one for one in found}
    return [one for one in found if last[period(one)] is one or len(_signers(one)) > 1]


def _day(one: Stored) -> str:
    return f"{one.recorded_at.astimezone(SHANGHAI):%Y-%m-%d}"


_PERIODS: tuple[Callable[[Stored], str], ...] = (_day, lambda one: _day(one)[:7])
