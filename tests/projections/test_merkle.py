"""The Merkle tree against the RFC's own definitions, written down here once more, and against known vectors."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.merkle import (
    EMPTY,
    Frontier,
    Nodes,
    consistency,
    frontier_at,
    inclusion,
    leaf_hash,
    root,
    root_at,
    verify_consistency,
    verify_inclusion,
)

# The eight inputs on which Certificate Transparency's implementations are compared, and the roots of 0, 1, … 8 of them.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A, B, C, D, E, F = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
)


# ── RFC 9162 §2.1.1, §2.1.3.1 and §2.1.4.1, word for word ────────────────────────────────────────────────────────────


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def largest_power_of_two_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: Sequence[bytes]) -> bytes:
    if not d:
        return sha256(b"")
    if len(d) == 1:
        return sha256(b"\x00" + d[0])
    k = largest_power_of_two_below(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:]))


def path(m: int, d: Sequence[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = largest_power_of_two_below(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def proof(m: int, d: Sequence[bytes]) -> list[bytes]:
    return subproof(m, d, b=True)


def subproof(m: int, d: Sequence[bytes], *, b: bool) -> list[bytes]:
    if m == len(d):
        return [] if b else [mth(d)]
    k = largest_power_of_two_below(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b=b), mth(d[k:])]
    return [*subproof(m - k, d[k:], b=False), mth(d[:k])]


def nodes_of(entries: Sequence[bytes]) -> Nodes:
    """A reader of complete subtrees only: asked for another, it fails."""

    def node(level: int, index: int) -> bytes:
        below = entries[index << level : index + 1 << level]
        assert len(below) == 1 << level, "not a complete subtree"
        return mth(below)

    return node


# ── known vectors ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots(size: int) -> None:
    assert root(INPUTS[:size]).hex() == root_at(size, nodes_of(INPUTS)).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "known"), [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, F])])
def test_the_known_inclusion_proofs(index: int, size: int, known: list[str]) -> None:
    assert [hash_.hex() for hash_ in inclusion(index, size, nodes_of(INPUTS))] == known


@pytest.mark.parametrize(("old", "new", "known"), [(1, 1, []), (1, 8, [A, B, C]), (2, 5, [B, D])])
def test_the_known_consistency_proofs(old: int, new: int, known: list[str]) -> None:
    assert [hash_.hex() for hash_ in consistency(old, new, nodes_of(INPUTS))] == known


# ── as the RFC defines it, for every tree up to a size, and for random ones ──────────────────────────────────────────

MANY = [bytes([number]) * 32 for number in range(72)]


def test_every_proof_of_every_small_tree_is_the_rfcs_and_verifies() -> None:
    nodes = nodes_of(MANY)
    for size in range(1, 36):
        whole = mth(MANY[:size])
        for index in range(size):
            found = inclusion(index, size, nodes)
            assert found == path(index, MANY[:size])
            assert verify_inclusion(index, size, MANY[index], found, whole)
        for old in range(1, size + 1):
            found = consistency(old, size, nodes)
            assert found == proof(old, MANY[:size])
            assert verify_consistency(old, mth(MANY[:old]), size, whole, found)


trees = st.lists(st.binary(max_size=4), min_size=1, max_size=200)


@given(trees, st.data())
@settings(deadline=None, max_examples=60)
def test_a_random_tree_is_the_rfcs(entries: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    nodes, size = nodes_of(entries), len(entries)
    assert root(entries) == root_at(size, nodes) == mth(entries)
    assert inclusion(index, size, nodes) == path(index, entries)
    assert consistency(index + 1, size, nodes) == proof(index + 1, entries)


@given(trees, st.data())
@settings(deadline=None, max_examples=60)
def test_a_tree_that_grows_from_any_size_comes_to_the_same_root(entries: list[bytes], data: st.DataObject) -> None:
    frontier = frontier_at(data.draw(st.integers(0, len(entries))), nodes_of(entries))
    for entry in entries[frontier.size :]:
        frontier.append(leaf_hash(entry))
    assert (frontier.size, frontier.root()) == (len(entries), mth(entries))


@given(st.integers(1, 70), st.data())
@settings(deadline=None, max_examples=150)
def test_an_inclusion_proof_shows_nothing_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    nodes, whole = nodes_of(MANY), mth(MANY[:size])
    sound = inclusion(index, size, nodes)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else index + 1
    assert not verify_inclusion(other, size, MANY[index], sound, whole)
    assert not verify_inclusion(index, size, b"another", sound, whole)
    assert not verify_inclusion(index, size, MANY[index], sound, mth(MANY[: size + 1]))
    assert not verify_inclusion(index, size, MANY[index], [*sound, whole], whole)
    assert not verify_inclusion(index, size, MANY[index], [bytes(32), *sound], whole)
    if sound:
        at = data.draw(st.integers(0, len(sound) - 1))
        assert not verify_inclusion(index, size, MANY[index], sound[:-1], whole)
        assert not verify_inclusion(index, size, MANY[index], [*sound[:at], bytes(32), *sound[at + 1 :]], whole)


@given(st.integers(1, 70), st.data())
@settings(deadline=None, max_examples=150)
def test_a_consistency_proof_shows_nothing_else(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    sound, before, after = consistency(old, new, nodes_of(MANY)), mth(MANY[:old]), mth(MANY[:new])
    assert not verify_consistency(old, bytes(32), new, after, sound)
    assert not verify_consistency(old, before, new, bytes(32), sound)
    assert not verify_consistency(old, before, new, after, [*sound, after])
    assert not verify_consistency(new + 1, before, new, after, sound)
    if sound:
        at = data.draw(st.integers(0, len(sound) - 1))
        assert not verify_consistency(old, before, new, after, sound[:-1])
        assert not verify_consistency(old, before, new, after, [*sound[:at], bytes(32), *sound[at + 1 :]])
        swapped = [*MANY[: old - 1], b"altered", *MANY[old:new]]
        assert not verify_consistency(old, before, new, mth(swapped), consistency(old, new, nodes_of(swapped)))


def test_a_tree_begins_with_the_empty_one_and_with_itself_only() -> None:
    assert Frontier().root() == root([]) == EMPTY
    assert verify_consistency(0, EMPTY, 3, mth(MANY[:3]), [])
    assert not verify_consistency(0, bytes(32), 3, mth(MANY[:3]), [])
    assert not verify_consistency(3, mth(MANY[:3]), 3, mth(MANY[1:4]), [])
    assert not verify_consistency(-1, EMPTY, 3, mth(MANY[:3]), [])
    assert not verify_inclusion(-1, 3, MANY[0], [], mth(MANY[:3]))


def test_what_no_tree_has_is_refused() -> None:
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion(index, size, nodes_of(MANY))
    with pytest.raises(ValueError, match="does not begin"):
        consistency(4, 3, nodes_of(MANY))
