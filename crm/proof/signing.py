"""The key that signs the ledger's states: its private half in a file only the owner reads, its public half in the database."""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from psycopg import Connection

from crm.clock import now
from crm.keys import kept_key
from crm.proof.note import Signer, VerifierKey
from crm.settings import Settings
from domain.base import Refused


class LogKey(NamedTuple):
    """A key of this log, in use or retired."""

    id: str
    name: str
    public: bytes
    made_at: datetime
    retired_at: datetime | None

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.public)


class KeyMissing(Refused):
    """The private half of the key in use is not here."""

    def __init__(self, key: LogKey, path: Path) -> None:
        super().__init__(
            "log_key.missing",
            "签名密钥 {id} 不在：请把当时的私钥文件放回，存为 {file}（或设 CRM_LOG_KEY）；确已丢失的，运行 crm audit rotate-key --start-over。",
            "The signing key {id} is missing: put its file back as {file} (or set CRM_LOG_KEY); "
            "if it is lost, run crm audit rotate-key --start-over.",
            id=key.id,
            file=str(path),
        )


class OtherOrigin(Refused):
    """The log is known to the outside under another name."""

    def __init__(self, key: LogKey) -> None:
        super().__init__(
            "log_key.origin",
            "本账本对外的名称是 {name}，不能更改；请把 CRM_LOG_ORIGIN 设回 {name}，或不设。",
            "The ledger is known to the outside as {name}, which cannot change: set CRM_LOG_ORIGIN to {name}, or unset it.",
            name=key.name,
        )


def keys(conn: Connection[Any]) -> list[LogKey]:
    """Every key there was, from the first on."""
    rows = conn.execute("SELECT id, name, public, made_at, retired_at FROM log_key ORDER BY made_at, id").fetchall()
    return [LogKey._make(row) for row in rows]


def active(conn: Connection[Any]) -> LogKey | None:
    """The key in use; None before the first checkpoint."""
    return next((key for key in reversed(keys(conn)) if key.retired_at is None), None)


def origin(settings: Settings, conn: Connection[Any]) -> str:
    """What the log is called outside. Raises OtherOrigin when the setting says something else than it used to."""
    key = active(conn)
    if key and settings.log_origin not in {None, key.name}:
        raise OtherOrigin(key)
    return key.name if key else settings.log_origin or f"landfall/{settings.schema_name}"


def signer(settings: Settings, conn: Connection[Any]) -> Signer:
    """Who signs now; the first key is made when nobody has signed yet. Raises KeyMissing, OtherOrigin."""
    name, key = origin(settings, conn), active(conn)
    if key is None:
        made = Signer(name, settings.log_seed() or kept_key(key_file(settings)))
        enter(conn, made)
        return made
    waiting = next_key_file(settings)
    if waiting.exists() and Signer(name, kept_key(waiting)).key == key.verifier:
        waiting.replace(key_file(settings))  # a rotation that was cut short
    found = next((one for seed in at_hand(settings) if (one := Signer(name, seed)).key == key.verifier), None)
    if found is None:
        raise KeyMissing(key, key_file(settings))
    return found


def enter(conn: Connection[Any], signer: Signer) -> None:
    """Make the public half known."""
    conn.execute(
        "INSERT INTO log_key (id, name, public, made_at) VALUES (%s, %s, %s, %s) ON CONFLICT (id) DO NOTHING",
        (signer.key.id.hex(), signer.name, signer.key.public, now()),
    )


def take_over(conn: Connection[Any], signer: Signer) -> None:
    """Make the public half known and retire every other key."""
    enter(conn, signer)
    conn.execute(
        "UPDATE log_key SET retired_at = %s WHERE retired_at IS NULL AND id <> %s", (now(), signer.key.id.hex())
    )


def key_file(settings: Settings) -> Path:
    return _beside(settings, "key")


def next_key_file(settings: Settings) -> Path:
    """Where a new key waits until it is in use."""
    return _beside(settings, "key.next")


def memory_file(settings: Settings) -> Path:
    """Where the signer remembers, out of the database's reach, what it signed last."""
    return _beside(settings, "signed")


def replace(path: Path, text: str) -> None:
    """Put `text` where it is wholly there or not at all, for the owner's eyes only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def at_hand(settings: Settings) -> list[bytes]:
    """The private keys there are: the one given, the one kept."""
    given, file = settings.log_seed(), key_file(settings)
    return [*([given] if given else []), *([kept_key(file)] if file.exists() else [])]


def _beside(settings: Settings, what: str) -> Path:
    """Several districts may share a data folder."""
    default = settings.schema_name == type(settings).model_fields["schema_name"].default
    return settings.data_dir / (f"log.{what}" if default else f"log-{settings.schema_name}.{what}")
