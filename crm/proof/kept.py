"""The signed checkpoints there are: in the database, with the signer, and wherever else they were kept; and whom to believe."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from psycopg import Connection, DataError

from crm.proof import signing
from crm.proof.checkpoint import Body, Stored, listed
from crm.proof.damage import Damage, Finding
from crm.proof.held_against import Signed
from crm.proof.note import BadNote, Note, Signer, VerifierKey
from crm.settings import Settings
from domain.base import Text

MOST = 10_000
"""Checkpoints looked at, the largest first: a year of one every hour."""


class Kept(NamedTuple):
    """Checkpoints that bear a believed signature, how many were kept outside the database, and what is wrong with others.

    `disowned`: how many in the database bear only that of a key retired without handing over, when signing was begun anew.
    """

    signed: list[Signed]
    outside: int
    findings: list[Finding]
    disowned: int


class _Found(NamedTuple):
    """A checkpoint as it was found; `row` is what the database says of it beside."""

    note: str
    source: Text
    row: Stored | None = None


def kept(conn: Connection[Any], settings: Settings, outside: Sequence[str], pinned: Sequence[VerifierKey] = ()) -> Kept:
    """All checkpoints. `pinned`: keys learned elsewhere, which alone are then believed, with those they vouch for.

    Otherwise the key at hand is believed; the database's own list of keys only where there is none. What somebody kept
    outside is held against the ledger under a retired key too: whoever begins signing anew cannot make it go away.
    """
    rows, keys, unreadable = _stored(conn)
    found = [
        *(_Found(note, Text("库外保存", "kept outside")) for note in outside),
        *_remembered(settings),
        *(_Found(row.note, Text("库内", "in the database"), row) for row in rows),
    ]
    believed = _believed(found, list(pinned) or _own(settings, keys), [key.verifier for key in keys])
    retired = [key.verifier for key in keys if key.retired_at and not pinned]
    judged = [_judged(one, believed, retired) for one in found]
    return Kept(
        [one for one in judged if isinstance(one, Signed)],
        sum(isinstance(verdict, Signed) and one.row is None for one, verdict in zip(found, judged, strict=True)),
        [*unreadable, *_altered_keys(keys), *(one for one in judged if isinstance(one, Finding))],
        sum(one is None for one in judged),
    )


def _stored(conn: Connection[Any]) -> tuple[list[Stored], list[signing.LogKey], list[Finding]]:
    """Checkpoints and keys in the database; neither where a moment stands there that nobody can have written."""
    try:
        return listed(conn, MOST), signing.keys(conn), []
    except DataError:
        zh, en = (
            "库内的检查点或公钥读不出来：被改动。",
            "The checkpoints or keys in the database cannot be read: they were changed.",
        )
        return [], [], [Finding(Damage.CHECKPOINT, None, Text(zh, en))]


def _remembered(settings: Settings) -> Iterator[_Found]:
    """What the signer remembers having signed last."""
    memory = signing.memory_file(settings)
    if memory.exists():
        yield _Found(memory.read_text(encoding="utf-8"), Text("签署处留存", "remembered by the signer"))


def _own(settings: Settings, keys: Sequence[signing.LogKey]) -> list[VerifierKey]:
    names = {key.name for key in keys}
    at_hand = [Signer(name, seed).key for name in names for seed in signing.at_hand(settings)]
    return at_hand or [key.verifier for key in keys]


def _believed(found: Sequence[_Found], first: Sequence[VerifierKey], keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """Those believed at first, and whoever has signed the same checkpoint as one of them: that is how a key is replaced."""
    believed = list(first)
    while more := [key for key in _vouched(found, believed, keys) if key not in believed]:
        believed += more
    return believed


def _vouched(
    found: Iterable[_Found], believed: Sequence[VerifierKey], keys: Sequence[VerifierKey]
) -> Iterator[VerifierKey]:
    for one in found:
        signers = _signers(one.note, [*believed, *keys])
        if any(key in believed for key in signers):
            yield from signers


def _signers(note: str, known: Sequence[VerifierKey]) -> list[VerifierKey]:
    try:
        return Note.parse(note).signed_by(known)
    except BadNote:
        return []


def _judged(one: _Found, believed: Sequence[VerifierKey], retired: Sequence[VerifierKey]) -> Signed | Finding | None:
    """None: only a key that was retired without handing over has signed it."""
    try:
        note = Note.parse(one.note)
        signers = note.signed_by([*believed, *retired])
        body = Body.parse(note.text)
    except BadNote as bad:
        return _bad(one, bad.text)
    if one.row and (one.row.size, one.row.root, one.row.recorded_at) != (body.size, body.root, body.recorded_at):
        return _bad(one, Text("表中所记与签名的正文不符。", "The table says another than the signed text."))
    if one.row and not any(key in believed for key in signers):
        return None
    return Signed(body.size, body.root, body.recorded_at, one.source)


def _bad(one: _Found, why: Text) -> Finding:
    size = f" {one.row.size}" if one.row else ""
    zh, en = (
        f"检查点{size}（{one.source.zh}）无效：{why.zh}",
        f"Checkpoint{size} ({one.source.en}) is not valid: {why.en}",
    )
    return Finding(Damage.CHECKPOINT, None, Text(zh, en))


def _altered_keys(keys: Iterable[signing.LogKey]) -> Iterator[Finding]:
    for key in keys:
        if key.verifier.id.hex() != key.id:
            zh, en = f"库内登记的公钥 {key.id} 被改动。", f"The public key {key.id} in the database was changed."
            yield Finding(Damage.CHECKPOINT, None, Text(zh, en))
