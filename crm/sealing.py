"""Personal data at rest: sealed per person (or per stream) with AES-256-GCM, under keys that can be destroyed.

A sealed text says itself what it is: `sealed:v1:<subject>:<stream>:<version>:<field>:<base64 of nonce and ciphertext>`.
All before the last colon is authenticated with it, so it can be opened from wherever it was copied to (a read model,
an export), and nothing can be passed off as another field, event or person.
"""

import base64
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg_pool import ConnectionPool

from crm.clock import now
from crm.master import KEY_BITS, MARK, Master, Tampered, check_master
from crm.opening import NONCE_BYTES, note_subjects, opened
from crm.sealed import ERASED
from domain.base import Refused
from projections.stored import SEALED

__all__ = ["ERASED", "Keys", "Tampered", "check_master", "destroy_keys"]

_HELD_SECONDS: Final = 10.0
"""How long another process may still open what was erased here."""
_HELD_AT_MOST: Final = 50_000

_LOAD = "SELECT subject, wrapped FROM sealing_key WHERE subject = ANY (%s) AND wrapped IS NOT NULL"
# Only while the master key is the one this process wraps with: whoever changes it locks the table first.
_MAKE = (
    "INSERT INTO sealing_key (subject, wrapped, created_at) "
    "SELECT s.subject, s.wrapped, %s FROM unnest(%s::uuid[], %s::bytea[]) AS s (subject, wrapped) "
    "WHERE (SELECT k.wrapped FROM sealing_key k WHERE k.subject = %s) IS NOT DISTINCT FROM %s::bytea "
    "ON CONFLICT (subject) DO NOTHING"
)
_DESTROY = (
    "INSERT INTO sealing_key AS kept (subject, wrapped, created_at, destroyed_at, successor) "
    "SELECT s.subject, NULL, %(at)s, %(at)s, s.successor "
    "FROM unnest(%(subjects)s::uuid[], %(successors)s::uuid[]) AS s (subject, successor) "
    "ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = coalesce(kept.destroyed_at, excluded.destroyed_at), "
    "successor = coalesce(kept.successor, excluded.successor)"
)


def destroy_keys(connection: Connection[Any], subjects: Mapping[UUID, UUID | None]) -> None:
    """Make what is sealed for `subjects` unreadable for good. What is written later goes under the successor, if any."""
    values = {"at": now(), "subjects": list(subjects), "successors": list(subjects.values())}
    connection.execute(_DESTROY, values)


class Keys:
    """The keys of this district: made when first needed, unwrapped in memory for seconds, destroyed for good."""

    def __init__(self, pool: ConnectionPool[Any], master: bytes, again: Callable[[], bytes] | None = None) -> None:
        self._pool = pool
        self._master = Master(master, again)
        self._mark: bytes | None = None
        self._held: dict[UUID, tuple[AESGCM, float]] = {}
        self._heirs: dict[UUID, UUID] = {}

    # ── sealing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def prepare(self, subjects: Iterable[UUID]) -> dict[UUID, AESGCM]:
        """Have a key for each of `subjects`, making those that are missing. Refused for one whose key was destroyed.

        One that is held may have been destroyed meanwhile by another process: `append_events` looks, under the lock.
        """
        wanted = list(dict.fromkeys(subjects))
        found = self._ciphers(map(self._current, wanted))
        while lost := [one for one in map(self._current, wanted) if one not in found]:
            self._make(lost)
            found |= self._load(lost)
            self._follow([one for one in lost if one not in found])
        return {subject: found[self._current(subject)] for subject in wanted}

    def seal(self, subject: UUID, stream: UUID, version: int, field: str, text: str) -> str:
        """`text` as ciphertext. The mark of an erased text stays as it is."""
        if text == ERASED:
            return text
        subject, cipher = self._live(subject)
        header = f"{SEALED}{subject.hex}:{stream.hex}:{version}:{field}"
        return f"{header}:{base64.b64encode(_encrypted(cipher, text.encode(), header.encode())).decode()}"

    def encrypt(self, subject: UUID, content: bytes, name: bytes) -> bytes:
        """Nonce and ciphertext of `content`, bound to its `name`."""
        return _encrypted(self._live(subject)[1], content, name)

    def _live(self, subject: UUID) -> tuple[UUID, AESGCM]:
        """Under whose key is sealed what is sealed for `subject` now, and that key."""
        cipher = self._cipher(self._current(subject)) or self.prepare([subject])[subject]
        return self._current(subject), cipher

    def _current(self, subject: UUID) -> UUID:
        while subject in self._heirs:
            subject = self._heirs[subject]
        return subject

    # ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, text: str) -> str:
        """The plain text of a sealed one, ERASED where its key is gone; any other text as it is."""
        return str(self.open_all(text))

    def open_all(self, value: Any) -> Any:
        """`value` with every sealed text in it opened, however deep in dicts, lists and tuples. One query at most."""
        subjects: set[UUID] = set()
        note_subjects(value, subjects)
        return opened(value, self._ciphers(subjects)) if subjects else value

    def at_hand(self, subjects: Iterable[UUID]) -> set[UUID]:
        """Those of `subjects` that have a key, ready for texts that are opened one after another. One query at most."""
        return set(self._ciphers(subjects))

    def decrypt(self, subject: UUID, sealed: bytes, name: bytes) -> bytes | None:
        """What `encrypt` was given; None once the subject's key is gone. Raises Tampered."""
        cipher = self._ciphers([subject]).get(subject)
        if cipher is None:
            return None
        try:
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name)
        except (ValueError, InvalidTag) as error:
            raise Tampered from error

    # ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def destroy(self, subject: UUID) -> None:
        """Make everything sealed for `subject` unreadable for good, and refuse to seal for it again."""
        with self._pool.connection() as conn:
            destroy_keys(conn, {subject: None})
        self.forget([subject])

    def forget(self, subjects: Iterable[UUID]) -> None:
        """Hold these keys no longer: the next use asks the database."""
        for subject in subjects:
            self._held.pop(subject, None)

    def forget_all(self) -> None:
        """Hold no key any longer."""
        self._held = {}

    def search_key(self) -> bytes | None:
        """The key that names are searched by; None where the district has none yet."""
        with self._pool.connection() as conn:
            row = conn.execute(_LOAD, ([MARK],)).fetchone()
        return self._master.unwrap(*row) if row else None

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

    def _load(self, subjects: Sequence[UUID]) -> dict[UUID, AESGCM]:
        if not subjects:
            return {}
        with self._pool.connection() as conn:
            rows = conn.execute(_LOAD, (list(subjects),)).fetchall()
        found = {subject: AESGCM(self._master.unwrap(subject, wrapped)) for subject, wrapped in rows}
        if len(self._held) > _HELD_AT_MOST:
            self._held.clear()
        until = time.monotonic() + _HELD_SECONDS
        self.forget(subjects)
        self._held |= {subject: (cipher, until) for subject, cipher in found.items()}
        return found

    def _make(self, subjects: Sequence[UUID]) -> None:
        wrapped = [self._master.wrap(subject, AESGCM.generate_key(KEY_BITS)) for subject in subjects]
        with self._pool.connection() as conn:
            conn.execute(_MAKE, (now(), list(subjects), wrapped, MARK, self._mark))

    def _follow(self, lost: Sequence[UUID]) -> None:
        """Why there is no key for these: it was destroyed, and has a successor or not; or the master key has changed."""
        if not lost:
            return
        with self._pool.connection() as conn:
            rows = conn.execute(
                "SELECT subject, successor FROM sealing_key WHERE subject = ANY (%s) AND wrapped IS NULL", (lost,)
            ).fetchall()
            mark = conn.execute(_LOAD, ([MARK],)).fetchone()
        if any(successor is None for _, successor in rows):
            raise Refused(
                "sealing.erased",
                "该联系人的资料已依法删除，不能再写入；请作为新的联系人添加。",
                "This person's data was erased by law and cannot be written again; add them as a new contact person.",
                field="contacts",
            )
        self._heirs |= dict(rows)
        if mark is not None:
            self._master.unwrap(*mark)
        self._mark = mark[1] if mark else None


def _encrypted(cipher: AESGCM, content: bytes, name: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, name)
