"""Checkpoints: what is signed, that only a ledger that has grown is signed again, and what stands in the way."""

import stat
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from crm.application import CRM
from crm.proof import checkpoint, signing
from crm.proof.checkpoint import Body, Stored, latest, listed, make, opened
from crm.proof.growth import NotAnExtension, NothingToSign
from crm.proof.note import BadNote, Note, Signer, VerifierKey, signed
from crm.settings import Settings
from domain.lead import Lead
from projections.engine import catch_up, prepare
from projections.merkle import root
from projections.models import MODELS
from tests.conftest import District
from tests.crm.conftest import Giver, call

# ── notes: the vector of the Go reference implementation, whose keys and signatures Ed25519 makes the same everywhere ──

SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
KNOWN = VerifierKey.parse(VKEY)


def seed(skey: str) -> bytes:
    import base64

    return base64.b64decode(skey.split("+", 4)[4])[1:]


def test_the_known_note_is_verified_and_made_again_to_the_byte() -> None:
    signer = Signer("PeterNeumann", seed(SKEY))
    assert str(signer.key) == VKEY
    assert str(signed(TEXT, [signer])) == f"{TEXT}\n{LINE}"
    assert Note.parse(f"{TEXT}\n{LINE}".encode()).signed_by([KNOWN]) == [KNOWN]


@pytest.mark.parametrize(
    "content",
    [
        "", "\n", TEXT, LINE, f"\n{LINE}"[1:], TEXT + LINE, f"{TEXT}\n{LINE}"[:-1], f"{TEXT}\n{LINE}\n", f"{TEXT}\n",
        f"{TEXT}\n— PeterNeumann\n", f"{TEXT}\n— x08go/ZJkuBS\n", f"{TEXT}\n- {LINE[2:]}", f"{TEXT}\n—{LINE[2:]}",
        f"{TEXT}\n— Peter+Neumann {LINE[15:]}", f"{TEXT}\n— PeterNeumann x08g\n", f"{TEXT}\n— PeterNeumann *\n",
        f"{TEXT}\r\n{LINE}", f"{TEXT}\n{LINE}".replace("you", "y\tou"), f"{TEXT}\n{LINE * 101}", b"\xff" + TEXT.encode(),
    ],
)  # fmt: skip
def test_what_is_not_a_note_is_refused(content: str | bytes) -> None:
    with pytest.raises(BadNote):
        Note.parse(content)


def test_a_note_holds_only_as_it_was_signed_by_somebody_known() -> None:
    stranger = Signer("PeterNeumann", bytes(32))
    both = signed(TEXT, [stranger, Signer("PeterNeumann", seed(SKEY))])
    assert both.signed_by([KNOWN]) == [KNOWN]
    assert both.signed_by([stranger.key, KNOWN]) == [stranger.key, KNOWN]
    with pytest.raises(BadNote, match="bad"):
        Note(TEXT.replace("you", "we"), both.signatures).signed_by([KNOWN])
    with pytest.raises(BadNote):
        signed(TEXT, [stranger]).signed_by([KNOWN])


@pytest.mark.parametrize("at", range(len(VKEY)))
def test_a_mangled_key_is_refused(at: int) -> None:
    for mangled in (VKEY[:at], VKEY[at + 1 :], VKEY[:at] + chr(ord(VKEY[at]) + 1) + VKEY[at + 1 :]):
        with pytest.raises(BadNote):
            VerifierKey.parse(mangled)


# ── the body ─────────────────────────────────────────────────────────────────────────────────────────────────────────

EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_a_checkpoint_is_read_and_written_to_the_byte() -> None:
    body = Body.parse(EXAMPLE)
    assert (body.origin, body.size, len(body.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert str(body) == EXAMPLE
    further = Body.parse(EXAMPLE + "recorded_at 2026-06-30T15:59:59.123456Z\nmore\n")
    assert further.extensions[1:] == ("more",)
    assert further.recorded_at
    assert further.recorded_at.isoformat() == "2026-06-30T15:59:59.123456+00:00"
    assert Body.parse(EXAMPLE + "recorded_at never\n").recorded_at is None


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", EXAMPLE.replace("20852163", "020852163"), EXAMPLE.replace("20852163", "-1"),
     EXAMPLE.replace("20852163", "１"), EXAMPLE.replace("q2I=", "q2J="), EXAMPLE.replace("q2I=\n", "\n"), "\n" + EXAMPLE,
     EXAMPLE + "\n", EXAMPLE + "\nmore\n", EXAMPLE.replace("example", "an example")],
)  # fmt: skip
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Body.parse(text)


# ── signing a district ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def settings(district: District, tmp_path: Path) -> Settings:
    return district.settings.model_copy(update={"data_dir": tmp_path})


@pytest.fixture
def conn(district: District) -> Any:
    with district.connect(autocommit=True) as connection:
        prepare(connection, MODELS)
        yield connection


@pytest.fixture
def busy(crm: CRM, by: Giver, lead: UUID) -> CRM:
    """A ledger of 40 events."""
    for number in range(39):
        crm.change(by(), Lead, lead, call(f"第{number}次"))
    return crm


@pytest.fixture
def more(busy: CRM, by: Giver, lead: UUID) -> Any:
    """Records so many more events."""

    def add(events: int = 1) -> None:
        for number in range(events):
            busy.change(by(), Lead, lead, call(f"又{number}次"))

    return add


def hashes(conn: psycopg.Connection[Any]) -> list[bytes]:
    return [hash_ for (hash_,) in conn.execute("SELECT hash FROM event ORDER BY position")]


def project(conn: psycopg.Connection[Any]) -> None:
    catch_up(conn, MODELS)


def sound(settings: Settings, conn: psycopg.Connection[Any], made: Stored) -> bool:
    """Whether it says what the events are, and is signed by the key in use."""
    key = signing.active(conn)
    assert key
    body = opened(made.note, [key.verifier])
    assert body.recorded_at == made.recorded_at
    return (body.origin, body.size, body.root) == (
        f"landfall/{settings.schema_name}", made.size, root(hashes(conn)[: made.size]),
    )  # fmt: skip


def test_the_first_checkpoint_covers_every_event_and_makes_the_key(busy: CRM, settings: Settings, conn: Any) -> None:
    made = make(settings, conn)
    assert made.size == 40
    assert sound(settings, conn, made)
    assert latest(conn) == made
    assert stat.S_IMODE(signing.key_file(settings).stat().st_mode) == 0o600
    assert stat.S_IMODE(signing.memory_file(settings).stat().st_mode) == 0o600
    assert signing.memory_file(settings).read_text() == made.note


def test_nothing_new_is_not_signed_again(busy: CRM, settings: Settings, conn: Any) -> None:
    made = make(settings, conn)
    assert make(settings, conn) == made
    assert listed(conn, 10) == [made]


@pytest.mark.parametrize("projected", [True, False])
def test_what_grew_is_signed_whether_the_tree_is_projected_or_not(
    busy: CRM, settings: Settings, conn: Any, more: Any, *, projected: bool
) -> None:
    first = make(settings, conn)
    if projected:
        project(conn)
    for events in (1, 7, 24):
        more(events)
        assert sound(settings, conn, make(settings, conn))
    assert [one.size for one in listed(conn, 10)] == [72, 48, 41, 40]
    assert [one.size for one in listed(conn, 10, before=48)] == [41, 40]
    assert checkpoint.covering(conn, 42) == checkpoint.of_size(conn, 48)
    assert checkpoint.covering(conn, 1) == first
    assert checkpoint.covering(conn, 73) is None


def test_a_read_model_that_was_altered_does_not_lead_the_signature_astray(
    busy: CRM, settings: Settings, conn: Any, more: Any
) -> None:
    project(conn)
    make(settings, conn)
    more(3)
    conn.execute("UPDATE tree_node SET hash = sha256('altered') WHERE level = 4 AND index = 1")
    assert sound(settings, conn, make(settings, conn))


def test_an_empty_ledger_is_not_signed(crm: CRM, settings: Settings, conn: Any) -> None:
    with pytest.raises(NothingToSign):
        make(settings, conn)


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
    busy: CRM, settings: Settings, conn: Any, more: Any, damage: str, *, projected: bool
) -> None:
    made = make(settings, conn)
    more(3)
    if projected:
        project(conn)
    conn.execute(DAMAGE[damage])
    if projected and damage == "the hash of an event that was signed":
        conn.execute("DELETE FROM tree_node")  # else the tree still holds what was signed, and nothing new rests on it
    with pytest.raises(NotAnExtension):
        make(settings, conn)
    assert latest(conn) == made


def test_the_signer_remembers_when_the_database_has_forgotten(
    busy: CRM, settings: Settings, conn: Any, more: Any
) -> None:
    more(2)
    make(settings, conn)
    conn.execute("DELETE FROM checkpoint")
    conn.execute("DELETE FROM event WHERE position > 40")
    conn.execute("UPDATE head SET (position, hash) = (SELECT position, hash FROM event WHERE position = 40)")
    with pytest.raises(NotAnExtension) as refused:
        make(settings, conn)
    assert "42" in refused.value.text.en


def test_two_at_once_sign_the_same(busy: CRM, settings: Settings, district: District, conn: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def one(_: int) -> Stored:
        with district.connect(autocommit=True) as connection:
            return make(settings, connection)

    with ThreadPoolExecutor(4) as several:
        assert len(set(several.map(one, range(4)))) == 1
