"""Personal data at rest: sealed per person (or per stream) with AES-256-GCM, under keys that can be destroyed.

A sealed text says itself what it is: `sealed:v1:<subject>:<stream>:<version>:<field>:<base64 of nonce and ciphertext>`.
All before the last colon is authenticated with it, so it can be opened from wherever it was copied to (a read model,
an export), and nothing can be passed off as another field, event or person.
"""

import base64
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg_pool import ConnectionPool

from crm.clock import now
from crm.sealed import ERASED
from domain.base import Refused
from projections.stored import SEALED

_NONCE_BYTES = 12
_KEY_BITS = 256
_HELD_SECONDS = 10.0  # how long another process may still open what was erased here
_HELD_AT_MOST = 50_000


class Tampered(RuntimeError):
    """A sealed text or a wrapped key is not what was written: wrong master key, or somebody has changed it."""

    def __init__(self) -> None:
        super().__init__(
            "密文或密钥被改动，或主密钥不对 · A sealed text or key was changed, or CRM_MASTER_KEY is not the one it was made with."
        )


def check_master(connection: Connection[Any], master: bytes) -> None:
    """Refused unless the keys of this district were wrapped with `master`: another would seal what nobody can open later."""
    row = connection.execute(
        "SELECT subject, wrapped FROM sealing_key WHERE wrapped IS NOT NULL ORDER BY subject LIMIT 1"
    ).fetchone()
    try:
        if row is not None:
            _unwrapped(AESGCM(master), *row)
    except Tampered:
        raise Refused(
            "keys.master",
            "本区的联系人资料是用另一把主密钥加密的；请放回当时的 master.key，或把 CRM_MASTER_KEY 设为那一把。",
            "The contact persons of this district are encrypted under another master key: put its master.key back, "
            "or set CRM_MASTER_KEY to it.",
        ) from None


def _unwrapped(master: AESGCM, subject: UUID, wrapped: bytes) -> AESGCM:
    try:
        return AESGCM(master.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], subject.bytes))
    except InvalidTag as error:
        raise Tampered from error


class Keys:
    """The keys of this district: made when first needed, unwrapped in memory for seconds, destroyed for good."""

    def __init__(self, pool: ConnectionPool[Any], master: bytes) -> None:
        self._pool = pool
        self._master = AESGCM(master)
        self._held: dict[UUID, tuple[AESGCM, float]] = {}

    # ── sealing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def prepare(self, subjects: Iterable[UUID]) -> dict[UUID, AESGCM]:
        """Have a key for each of `subjects`, making those that are missing. Refused for one whose key was destroyed."""
        wanted = list(dict.fromkeys(subjects))
        found = self._ciphers(wanted)
        missing = [subject for subject in wanted if subject not in found]
        if missing:
            self._make(missing)
            found |= self._ciphers(missing)
        if len(found) < len(wanted):
            raise Refused(
                "sealing.erased",
                "该联系人的资料已依法删除，不能再写入；请作为新的联系人添加。",
                "This person's data was erased by law and cannot be written again; add them as a new contact person.",
                field="contacts",
            )
        return found

    def seal(self, subject: UUID, stream: UUID, version: int, field: str, text: str) -> str:
        """`text` as ciphertext. The mark of an erased text stays as it is."""
        if text == ERASED:
            return text
        header = f"{SEALED}{subject.hex}:{stream.hex}:{version}:{field}"
        sealed = self.encrypt(subject, text.encode(), header.encode())
        return f"{header}:{base64.b64encode(sealed).decode()}"

    def encrypt(self, subject: UUID, content: bytes, name: bytes) -> bytes:
        """Nonce and ciphertext of `content`, bound to its `name`."""
        cipher = self._cipher(subject) or self.prepare([subject])[subject]
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, content, name)

    # ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, text: str) -> str:
        """The plain text of a sealed one, ERASED where its key is gone; any other text as it is."""
        return str(self.open_all(text))

    def open_all(self, value: Any) -> Any:
        """`value` with every sealed text in it opened, however deep in dicts, lists and tuples. One query at most."""
        subjects: set[UUID] = set()
        _note_subjects(value, subjects)
        return _opened(value, self._ciphers(subjects)) if subjects else value

    def decrypt(self, subject: UUID, sealed: bytes, name: bytes) -> bytes | None:
        """What `encrypt` was given; None once the subject's key is gone. Raises Tampered."""
        cipher = self._ciphers([subject]).get(subject)
        if cipher is None:
            return None
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name)
        except (ValueError, InvalidTag) as error:
            raise Tampered from error

    # ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def destroy(self, subject: UUID) -> None:
        """Make everything sealed for `subject` unreadable for good, and refuse to seal for it again."""
        moment = now()
        with self._pool.connection() as conn:
            conn.execute(
                "INSERT INTO sealing_key (subject, wrapped, created_at, destroyed_at) VALUES (%s, NULL, %s, %s) "
                "ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at",
                (subject, moment, moment),
            )
        self._held.pop(subject, None)

    def _cipher(self, subject: UUID) -> AESGCM | None:
        held = self._held.get(subject)
        return held[0] if held and held[1] > time.monotonic() else None

    def _ciphers(self, subjects: Iterable[UUID]) -> dict[UUID, AESGCM]:
        """The keys there are for `subjects`; the caller keeps them while it works, whatever is forgotten meanwhile."""
        found: dict[UUID, AESGCM] = {}
        wanted: list[UUID] = []
        for subject in subjects:
            cipher = self._cipher(subject)
            if cipher is None:
                wanted.append(subject)
            else:
                found[subject] = cipher
        return found | self._load(wanted) if wanted else found

    def _load(self, subjects: list[UUID]) -> dict[UUID, AESGCM]:
        with self._pool.connection() as conn:
            rows = conn.execute(
                "SELECT subject, wrapped FROM sealing_key WHERE subject = ANY (%s) AND wrapped IS NOT NULL", (subjects,)
            ).fetchall()
        found = {subject: _unwrapped(self._master, subject, wrapped) for subject, wrapped in rows}
        if len(self._held) > _HELD_AT_MOST:
            self._held.clear()
        until = time.monotonic() + _HELD_SECONDS
        self._held |= {subject: (cipher, until) for subject, cipher in found.items()}
        return found

    def _make(self, subjects: list[UUID]) -> None:
        wrapped = [self._wrapped(subject, AESGCM.generate_key(_KEY_BITS)) for subject in subjects]
        with self._pool.connection() as conn:
            conn.execute(
                "INSERT INTO sealing_key (subject, wrapped, created_at) "
                "SELECT s.subject, s.wrapped, %s FROM unnest(%s::uuid[], %s::bytea[]) AS s (subject, wrapped) "
                "ON CONFLICT (subject) DO NOTHING",
                (now(), subjects, wrapped),
            )

    def _wrapped(self, subject: UUID, key: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, key, subject.bytes)


_FORM = re.compile(rf"({SEALED}([0-9a-f]{{32}}):[0-9a-f]{{32}}:\d+:[^:]+):([A-Za-z0-9+/]+=*)")
"""Header, subject in it, nonce and ciphertext."""


@lru_cache(maxsize=4096)
def _subject(hexadecimal: str) -> UUID:
    """Most of what is opened together has few subjects, and reading a UUID takes longer than decrypting a text."""
    return UUID(hex=hexadecimal)


def _note_subjects(value: Any, found: set[UUID]) -> None:
    if isinstance(value, str):
        if value.startswith(SEALED) and (form := _FORM.fullmatch(value)):
            found.add(_subject(form[2]))
    elif isinstance(value, dict):
        for inner in value.values():
            _note_subjects(inner, found)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _note_subjects(inner, found)


def _opened(value: Any, ciphers: Mapping[UUID, AESGCM]) -> Any:
    if isinstance(value, str):
        return _opened_text(value, ciphers) if value.startswith(SEALED) else value
    if isinstance(value, dict):
        return {name: _opened(inner, ciphers) for name, inner in value.items()}
    if isinstance(value, list):
        return [_opened(inner, ciphers) for inner in value]
    if isinstance(value, tuple):
        parts = [_opened(inner, ciphers) for inner in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def _opened_text(text: str, ciphers: Mapping[UUID, AESGCM]) -> str:
    form = _FORM.fullmatch(text)
    if form is None:
        return text
    header, subject, sealed = form.groups()
    cipher = ciphers.get(_subject(subject))
    if cipher is None:
        return ERASED
    try:
        raw = base64.b64decode(sealed, validate=True)
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], header.encode()).decode()
    except (ValueError, InvalidTag):
        # Somebody typed a text that looks sealed into a field that is not; a changed event is the chain's to find.
        return text
