"""A new signing key. The checkpoint at that moment is signed by the old key and the new, so that who trusts the one may trust the other."""

import secrets
from typing import Any, NamedTuple

from psycopg import Connection

from crm.keys import KEY_BYTES
from crm.proof import signing
from crm.proof.checkpoint import Stored, claims, keep, lock
from crm.proof.growth import Progress, grown
from crm.proof.note import Signer, VerifierKey
from crm.settings import Settings


class Rotated(NamedTuple):
    """The keys before and after (`old` is None where trust was not carried over), and the checkpoint that says so."""

    old: VerifierKey | None
    new: VerifierKey
    checkpoint: Stored


def rotate(settings: Settings, conn: Connection[Any], progress: Progress | None = None) -> Rotated:
    """From now on a new key signs. Raises what `make` raises: only the old key's holder can hand over."""
    while True:
        old = signing.signer(settings, conn)
        before = claims(settings, conn, old)
        state = grown(conn, before, progress)
        new = _waiting(settings, old.name)
        with conn.transaction():
            lock(conn)
            if signing.signer(settings, conn) == old and claims(settings, conn, old) == before:
                signing.take_over(conn, new)
                made = keep(settings, conn, state, [new, old])
                break
    _put_to_use(settings)
    return Rotated(old.key, new.key, made)


def start_over(settings: Settings, conn: Connection[Any], progress: Progress | None = None) -> Rotated:
    """A new key signs the ledger as it is, alone: the old one is lost, or an older backup was restored.

    Nothing that was signed before is held against the ledger; only the chain of its events is. Raises NotAnExtension.
    """
    known = signing.active(conn)
    name = settings.log_origin or (known.name if known else signing.origin(settings, conn))
    new = _waiting(settings, name)
    state = grown(conn, [], progress)
    with conn.transaction():
        lock(conn)
        signing.take_over(conn, new)
        made = keep(settings, conn, state, [new])
    _put_to_use(settings)
    return Rotated(None, new.key, made)


def _waiting(settings: Settings, name: str) -> Signer:
    """A new key, kept before anything is signed with it."""
    seed = secrets.token_bytes(KEY_BYTES)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    signing.replace(signing.next_key_file(settings), seed.hex() + "\n")
    return Signer(name, seed)


def _put_to_use(settings: Settings) -> None:
    signing.next_key_file(settings).replace(signing.key_file(settings))
