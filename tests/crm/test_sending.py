"""Checkpoints out of the database's reach: to a folder and an address, again when it failed, and beside projecting."""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest
from pydantic import SecretStr

from crm.application import CRM
from crm.prepare import prepare
from crm.projector import run
from crm.proof import schedule, trouble
from crm.proof.checkpoint import latest, listed, make
from crm.proof.note import Note, Signer, signed
from crm.proof.rotation import rotate
from crm.proof.sending import Address, Contradicted, Folder, NoDestination, Unsent, deliver, destination, pending
from crm.settings import Settings, SettingsError
from crm.status import look, printed
from projections import engine
from tests.conftest import District

Ledger = psycopg.Connection[Any]
More = Callable[..., None]
SECONDS = 30.0


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = tmp_path / "纪检"
    made.mkdir()
    return Folder(made)


def files(folder: Folder) -> list[str]:
    return sorted(path.name for path in folder.path.iterdir())


# ── a folder ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_gets_what_is_new_under_names_of_their_own(
    busy: CRM, own_folder: Settings, ledger: Ledger, more: More, folder: Folder
) -> None:
    make(own_folder, ledger)
    more(2)
    second = make(own_folder, ledger)
    assert deliver(ledger, folder) == 1  # a new destination is sent the latest only
    more(1)
    third, fourth = make(own_folder, ledger), rotate(own_folder, ledger).checkpoint
    assert pending(ledger, folder) == [third, fourth]
    assert deliver(ledger, folder) == 2
    assert deliver(ledger, folder) == 0
    stem = f"landfall-{own_folder.schema_name}"
    assert files(folder) == sorted(
        [f"{stem}-000000000042-{second.key}.checkpoint", f"{stem}-000000000043-{third.key}.checkpoint",
         f"{stem}-000000000043-{fourth.key}.checkpoint"]
    )  # fmt: skip
    assert (folder.path / f"{stem}-000000000043-{fourth.key}.checkpoint").read_text() == fourth.note


def test_what_is_there_already_is_well(busy: CRM, own_folder: Settings, ledger: Ledger, folder: Folder) -> None:
    make(own_folder, ledger)
    deliver(ledger, folder)
    ledger.execute("DELETE FROM checkpoint_sent")
    assert deliver(ledger, folder) == 1
    assert len(files(folder)) == 1


@pytest.mark.parametrize("key", ["same", "another"])
def test_another_state_of_the_same_size_is_never_overwritten(
    busy: CRM, own_folder: Settings, ledger: Ledger, folder: Folder, key: str
) -> None:
    made = make(own_folder, ledger)
    deliver(ledger, folder)
    (name,) = files(folder)
    forged = str(signed(Note.parse(made.note).text.replace("\n40\n", "\n41\n"), [Signer("x", bytes(32))]))
    (folder.path / name).unlink()
    there = folder.path / (name if key == "same" else name.replace(made.key, "00000000"))
    there.write_text(forged)
    ledger.execute("DELETE FROM checkpoint_sent")
    with pytest.raises(Contradicted), trouble.remembered(ledger, folder.name):
        deliver(ledger, folder)
    assert there.read_text() == forged
    assert [one.alarm for one in trouble.listed(ledger)] == [True]


def test_a_folder_that_is_not_there_is_not_made(
    busy: CRM, own_folder: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    make(own_folder, ledger)
    with pytest.raises(Unsent):
        deliver(ledger, Folder(tmp_path / "unmounted"))
    assert not (tmp_path / "unmounted").exists()


# ── an address ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Receiver(ThreadingHTTPServer):
    """Takes what is posted, and answers as it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Posted)
        self.answer = 201
        self.got: list[tuple[str, str | None, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/checkpoints"


class Posted(BaseHTTPRequestHandler):
    server: Receiver
    error_content_type: ClassVar[str] = "text/plain"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.got.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.answer)
        if self.server.answer == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_address_is_posted_the_note(busy: CRM, own_folder: Settings, ledger: Ledger, receiver: Receiver) -> None:
    made = make(own_folder, ledger)
    assert deliver(ledger, Address(receiver.address)) == 1
    assert deliver(ledger, Address(receiver.address)) == 0
    assert receiver.got == [("/checkpoints", None, made.note)]


def test_secrets_of_an_address_are_used_and_never_kept(
    busy: CRM, own_folder: Settings, ledger: Ledger, receiver: Receiver
) -> None:
    make(own_folder, ledger)
    to = destination(receiver.address.replace("//", "//landfall:p%40ss@") + "?token=t0ken")
    assert to.name == receiver.address
    deliver(ledger, to)
    ((path, authorization, _),) = receiver.got
    assert path == "/checkpoints?token=t0ken"
    assert authorization == f"Basic {base64.b64encode(b'landfall:p@ss').decode()}"
    assert ledger.execute("SELECT destination FROM checkpoint_sent").fetchall() == [(receiver.address,)]


@pytest.mark.parametrize(("answer", "error"), [(500, Unsent), (404, Unsent), (302, Unsent), (409, Contradicted)])
def test_any_other_answer_is_no_arrival(
    busy: CRM, own_folder: Settings, ledger: Ledger, receiver: Receiver, answer: int, error: type[Unsent]
) -> None:
    make(own_folder, ledger)
    receiver.answer = answer
    with pytest.raises(Unsent) as refused:
        deliver(ledger, Address(receiver.address))
    assert type(refused.value) is error
    assert len(receiver.got) == 1  # no redirect is followed
    receiver.answer = 200
    assert deliver(ledger, Address(receiver.address)) == 1


@pytest.mark.parametrize(
    "text",
    ["", "relative/folder", "ftp://example.com/x", "http://example.com/x", "http://127.0.0.1.example.com/x",
     "http://localhost@example.com/", "https://", "http://localhost.example.com/", "file:///etc"],
)  # fmt: skip
def test_in_the_clear_nothing_leaves_the_machine(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoDestination):
        destination(text)
    monkeypatch.setenv("CRM_CHECKPOINT_TO", f"/a {text}")
    if text:
        with pytest.raises(SettingsError, match="CRM_CHECKPOINT_TO") as refused:
            Settings.load()
        assert f"/a {text}" not in str(refused.value)


def test_what_may_be_said_of_destinations(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (
        "/mnt/x",
        "https://example.com/x",
        "http://localhost:8080/x",
        "http://[::1]/x",
        "http://a:b@127.0.0.1/x",
    ):
        assert destination(text)
    monkeypatch.setenv("CRM_CHECKPOINT_TO", "/mnt/x https://user:pw@example.com/x")
    assert "pw" not in repr(Settings.load())


# ── the schedule ─────────────────────────────────────────────────────────────────────────────────────────────────────


def to(settings: Settings, *places: str) -> Settings:
    return settings.model_copy(update={"checkpoint_to": SecretStr(" ".join(places))})


def rewind(ledger: Ledger, hours: int) -> None:
    """As if everything had been signed, and tried, so long ago."""
    ledger.execute("UPDATE checkpoint SET made_at = made_at - make_interval(hours => %s)", (hours,))
    ledger.execute("UPDATE checkpoint_trouble SET tried_at = tried_at - make_interval(hours => %s)", (hours,))


def test_it_signs_once_it_is_time_and_something_is_new(
    busy: CRM, own_folder: Settings, district: District, ledger: Ledger, more: More, folder: Folder
) -> None:
    given = to(own_folder, folder.name)
    schedule.look(given, district.url)
    more(1)
    schedule.look(given, district.url)
    assert [made.size for made in listed(ledger, 9)] == [40]
    rewind(ledger, 2)
    schedule.look(given, district.url)
    assert [made.size for made in listed(ledger, 9)] == [41, 40]
    rewind(ledger, 2)
    schedule.look(given, district.url)
    assert len(listed(ledger, 9)) == len(files(folder)) == 2
    schedule.look(given.model_copy(update={"checkpoint_minutes": 0}), district.url)


def test_what_did_not_arrive_is_sent_later_and_said_meanwhile(
    busy: CRM, own_folder: Settings, district: District, ledger: Ledger, receiver: Receiver, folder: Folder
) -> None:
    given = to(own_folder, receiver.address, folder.name)
    receiver.answer = 503
    schedule.look(given, district.url)
    schedule.look(given, district.url)
    assert len(receiver.got) == 1  # not before it is time to try again
    assert len(files(folder)) == 1  # the one does not keep the other
    assert [(one.about, one.alarm) for one in trouble.listed(ledger)] == [(receiver.address, False)]
    report = look(given, 10**6)
    assert any("503" in problem for problem in report["problems"])
    assert "checkpoint           40" in printed(report)
    receiver.answer = 200
    rewind(ledger, 2)
    schedule.look(given, district.url)
    assert len(receiver.got) == 2
    assert trouble.listed(ledger) == []
    assert look(given, 10**6)["troubles"] == []


def test_a_ledger_that_was_altered_is_a_problem_in_the_status(
    busy: CRM, own_folder: Settings, district: District, ledger: Ledger, more: More
) -> None:
    schedule.look(own_folder, district.url)
    more(1)
    rewind(ledger, 2)
    ledger.execute("UPDATE event SET actor = gen_random_uuid() WHERE position = 41")
    schedule.look(own_folder, district.url)
    ((problem,),) = [[p for p in look(own_folder, 10**6)["problems"] if "41" in p]]
    assert "audit verify" in problem
    assert [made.size for made in listed(ledger, 9)] == [40]


def test_a_destination_that_is_configured_no_more_is_no_trouble(
    busy: CRM, own_folder: Settings, district: District, ledger: Ledger
) -> None:
    schedule.look(to(own_folder, "/nowhere/at/all"), district.url)
    assert len(trouble.listed(ledger)) == 1
    schedule.look(own_folder, district.url)
    assert trouble.listed(ledger) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_projecting_goes_on_whatever_happens_here(
    crm: CRM, lead: Any, district: District, own_folder: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []

    def look_badly(settings: Settings, url: str) -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise ZeroDivisionError
        real(settings, url)

    real = schedule.look
    monkeypatch.setattr(schedule, "look", look_badly)
    monkeypatch.setattr(schedule, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(schedule, "TICK_SECONDS", 0.05)
    prepare(district.settings, district.url)
    stopping = threading.Event()
    thread = threading.Thread(target=run, args=(own_folder, district.url, stopping))
    thread.start()
    try:
        deadline = time.monotonic() + SECONDS
        while not (latest(ledger) and engine.reached(ledger) == 1):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        stopping.set()
        thread.join()
    assert len(rounds) > 1
