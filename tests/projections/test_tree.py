"""The stored tree: the same rows whatever the batches, the roots of a tree written down by hand, and what it lacks made up."""

import hashlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections import tree
from projections.engine import Projector
from projections.merkle import consistency, inclusion, root, root_at, verify_consistency, verify_inclusion
from projections.rebuild import digest, rebuild
from projections.tree import MissingEvent, Tree
from tests.projections.conftest import Ground
from tests.projections.stories import row
from tests.projections.told import Tale

ENOUGH = 4200  # a node of level 12 and then some


def entry(position: int) -> bytes:
    return hashlib.sha256(f"event {position}".encode()).digest()


def put(ground: Ground, first: int, last: int) -> list[bytes]:
    """Events `first` … `last`, each with a hash of its own; the hashes."""
    event = Tale().registered().events[0]
    hashes = [entry(position) for position in range(first, last + 1)]
    rows = [row(event.placed(position)) for position in range(first, last + 1)]
    ground.put((*r[:2], r[0], *r[3:-1], hash_) for r, hash_ in zip(rows, hashes, strict=True))
    return hashes


def project(ground: Ground, batch: int) -> None:
    Projector(ground.conn, [Tree()], batch).catch_up()


def stored(ground: Ground) -> list[tuple[Any, ...]]:
    return ground.rows("SELECT level, index, encode(hash, 'hex') FROM tree_node ORDER BY 1, 2")


def test_complete_subtrees_of_every_fourth_level_are_stored_and_nothing_else(ground: Ground) -> None:
    hashes = put(ground, 1, ENOUGH)
    project(ground, 10_000)
    wanted = [
        (level, index, root(hashes[index << level : index + 1 << level]).hex())
        for level in (4, 8, 12)
        for index in range(ENOUGH >> level)
    ]
    assert stored(ground) == wanted


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 300)), min_size=1, max_size=5))
def test_the_rows_are_the_same_whatever_the_batches(ground: Ground, story: list[tuple[int, int]]) -> None:
    ground.clear()
    at = 0
    for events, batch in story:
        put(ground, at + 1, at + events)
        at += events
        project(ground, batch)
    live = digest(ground.conn, Tree())
    ground.clear_read_models()
    project(ground, 10_000)
    assert digest(ground.conn, Tree()) == live


def test_a_rebuilt_tree_is_the_live_one(ground: Ground) -> None:
    put(ground, 1, 300)
    for batch in (1, 7, 100):
        project(ground, batch)
    live = digest(ground.conn, Tree())
    rebuild(lambda: ground.district.connect(autocommit=True), [Tree()])
    assert digest(ground.conn, Tree()) == live


def test_roots_and_proofs_of_every_kind_of_size_come_out_of_the_stored_tree(ground: Ground) -> None:
    hashes = put(ground, 1, ENOUGH)
    project(ground, 1000)
    nodes = tree.stored(ground.conn)
    for size in (1, 2, 15, 16, 17, 255, 256, 257, 300, 4095, 4096, 4097, ENOUGH):
        whole = root(hashes[:size])
        assert root_at(size, nodes) == whole
        for index in {0, size // 2, size - 1}:
            assert verify_inclusion(index, size, hashes[index], inclusion(index, size, nodes), whole)
        proof = consistency(size, ENOUGH, nodes)
        assert verify_consistency(size, whole, ENOUGH, root(hashes), proof)


def test_what_is_not_projected_yet_is_computed_from_the_events(ground: Ground) -> None:
    hashes = put(ground, 1, 100)
    project(ground, 1000)
    hashes += put(ground, 101, 700)
    assert root_at(700, tree.stored(ground.conn)) == root(hashes)
    ground.conn.execute("DELETE FROM tree_node WHERE index % 3 = 1")
    assert root_at(700, tree.stored(ground.conn)) == root(hashes)


@pytest.mark.parametrize("level", [0, 3, 4, 6, 8])
def test_an_event_that_is_missing_is_named(ground: Ground, level: int) -> None:
    put(ground, 1, 256)
    ground.conn.execute("DELETE FROM event WHERE position = 1")
    with pytest.raises(MissingEvent, match="position 1"):
        tree.stored(ground.conn)(level, 0)


def test_a_gap_in_the_ledger_stops_the_tree_and_nothing_else(ground: Ground) -> None:
    put(ground, 1, 40)
    ground.conn.execute("DELETE FROM event WHERE position = 20")
    project(ground, 1000)
    ((stopped,),) = ground.rows("SELECT stopped FROM projection WHERE name = 'tree'")
    assert stopped
    assert [row[:2] for row in stored(ground)] == [(4, 0)]
