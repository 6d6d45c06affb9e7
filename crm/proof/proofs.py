"""Proofs for outsiders, as text: that an event is in a signed ledger (c2sp.org/tlog-proof), and that one grew from another.

There is no C2SP file for the second; it is what c2sp.org/tlog-witness sends: `old SIZE`, the hashes, a blank line, the checkpoint.
"""

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from psycopg import Connection

from crm.proof.checkpoint import Body, Stored, opened, parsed_hash
from crm.proof.note import BadNote, VerifierKey
from domain.base import Refused
from projections import tree
from projections.merkle import Nodes, consistency, inclusion, verify_consistency, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
INDEX, OLD, EXTRA = "index ", "old ", "extra "


class NotProvable(Refused):
    """The proof does not lead to the signed root: the events, or the stored tree, are not what was signed."""

    def __init__(self) -> None:
        super().__init__(
            "proof.broken",
            "算出的证明与检查点不符：事件或默克尔树被改动过。请运行 crm audit verify。",
            "The proof does not lead to the signed root: events or the stored tree were altered. Run crm audit verify.",
        )


class OutOfRange(Refused):
    """The checkpoint does not reach so far."""

    def __init__(self, position: int, size: int) -> None:
        super().__init__(
            "proof.range",
            "检查点只到第 {size} 条，其中没有第 {position} 条。",
            "The checkpoint covers {size} events; {position} is not among them.",
            position=position,
            size=size,
        )


class Proof(NamedTuple):
    """A proof as read: what it is about (a leaf's index, or an old size), its hashes, and the checkpoint as it stands."""

    number: int
    hashes: tuple[bytes, ...]
    note: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """A proof of inclusion. Raises BadNote."""
        header, _, rest = text.partition("\n")
        if header != HEADER:
            raise BadNote("这不是证明文件。", "This is not a proof.")
        if rest.startswith(EXTRA):
            rest = rest.partition("\n")[2]
        return cls._of(INDEX, rest)

    @classmethod
    def parse_consistency(cls, text: str) -> Self:
        """A proof that the ledger only grew. Raises BadNote."""
        return cls._of(OLD, text)

    @classmethod
    def _of(cls, word: str, text: str) -> Self:
        lines, blank, note = text.partition("\n\n")
        first, *rest = lines.split("\n")
        number, hashes = first.removeprefix(word), tuple(map(parsed_hash, rest))
        written = first.startswith(word) and number.isascii() and number.isdigit() and str(int(number)) == number
        if not (written and blank and all(hashes)):
            raise BadNote("这不是证明文件。", "This is not a proof.")
        return cls(int(number), tuple(hash_ for hash_ in hashes if hash_), note)


def inclusion_text(conn: Connection[Any], position: int, checkpoint: Stored, nodes: Nodes | None = None) -> str:
    """That the event at `position` is among those signed. Many at once share `nodes` (`tree.stored(conn)`).

    Raises OutOfRange, NotProvable.
    """
    if not 0 < position <= checkpoint.size:
        raise OutOfRange(position, checkpoint.size)
    nodes = nodes or tree.stored(conn)
    row = conn.execute("SELECT hash FROM event WHERE position = %s", (position,)).fetchone()
    try:
        hashes = inclusion(position - 1, checkpoint.size, nodes)
    except tree.MissingEvent:
        raise NotProvable from None
    if row is None or not verify_inclusion(position - 1, checkpoint.size, row[0], hashes, checkpoint.root):
        raise NotProvable
    return f"{HEADER}\n{INDEX}{position - 1}\n{_lines(hashes)}\n{checkpoint.note}"


def consistency_text(conn: Connection[Any], old: Stored, new: Stored, nodes: Nodes | None = None) -> str:
    """That the ledger signed in `new` begins with the one signed in `old`. Raises OutOfRange, NotProvable."""
    if old.size > new.size:
        raise OutOfRange(old.size, new.size)
    try:
        hashes = consistency(old.size, new.size, nodes or tree.stored(conn))
    except tree.MissingEvent:
        raise NotProvable from None
    if not verify_consistency(old.size, old.root, new.size, new.root, hashes):
        raise NotProvable
    return f"{OLD}{old.size}\n{_lines(hashes)}\n{new.note}"


def check_inclusion(text: str, entry: bytes, keys: Sequence[VerifierKey]) -> Body:
    """The checkpoint that shows `entry` (an event's chained hash) to be in the ledger. Raises BadNote where it does not."""
    proof = Proof.parse(text)
    body = opened(proof.note, keys)
    if not verify_inclusion(proof.number, body.size, entry, proof.hashes, body.root):
        raise BadNote("证明不成立。", "The proof does not hold.")
    return body


def check_consistency(text: str, old_root: bytes, keys: Sequence[VerifierKey]) -> Body:
    """The checkpoint of a ledger that begins with the one of that root. Raises BadNote where it does not."""
    proof = Proof.parse_consistency(text)
    body = opened(proof.note, keys)
    if not verify_consistency(proof.number, old_root, body.size, body.root, proof.hashes):
        raise BadNote("证明不成立。", "The proof does not hold.")
    return body


def _lines(hashes: Sequence[bytes]) -> str:
    return "".join(f"{base64.b64encode(hash_).decode()}\n" for hash_ in hashes)
