"""The master key: wraps the key of every person, lead, document and import, and is never in the database."""

import secrets
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection

from crm.opening import NONCE_BYTES
from domain.base import Refused

KEY_BITS: Final = 256
MARK: Final = UUID("00000000-0000-0000-0000-00005ea2c4e7")
"""The subject of the key that names are searched by. It is never destroyed: by it one sees which master key is in force."""


class Tampered(RuntimeError):
    """A sealed text or a wrapped key is not what was written: wrong master key, or somebody has changed it."""

    def __init__(self) -> None:
        super().__init__(
            "密文或密钥被改动，或主密钥不对（主密钥刚更换过的话，请重新启动服务） · A sealed text or key was changed, or "
            "CRM_MASTER_KEY is not the one it was made with (after a rotation: restart)."
        )


def wrapped(master: AESGCM, subject: UUID, key: bytes) -> bytes:
    """`key` under the master key, bound to its subject."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + master.encrypt(nonce, key, subject.bytes)


def unwrapped(master: AESGCM, subject: UUID, content: bytes) -> bytes:
    """The key again. Raises Tampered."""
    try:
        return master.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], subject.bytes)
    except (InvalidTag, ValueError) as error:
        raise Tampered from error


class Master:
    """The master key as this process knows it; `again` reads it anew, for it can be changed while we run."""

    def __init__(self, key: bytes, again: Callable[[], bytes] | None = None) -> None:
        self._cipher = AESGCM(key)
        self._key = key
        self._again = again

    def wrap(self, subject: UUID, key: bytes) -> bytes:
        return wrapped(self._cipher, subject, key)

    def unwrap(self, subject: UUID, content: bytes) -> bytes:
        """The key again, under whatever master key is in force now. Raises Tampered."""
        try:
            return unwrapped(self._cipher, subject, content)
        except Tampered:
            if not self._renewed():
                raise
            return unwrapped(self._cipher, subject, content)

    def _renewed(self) -> bool:
        key = self._again() if self._again else self._key
        if key == self._key:
            return False
        self._key, self._cipher = key, AESGCM(key)
        return True


def fits(connection: Connection[Any], master: bytes) -> bool:
    """Whether the keys of this district were wrapped with `master`; true while there are none."""
    row = connection.execute(
        "SELECT subject, wrapped FROM sealing_key WHERE wrapped IS NOT NULL ORDER BY subject LIMIT 1"
    ).fetchone()
    try:
        if row is not None:
            unwrapped(AESGCM(master), *row)
    except Tampered:
        return False
    return True


def check_master(connection: Connection[Any], master: bytes) -> None:
    """Refused unless the keys of this district were wrapped with `master`: another would seal what nobody can open later."""
    if not fits(connection, master):
        raise Refused(
            "keys.master",
            "本区的联系人资料是用另一把主密钥加密的；请放回当时的 master.key，或把 CRM_MASTER_KEY 设为那一把。",
            "The contact persons of this district are encrypted under another master key: put its master.key back, "
            "or set CRM_MASTER_KEY to it.",
        )


def make_mark(connection: Connection[Any], master: bytes) -> None:
    """Have the key that names are searched by, where the master key is the right one; says nothing where it is not."""
    if fits(connection, master):
        connection.execute(
            "INSERT INTO sealing_key (subject, wrapped, created_at) VALUES (%s, %s, statement_timestamp()) "
            "ON CONFLICT (subject) DO NOTHING",
            (MARK, wrapped(AESGCM(master), MARK, AESGCM.generate_key(KEY_BITS))),
        )
