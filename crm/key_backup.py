"""The keys of a district in a file of their own, apart from its data, with a day after which it is not taken back.

A data backup without its keys is noise. So erasure reaches into backups: once the last file of keys from before it has
expired and was deleted, nobody can read that person in any of them.
"""

import base64
import json
import os
import secrets
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from psycopg import Connection

from crm.clock import now
from crm.master import MARK, check_master, unwrapped, wrapped
from crm.opening import NONCE_BYTES
from crm.settings import Settings
from domain.base import Refused

FORMAT: Final = "landfall-keys"
DAYS: Final = 30
DAYS_AT_MOST: Final = 365
_SALT_BYTES: Final = 16
_SCRYPT: Final = {"n": 1 << 15, "r": 8, "p": 1}


_PUT_BACK: Final = (
    "INSERT INTO sealing_key AS kept (subject, wrapped, created_at, destroyed_at, successor) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (subject) DO UPDATE SET wrapped = CASE WHEN excluded.wrapped IS NULL THEN NULL ELSE kept.wrapped END, "
    "destroyed_at = coalesce(kept.destroyed_at, excluded.destroyed_at), "
    "successor = coalesce(kept.successor, excluded.successor)"
)


class NotKeys(Refused):
    """The file is something else, was changed or cut short, or is under another key or passphrase."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "keys.unreadable",
            "{path} 打不开：不是密钥备份、被改动过，或者主密钥（口令）不对。",
            "{path} cannot be opened: it is no backup of keys, was changed, or the master key (passphrase) is another.",
            path=str(path),
        )


class Kept(NamedTuple):
    """One key; `key` is None once it was destroyed."""

    subject: UUID
    key: bytes | None
    created_at: datetime
    destroyed_at: datetime | None
    successor: UUID | None


class Restored(NamedTuple):
    """How many keys came back, were there already, and stay destroyed."""

    back: int
    there: int
    destroyed: int


def write(
    settings: Settings, connection: Connection[Any], path: Path, days: int = DAYS, passphrase: str | None = None
) -> dict[str, Any]:
    """Write the keys as they stand; the head of the file. Refused where it exists, and with the wrong master key."""
    if path.exists():
        raise Refused(
            "backup.exists", "{path} 已存在，不会覆盖。", "{path} exists and is not overwritten.", path=str(path)
        )
    check_master(connection, settings.wrapping_key())
    keys = [_row(one) for one in _kept(connection, settings.wrapping_key())]
    made, salt = now(), secrets.token_bytes(_SALT_BYTES)
    head = {
        "format": FORMAT, "format_version": 1, "schema": settings.schema_name, "made_at": made.isoformat(timespec="seconds"),
        "expires_at": (made + timedelta(days=days)).isoformat(timespec="seconds"), "keys": len(keys),
        "under": "passphrase" if passphrase else "master", "salt": base64.b64encode(salt).decode(),
    }  # fmt: skip
    said = json.dumps(head, ensure_ascii=False).encode()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(settings, salt, passphrase).encrypt(nonce, zlib.compress(json.dumps(keys).encode()), said)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(said + b"\n" + nonce + sealed)
        file.flush()
        os.fsync(descriptor)
    return head


def head_of(path: Path) -> dict[str, Any]:
    """What the file says of itself, not yet believed. Raises NotKeys."""
    with path.open("rb") as file:
        line = file.readline(1 << 16)
    try:
        head = json.loads(line)
    except ValueError:
        raise NotKeys(path) from None
    if not isinstance(head, dict) or head.get("format") != FORMAT or head.get("format_version") != 1:
        raise NotKeys(path)
    return head


def read(settings: Settings, path: Path, passphrase: str | None = None) -> list[Kept]:
    """The keys in the file. Refused once it has expired; raises NotKeys."""
    head = head_of(path)
    said, _, content = path.read_bytes().partition(b"\n")
    try:
        cipher = _cipher(settings, base64.b64decode(head["salt"]), passphrase)
        keys = json.loads(zlib.decompress(cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], said)))
        expires = datetime.fromisoformat(head["expires_at"])
    except (InvalidTag, KeyError, ValueError, zlib.error):
        raise NotKeys(path) from None
    if now() >= expires:
        raise Refused(
            "keys.expired",
            "这份密钥备份已于 {when:%Y-%m-%d} 到期，不能再恢复；请销毁它。",
            "This backup of keys expired on {when:%Y-%m-%d} and is not taken back; destroy it.",
            when=expires,
        )
    return [_parsed(row) for row in keys]


def put_back(connection: Connection[Any], settings: Settings, keys: Iterable[Kept], gone: Iterable[UUID]) -> Restored:
    """Have those keys again, wrapped with today's master key. Never one of `gone`, nor any that was destroyed here or there."""
    master = AESGCM(settings.wrapping_key())
    there = dict(connection.execute("SELECT subject, destroyed_at IS NOT NULL FROM sealing_key").fetchall())
    erased = {*gone, *(subject for subject, destroyed in there.items() if destroyed)}
    counts = {"back": 0, "there": 0, "destroyed": 0}
    rows = []
    for one in keys:
        destroyed = one.key is None or one.subject in erased
        counts["destroyed" if destroyed else "there" if one.subject in there else "back"] += 1
        content = None if destroyed or one.key is None else wrapped(master, one.subject, one.key)
        when = (one.destroyed_at or now()) if destroyed else None
        rows.append((one.subject, content, one.created_at, when, one.successor))
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_BACK, rows)
    return Restored(**counts)


def _kept(connection: Connection[Any], master: bytes) -> Sequence[Kept]:
    cipher = AESGCM(master)
    rows = connection.execute(
        "SELECT subject, wrapped, created_at, destroyed_at, successor FROM sealing_key WHERE subject <> %s ORDER BY subject",
        (MARK,),
    ).fetchall()
    return [Kept(subject, content and unwrapped(cipher, subject, content), *rest) for subject, content, *rest in rows]


def _row(one: Kept) -> list[str | None]:
    return [
        one.subject.hex,
        base64.b64encode(one.key).decode() if one.key else None,
        one.created_at.isoformat(),
        one.destroyed_at.isoformat() if one.destroyed_at else None,
        one.successor.hex if one.successor else None,
    ]


def _parsed(row: Sequence[str | None]) -> Kept:
    subject, key, created_at, destroyed_at, successor = row
    return Kept(
        UUID(subject),
        base64.b64decode(key) if key else None,
        datetime.fromisoformat(str(created_at)),
        datetime.fromisoformat(destroyed_at) if destroyed_at else None,
        UUID(successor) if successor else None,
    )


def _cipher(settings: Settings, salt: bytes, passphrase: str | None) -> AESGCM:
    """The file's own key: of the passphrase where there is one, else of the master key."""
    if passphrase:
        return AESGCM(Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode()))
    return AESGCM(HKDF(SHA256(), 32, salt, b"landfall key backup").derive(settings.wrapping_key()))
