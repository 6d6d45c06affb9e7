"""The key that signs: handed over with both signatures, missed when it is gone, and the log that keeps its name."""

import base64
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from crm.application import CRM
from crm.proof import signing
from crm.proof.checkpoint import latest, make, opened
from crm.proof.growth import NotAnExtension
from crm.proof.note import BadNote
from crm.proof.rotation import rotate, start_over
from crm.proof.signing import KeyMissing, OtherOrigin
from crm.settings import Settings
from tests.crm.test_checkpoints import sound

Ledger = psycopg.Connection[Any]
More = Callable[..., None]


def test_the_checkpoint_at_a_rotation_is_signed_by_the_old_key_and_the_new(
    busy: CRM, own_folder: Settings, ledger: Ledger, more: More
) -> None:
    before = make(own_folder, ledger)
    old = signing.active(ledger)
    assert old
    done = rotate(own_folder, ledger)
    assert (done.checkpoint.size, done.checkpoint.root) == (before.size, before.root)
    assert opened(done.checkpoint.note, [old.verifier]) == opened(done.checkpoint.note, [done.new])
    assert sound(own_folder, ledger, done.checkpoint)
    assert latest(ledger) == done.checkpoint
    assert [(key.id, bool(key.retired_at)) for key in signing.keys(ledger)] == [
        (old.id, True),
        (done.new.id.hex(), False),
    ]
    more(1)
    after = make(own_folder, ledger)
    assert sound(own_folder, ledger, after)
    with pytest.raises(BadNote):
        opened(after.note, [old.verifier])


def test_a_rotation_may_be_the_first_thing_that_is_signed(busy: CRM, own_folder: Settings, ledger: Ledger) -> None:
    done = rotate(own_folder, ledger)
    assert sound(own_folder, ledger, done.checkpoint)
    assert len(signing.keys(ledger)) == 2


def test_a_rotation_that_was_cut_short_is_finished_by_the_next_signature(
    busy: CRM, own_folder: Settings, ledger: Ledger, more: More, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_settings: Settings) -> None:
        raise KeyboardInterrupt

    make(own_folder, ledger)
    monkeypatch.setattr("crm.proof.rotation._put_to_use", cut)
    with pytest.raises(KeyboardInterrupt):
        rotate(own_folder, ledger)
    more(1)
    assert sound(own_folder, ledger, make(own_folder, ledger))
    assert not signing.next_key_file(own_folder).exists()


def test_an_altered_ledger_is_not_handed_over(busy: CRM, own_folder: Settings, ledger: Ledger) -> None:
    make(own_folder, ledger)
    ledger.execute("UPDATE event SET hash = sha256('x') WHERE position = 40")
    with pytest.raises(NotAnExtension):
        rotate(own_folder, ledger)
    assert len(signing.keys(ledger)) == 1


def test_without_its_private_half_nothing_is_signed_until_one_starts_over(
    busy: CRM, own_folder: Settings, ledger: Ledger
) -> None:
    made = make(own_folder, ledger)
    signing.key_file(own_folder).unlink()
    for attempt in (make, rotate):
        with pytest.raises(KeyMissing) as refused:
            attempt(own_folder, ledger)
        assert made.key in refused.value.text.en
    assert not signing.key_file(own_folder).exists()
    done = start_over(own_folder, ledger)
    assert done.old is None
    assert sound(own_folder, ledger, done.checkpoint)
    assert make(own_folder, ledger) == done.checkpoint


def test_after_an_older_backup_one_starts_over_in_the_open(
    busy: CRM, own_folder: Settings, ledger: Ledger, more: More
) -> None:
    old = make(own_folder, ledger)
    ledger.execute("DELETE FROM event WHERE position > 30")
    ledger.execute("UPDATE head SET (position, hash) = (SELECT position, hash FROM event WHERE position = 30)")
    with pytest.raises(NotAnExtension):
        make(own_folder, ledger)
    done = start_over(own_folder, ledger)
    assert done.checkpoint.size == 30
    assert sound(own_folder, ledger, done.checkpoint)
    assert make(own_folder, ledger) == done.checkpoint
    assert done.checkpoint.key != old.key


def test_a_key_that_is_given_is_used_and_no_file_is_made(busy: CRM, own_folder: Settings, ledger: Ledger) -> None:
    given = own_folder.model_copy(update={"log_key": SecretStr(base64.b64encode(bytes(range(32))).decode())})
    assert sound(given, ledger, make(given, ledger))
    assert not signing.key_file(given).exists()
    done = rotate(given, ledger)
    assert sound(given, ledger, done.checkpoint)  # the new key is in the folder, whatever is given
    assert make(given, ledger) == make(own_folder, ledger)


def test_the_log_keeps_its_name(busy: CRM, own_folder: Settings, ledger: Ledger) -> None:
    named = own_folder.model_copy(update={"log_origin": "erdao.example/leads"})
    assert make(named, ledger).note.startswith("erdao.example/leads\n40\n")
    assert make(own_folder, ledger) == latest(ledger)
    with pytest.raises(OtherOrigin):
        make(own_folder.model_copy(update={"log_origin": "erdao.example/other"}), ledger)


def test_districts_that_share_a_folder_have_keys_of_their_own(own_folder: Settings) -> None:
    names = {signing.key_file(own_folder.model_copy(update={"schema_name": name})).name for name in ("landfall", "b")}
    assert names == {"log.key", "log-b.key"}
