"""Checkpoints (c2sp.org/tlog-checkpoint): the ledger's size and root, signed, so that it can only grow from there.

A checkpoint is kept in the database, where pages find it, and sent outside, where nobody who may alter the one alters the other.
"""

import base64
import binascii
import contextlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from psycopg import Connection

from crm.clock import now
from crm.proof import signing, trouble
from crm.proof.growth import Claim, Grown, NothingToSign, Progress, grown
from crm.proof.note import BadNote, Note, Signer, VerifierKey, is_name, signed
from crm.settings import Settings
from projections import engine
from projections.sql import Queries

ROOT_BYTES = 32
LINES = 3
RECORDED_AT = "recorded_at "
_SIZE = re.compile("0|[1-9][0-9]{0,18}")

q = Queries(__file__)


class Body(NamedTuple):
    """What is signed. `extensions` are further lines; ours says when the last event was recorded."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, self.size, root, *self.extensions))

    @property
    def recorded_at(self) -> datetime | None:
        """The moment the last event was recorded, where the checkpoint says so."""
        for line in self.extensions:
            if line.startswith(RECORDED_AT):
                with contextlib.suppress(ValueError):
                    return datetime.fromisoformat(line.removeprefix(RECORDED_AT))
        return None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises BadNote."""
        lines = text.removesuffix("\n").split("\n")
        origin, size, root = lines[:3] if len(lines) >= LINES else ("", "", "")
        hash_ = parsed_hash(root)
        if not (all(lines) and is_name(origin) and _SIZE.fullmatch(size) and hash_):
            raise BadNote("这不是检查点。", "This is not a checkpoint.")
        return cls(origin, int(size), hash_, tuple(lines[LINES:]))


class Stored(NamedTuple):
    """A checkpoint made here; `key` is the id of the key that signed first, `note` the whole signed text."""

    size: int
    key: str
    root: bytes
    recorded_at: datetime
    made_at: datetime
    note: str

    @property
    def claim(self) -> Claim:
        return Claim(self.size, self.root)


def latest(conn: Connection[Any]) -> Stored | None:
    """The largest checkpoint, the last made where there are two."""
    return _one(conn, "listed", before=None, limit=1)


def listed(conn: Connection[Any], limit: int, *, before: int | None = None) -> list[Stored]:
    """Checkpoints, largest first; only those smaller than `before`."""
    rows = conn.execute(q["listed"], {"before": before, "limit": limit}).fetchall()
    return [Stored._make(row) for row in rows]


def covering(conn: Connection[Any], position: int) -> Stored | None:
    """The first checkpoint that an event is in; None while there is none."""
    return _one(conn, "covering", position=position)


def of_size(conn: Connection[Any], size: int) -> Stored | None:
    """The checkpoint of exactly that size, the last made where there are two."""
    return _one(conn, "of_size", size=size)


def _one(conn: Connection[Any], query: str, **values: object) -> Stored | None:
    row = conn.execute(q[query], values).fetchone()
    return Stored._make(row) if row else None


def opened(content: str | bytes, known: Sequence[VerifierKey]) -> Body:
    """What a signed checkpoint says. Raises BadNote where it is none, or where none of the known keys has signed it."""
    note = Note.parse(content)
    note.signed_by(known)
    return Body.parse(note.text)


def make(settings: Settings, conn: Connection[Any], progress: Progress | None = None) -> Stored:
    """Sign the ledger as it is now; the last checkpoint where nothing was recorded since.

    Raises NotAnExtension when it is not what was signed before, grown; NothingToSign, KeyMissing, OtherOrigin.
    Best over an autocommit connection: the first one reads every event.
    """
    while True:
        signer = signing.signer(settings, conn)
        before = claims(settings, conn, signer)
        state = grown(conn, before, progress)
        with conn.transaction():
            lock(conn)
            # Somebody else may have signed meanwhile: then it is looked at again, from there.
            if signing.signer(settings, conn) == signer and claims(settings, conn, signer) == before:
                return keep(settings, conn, state, [signer])


def sign(settings: Settings, conn: Connection[Any], progress: Progress | None = None) -> Stored:
    """`make`, with whatever stands in its way kept for `crm status`. Over an autocommit connection."""
    if not engine.head(conn):
        raise NothingToSign
    with trouble.remembered(conn, trouble.SIGNING):
        return make(settings, conn, progress)


def lock(conn: Connection[Any]) -> None:
    """Sign alone, until the end of the transaction."""
    conn.execute(q["lock"])


def keep(settings: Settings, conn: Connection[Any], state: Grown, signers: Sequence[Signer]) -> Stored:
    """Sign, remember, store. The first of the signers is the one whose checkpoint it is."""
    by = signers[0].key.id.hex()
    moment = state.recorded_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    note = signed(str(Body(signers[0].name, state.size, state.root, (f"{RECORDED_AT}{moment}",))), signers)
    known = _one(conn, "of_key", size=state.size, key=by)
    if known:
        return known
    # Remembered before it is stored: what was signed and then forgotten could be contradicted.
    signing.replace(signing.memory_file(settings), str(note))
    made = Stored(state.size, by, state.root, state.recorded_at, now(), str(note))
    conn.execute(q["store"], made._asdict())
    return made


def claims(settings: Settings, conn: Connection[Any], signer: Signer) -> set[Claim]:
    """What this key signed last: as the database has it, and as the signer remembers. Raises BadNote."""
    last, memory = _one(conn, "last_of_key", key=signer.key.id.hex()), signing.memory_file(settings)
    notes = [last.note] if last else []
    if memory.exists():
        notes.append(memory.read_text(encoding="utf-8"))
    bodies = [opened(note, [signer.key]) for note in notes]
    return {Claim(body.size, body.root) for body in bodies}


def parsed_hash(text: str) -> bytes | None:
    """The 32 bytes of a hash in base64; None for any other text."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if len(content) == ROOT_BYTES and base64.b64encode(content).decode() == text else None
