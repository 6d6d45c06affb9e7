"""Proofs as text: what an outsider is given, what they find out with it, and what is not proved to them."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from crm.application import CRM
from crm.proof import signing
from crm.proof.checkpoint import Stored, make
from crm.proof.note import BadNote, VerifierKey
from crm.proof.proofs import (
    NotProvable,
    OutOfRange,
    Proof,
    check_consistency,
    check_inclusion,
    consistency_text,
    inclusion_text,
)
from crm.settings import Settings
from projections.engine import catch_up
from projections.models import MODELS

Ledger = psycopg.Connection[Any]


@pytest.fixture
def signed(busy: CRM, own_folder: Settings, ledger: Ledger, more: Callable[..., None]) -> list[Stored]:
    """Checkpoints of 40, 41 and 49 events."""
    found = [make(own_folder, ledger)]
    for events in (1, 8):
        more(events)
        found.append(make(own_folder, ledger))
    return found


@pytest.fixture
def keys(signed: list[Stored], ledger: Ledger) -> list[VerifierKey]:
    return [key.verifier for key in signing.keys(ledger)]


def entry(ledger: Ledger, position: int) -> bytes:
    row = ledger.execute("SELECT hash FROM event WHERE position = %s", (position,)).fetchone()
    assert row
    return bytes(row[0])


@pytest.mark.parametrize("projected", [True, False])
def test_every_event_is_proved_to_be_in_every_checkpoint_that_covers_it(
    signed: list[Stored], keys: list[VerifierKey], ledger: Ledger, *, projected: bool
) -> None:
    if projected:
        catch_up(ledger, MODELS)
    for made in signed:
        for position in (1, 16, 17, 40, made.size):
            body = check_inclusion(inclusion_text(ledger, position, made), entry(ledger, position), keys)
            assert (body.size, body.root) == (made.size, made.root)


def test_the_proof_is_written_as_c2sp_has_it(signed: list[Stored], ledger: Ledger) -> None:
    made = signed[-1]
    text = inclusion_text(ledger, 17, made)
    head, index, *_ = text.split("\n")
    assert (head, index) == ("c2sp.org/tlog-proof@v1", "index 16")
    assert text.endswith("\n\n" + made.note)
    proof = Proof.parse(text)
    assert (proof.number, len(proof.hashes), proof.note) == (16, 6, made.note)
    assert Proof.parse(text.replace("index", "extra eHl6\nindex", 1)) == proof


def test_growth_is_proved_between_any_two(signed: list[Stored], keys: list[VerifierKey], ledger: Ledger) -> None:
    for old in signed:
        for new in signed:
            if old.size <= new.size:
                body = check_consistency(consistency_text(ledger, old, new), old.root, keys)
                assert body.size == new.size
    with pytest.raises(OutOfRange):
        consistency_text(ledger, signed[1], signed[0])


def test_a_proof_proves_nothing_else(signed: list[Stored], keys: list[VerifierKey], ledger: Ledger) -> None:
    text = inclusion_text(ledger, 17, signed[0])
    grown = consistency_text(ledger, signed[0], signed[2])
    stranger = VerifierKey(keys[0].name, bytes(32))
    for wrong in (
        lambda: check_inclusion(text, entry(ledger, 18), keys),
        lambda: check_inclusion(text.replace("index 16", "index 17"), entry(ledger, 17), keys),
        lambda: check_inclusion(text.replace("\n40\n", "\n41\n"), entry(ledger, 17), keys),
        lambda: check_inclusion(text, entry(ledger, 17), [stranger]),
        lambda: check_consistency(grown, signed[1].root, keys),
        lambda: check_consistency(grown.replace("old 40", "old 41"), signed[0].root, keys),
    ):
        with pytest.raises(BadNote):
            wrong()


@pytest.mark.parametrize(
    "broken",
    [
        "", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nx\n", "c2sp.org/tlog-proof@v1\nindex 00\n\nx\n",
        "c2sp.org/tlog-proof@v1\nindex -1\n\nx\n", "c2sp.org/tlog-proof@v1\nindex 1\nxyz\n\nx\n",
        "c2sp.org/tlog-proof@v1\nleaf 1\n\nx\n", "c2sp.org/tlog-proof@v1\nindex ²\n\nx\n",
    ],
)  # fmt: skip
def test_what_is_not_a_proof_is_refused(broken: str) -> None:
    with pytest.raises(BadNote):
        Proof.parse(broken)


def test_what_is_not_covered_is_not_proved(signed: list[Stored], ledger: Ledger) -> None:
    for position in (0, 41):
        with pytest.raises(OutOfRange):
            inclusion_text(ledger, position, signed[0])


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE event SET hash = sha256('x') WHERE position = 5",
        "DELETE FROM event WHERE position = 5",
        "UPDATE tree_node SET hash = sha256('x') WHERE index = 1",
    ],
)
def test_no_proof_is_given_that_does_not_hold(signed: list[Stored], ledger: Ledger, damage: str) -> None:
    catch_up(ledger, MODELS)
    ledger.execute(damage)
    with pytest.raises(NotProvable):
        inclusion_text(ledger, 5, signed[0])
    if "tree_node" in damage:
        with pytest.raises(NotProvable):
            consistency_text(ledger, signed[0], signed[1])
