"""Checkpoints: what is signed, that only a ledger that has grown is signed again, and what stands in the way."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from crm import rights
from crm.application import CRM
from crm.clock import now
from crm.database import connect
from crm.proof import checkpoint, signing, trouble
from crm.proof.checkpoint import Stored, latest, listed, make, opened, sign
from crm.proof.growth import NotAnExtension, NothingToSign
from crm.proof.rotation import rotate
from crm.proof.signing import KeyMissing
from crm.settings import Settings
from projections.engine import catch_up
from projections.merkle import root
from projections.models import MODELS
from tests.conftest import District
from tests.crm.test_rights import drop_roles

Ledger = psycopg.Connection[Any]
More = Callable[..., None]


def hashes(ledger: Ledger) -> list[bytes]:
    return [hash_ for (hash_,) in ledger.execute("SELECT hash FROM event ORDER BY position")]


def project(ledger: Ledger) -> None:
    catch_up(ledger, MODELS)


def sound(own_folder: Settings, ledger: Ledger, made: Stored) -> bool:
    """Whether it says what the events are, and is signed by the key in use."""
    key = signing.active(ledger)
    assert key
    body = opened(made.note, [key.verifier])
    assert body.recorded_at == made.recorded_at
    return (body.origin, body.size, body.root) == (
        f"landfall/{own_folder.schema_name}", made.size, root(hashes(ledger)[: made.size]),
    )  # fmt: skip


def test_the_first_checkpoint_covers_every_event_and_makes_the_key(
    busy: CRM, own_folder: Settings, ledger: Ledger
) -> None:
    made = make(own_folder, ledger)
    assert made.size == 40
    assert sound(own_folder, ledger, made)
    assert latest(ledger) == made
    assert stat.S_IMODE(signing.key_file(own_folder).stat().st_mode) == 0o600
    assert stat.S_IMODE(signing.memory_file(own_folder).stat().st_mode) == 0o600
    assert signing.memory_file(own_folder).read_text() == made.note


def test_nothing_new_is_not_signed_again(busy: CRM, own_folder: Settings, ledger: Ledger) -> None:
    made = make(own_folder, ledger)
    assert make(own_folder, ledger) == made
    assert listed(ledger, 10) == [made]


@pytest.mark.parametrize("projected", [True, False])
def test_what_grew_is_signed_whether_the_tree_is_projected_or_not(
    busy: CRM, own_folder: Settings, ledger: Ledger, more: More, *, projected: bool
) -> None:
    first = make(own_folder, ledger)
    if projected:
        project(ledger)
    for events in (1, 7, 24):
        more(events)
        assert sound(own_folder, ledger, make(own_folder, ledger))
    assert [one.size for one in listed(ledger, 10)] == [72, 48, 41, 40]
    assert [one.size for one in listed(ledger, 10, before=48)] == [41, 40]
    assert checkpoint.covering(ledger, 42) == checkpoint.of_size(ledger, 48)
    assert checkpoint.covering(ledger, 1) == first
    assert checkpoint.covering(ledger, 73) is None


def test_a_read_model_that_was_altered_does_not_lead_the_signature_astray(
    busy: CRM, own_folder: Settings, ledger: Ledger, more: More
) -> None:
    project(ledger)
    make(own_folder, ledger)
    more(3)
    ledger.execute("UPDATE tree_node SET hash = sha256('altered') WHERE level = 4 AND index = 1")
    assert sound(own_folder, ledger, make(own_folder, ledger))


def test_an_empty_ledger_is_not_signed(crm: CRM, own_folder: Settings, ledger: Ledger) -> None:
    with pytest.raises(NothingToSign):
        make(own_folder, ledger)


DAMAGE = {
    "the hash of an event that was signed": "UPDATE event SET hash = sha256('x') WHERE position = 3",
    "the last event that was signed": "UPDATE event SET hash = sha256('x') WHERE position = 40",
    "an event since, its content": "UPDATE event SET data = data || ' ' WHERE position = 42",
    "an event since, who did it": "UPDATE event SET actor = gen_random_uuid() WHERE position = 41",
    "an event since is missing": "DELETE FROM event WHERE position = 42",
    "an event that was signed is missing": "DELETE FROM event WHERE position = 40",
    "the last event is missing": "DELETE FROM event WHERE position = 43",
    "the head says less": "UPDATE head SET position = 39, hash = (SELECT hash FROM event WHERE position = 39)",
    "the head says another hash": "UPDATE head SET hash = sha256('x')",
}


@pytest.mark.parametrize("projected", [True, False])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_ledger_that_is_not_what_was_signed_and_more_is_not_signed(
    busy: CRM, own_folder: Settings, ledger: Ledger, more: More, damage: str, *, projected: bool
) -> None:
    made = make(own_folder, ledger)
    more(3)
    if projected:
        project(ledger)
    ledger.execute(DAMAGE[damage])
    if projected and damage == "the hash of an event that was signed":
        ledger.execute(
            "DELETE FROM tree_node"
        )  # else the tree still holds what was signed, and nothing new rests on it
    with pytest.raises(NotAnExtension):
        make(own_folder, ledger)
    assert latest(ledger) == made


def test_the_signer_remembers_when_the_database_has_forgotten(
    busy: CRM, own_folder: Settings, ledger: Ledger, more: More
) -> None:
    more(2)
    make(own_folder, ledger)
    ledger.execute("DELETE FROM checkpoint")
    ledger.execute("DELETE FROM event WHERE position > 40")
    ledger.execute("UPDATE head SET (position, hash) = (SELECT position, hash FROM event WHERE position = 40)")
    with pytest.raises(NotAnExtension) as refused:
        make(own_folder, ledger)
    assert "42" in refused.value.text.en


def test_two_at_once_sign_the_same(busy: CRM, own_folder: Settings, district: District, ledger: Ledger) -> None:
    def one(_: int) -> Stored:
        with district.connect(autocommit=True) as connection:
            return make(own_folder, connection)

    with ThreadPoolExecutor(4) as several:
        assert len(set(several.map(one, range(4)))) == 1


# ── what stands in the way is remembered until it is gone ────────────────────────────────────────────────────────────


def test_trouble_with_signing_is_kept_until_it_is_over(busy: CRM, own_folder: Settings, ledger: Ledger) -> None:
    sign(own_folder, ledger)
    away = signing.key_file(own_folder).rename(own_folder.data_dir / "elsewhere")
    for times in (1, 2):
        with pytest.raises(KeyMissing):
            sign(own_folder, ledger)
        ((about, *_, counted, _alarm, zh, en),) = trouble.listed(ledger)
        assert (about, counted) == (trouble.SIGNING, times)
        assert "log" in zh
        assert "log" in en
    assert not trouble.due(ledger, trouble.SIGNING)
    away.rename(signing.key_file(own_folder))
    sign(own_folder, ledger)
    assert trouble.listed(ledger) == []
    assert trouble.due(ledger, trouble.SIGNING)


def test_an_attempt_that_died_leaves_a_trace(busy: CRM, own_folder: Settings, ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), trouble.remembered(ledger, trouble.SIGNING):
        raise ZeroDivisionError
    assert trouble.listed(ledger) == []  # for all one knows it is still going on
    ledger.execute("UPDATE checkpoint_trouble SET tried_at = %s", (now() - timedelta(hours=1),))
    assert [one.times for one in trouble.listed(ledger)] == [0]
    assert trouble.due(ledger, trouble.SIGNING)


def test_an_empty_ledger_is_no_trouble(crm: CRM, own_folder: Settings, ledger: Ledger) -> None:
    with pytest.raises(NothingToSign):
        sign(own_folder, ledger)
    assert ledger.execute("SELECT count(*) FROM checkpoint_trouble").fetchone() == (0,)


# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def web(district: District) -> Any:
    """A connection with the rights that pages have."""
    with district.connect() as conn:
        names = [rights.role_name(conn, part) for part in rights.PARTS]
        assert rights.establish(conn, district.settings.signing_key()).apart
    url = rights.door(district.url, district.schema, district.settings.signing_key(), "web")
    with connect(url, district.schema, autocommit=True) as conn:
        yield conn
    drop_roles(district.url, names)


def test_pages_may_sign_and_rotate(web: Ledger, ledger: Ledger, busy: CRM, own_folder: Settings) -> None:
    assert web.info.user != ledger.info.user
    sign(own_folder, web)
    assert sound(own_folder, web, rotate(own_folder, web).checkpoint)


CHANGES = (
    "UPDATE checkpoint SET root = root", "DELETE FROM checkpoint", "TRUNCATE checkpoint", "DELETE FROM checkpoint_sent",
    "UPDATE checkpoint_sent SET size = size", "DELETE FROM log_key", "UPDATE log_key SET public = public",
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_pages_change_nothing_that_was_signed(
    web: Ledger, ledger: Ledger, busy: CRM, own_folder: Settings, change: str
) -> None:
    sign(own_folder, web)
    with pytest.raises(errors.InsufficientPrivilege):
        web.execute(change)
