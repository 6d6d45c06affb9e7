"""The Merkle tree of RFC 9162 §2.1 over SHA-256: roots, inclusion and consistency proofs, and how each is verified.

A tree is given as a reader of its complete subtrees; where it is stored, and how much of it, is for `tree` to say.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

Nodes = Callable[[int, int], bytes]
"""(level, index) → hash of the complete subtree over the 2^level leaves from index · 2^level on; level 0 is a leaf hash."""

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """What it takes to let a tree grow: the complete subtrees it is made of, the largest first."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> None:
        """Add a leaf, given by its hash."""
        rest = self.size
        while rest & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            rest >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        return _joined(self.peaks)


def root(entries: Iterable[bytes]) -> bytes:
    """The root over entries that are all at hand."""
    frontier = Frontier()
    for entry in entries:
        frontier.append(leaf_hash(entry))
    return frontier.root()


def root_at(size: int, nodes: Nodes) -> bytes:
    """The root of the first `size` leaves of a stored tree."""
    return frontier_at(size, nodes).root()


def frontier_at(size: int, nodes: Nodes) -> Frontier:
    """The first `size` leaves of a stored tree, ready to grow."""
    return Frontier(size, [nodes(level, index) for level, index in _peaks(0, size)])


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """PATH (RFC 9162 §2.1.3.1): that leaf `index` is among the first `size`. Raises ValueError where it cannot be."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    return _path(index, 0, size, nodes)


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """PROOF (RFC 9162 §2.1.4.1): that the tree of size `new` begins with that of size `old`. Raises ValueError."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")
    return _subproof(old, 0, new, nodes) if 0 < old < new else []


def verify_inclusion(index: int, size: int, entry: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that `entry` is leaf `index` of the tree with that size and root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, hash_ = index, size - 1, leaf_hash(entry)
    for sibling in proof:
        if not last:
            return False
        if at & 1 or at == last:
            hash_ = node_hash(sibling, hash_)
            at, last = _up(at, last)
        else:
            hash_ = node_hash(hash_, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hash_ == root


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of size `new` begins with that of size `old` (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (EMPTY if old == 0 else new_root)
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    return bool(hashes) and _both(old - 1, new - 1, hashes) == (old_root, new_root)


def _both(at: int, last: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that the proof leads to; None when it is too long or too short."""
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = hashes[0]
    for hash_ in hashes[1:]:
        if not last:
            return None
        if at & 1 or at == last:
            before, after = node_hash(hash_, before), node_hash(hash_, after)
            at, last = _up(at, last)
        else:
            after = node_hash(after, hash_)
        at, last = at >> 1, last >> 1
    return (before, after) if last == 0 else None


def _up(at: int, last: int) -> tuple[int, int]:
    """Over the levels on which a rightmost node has no sibling and is carried up as it is."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _path(index: int, start: int, end: int, nodes: Nodes) -> list[bytes]:
    if end - start == 1:
        return []
    middle = _middle(start, end)
    if index < middle:
        return [*_path(index, start, middle, nodes), _hash(middle, end, nodes)]
    return [*_path(index, middle, end, nodes), _hash(start, middle, nodes)]


def _subproof(old: int, start: int, end: int, nodes: Nodes) -> list[bytes]:
    """SUBPROOF. Whether the subtree is known to the verifier (`b`) is whether it begins with the first leaf."""
    if old == end:
        return [_hash(start, end, nodes)] if start else []
    middle = _middle(start, end)
    if old <= middle:
        return [*_subproof(old, start, middle, nodes), _hash(middle, end, nodes)]
    return [*_subproof(old, middle, end, nodes), _hash(start, middle, nodes)]


def _middle(start: int, end: int) -> int:
    """Where RFC 9162 splits: after the largest power of two smaller than the number of leaves."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _hash(start: int, end: int, nodes: Nodes) -> bytes:
    """The hash over leaves start … end - 1, which are the right part of some split, or the whole."""
    return _joined([nodes(level, index) for level, index in _peaks(start, end)])


def _peaks(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees that those leaves are made of, the largest first."""
    for level in reversed(range((end - start).bit_length())):
        if end - start >> level & 1:
            yield level, start >> level
            start += 1 << level


def _joined(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY
    hash_ = peaks[-1]
    for peak in reversed(peaks[:-1]):
        hash_ = node_hash(peak, hash_)
    return hash_
