"""What was overlooked when a person was erased is erased later: asked for by one, approved by another, as before."""

from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner

from crm.application import CRM, By
from crm.cli import app
from crm.destroyed import destroyed
from crm.documents import document_subject
from crm.erasure import text_subject
from crm.mentions import traces
from crm.prepare import catch_up, prepare, projecting, rebuild
from crm.sealed import ERASED
from domain.base import Refused
from domain.erasure import Basis, KeptFile, MoreErased, PlaceHold, Refusal, RejectErasure, RequestErasure
from domain.lead import AddNote, Lead
from domain.person import AddPerson, Person, Role
from projections import erasures
from projections.erasures import Erasures, State
from tests.conftest import District
from tests.crm.conftest import Giver
from tests.crm.test_erasures import ASKED, ONE, OTHER, Story, admin, nothing_shown


@pytest.fixture
def prepared(district: District) -> District:
    prepare(district.settings, district.url)
    return district


@pytest.fixture
def story(prepared: District, by: Giver) -> Iterator[Story]:
    """A lead whose contact person is erased; a note and a document that name them were overlooked."""
    with CRM(prepared.settings, prepared.url) as crm:
        made = Story(crm, by, lambda: catch_up(prepared.settings, prepared.url, nothing_shown))
        made.erase()
        yield made


@pytest.fixture
def row(story: Story, prepared: District) -> Callable[[], erasures.ErasureRow]:
    def read() -> erasures.ErasureRow:
        catch_up(prepared.settings, prepared.url, nothing_shown)
        with story.crm.pool.connection() as conn:
            return erasures.listed(conn).rows[0]

    return read


def rest(story: Story) -> RequestErasure:
    file = KeptFile(lead=story.lead, sha256=story.files["名片.txt"])
    return ASKED.model_copy(update={"texts": (story.lead,), "documents": (file,)})


def test_what_was_overlooked_goes_too_once_another_approves(story: Story, by: Giver, prepared: District) -> None:
    story.erasures.request(admin(ONE), story.gone.id, rest(story))
    with pytest.raises(Refused, match=r"erasure\.one_person"):
        story.erasures.approve(admin(ONE), story.gone.id)
    assert story.notes() == ["欧阳某甲说下周答复", "经理都在开会"]
    story.erasures.approve(admin(OTHER), story.gone.id)
    assert story.notes() == [ERASED, ERASED]
    assert story.crm.documents.erased(story.lead, story.files.values()) == {story.files["名片.txt"]}
    assert [event.TOPIC for _, event in story.crm.history(story.gone.id)][2:] == [
        "erasure.requested", "erasure.more_erased"
    ]  # fmt: skip
    story.crm.change(by(), Lead, story.lead, AddNote(note="此后写的"))
    assert story.notes()[-1] == "此后写的"
    with prepared.connect() as conn:
        gone = destroyed(conn)
    assert gone[story.lead] == text_subject(story.lead, 1)
    assert {story.gone.id, document_subject(story.lead, story.files["名片.txt"])} < gone.keys()


def test_it_has_to_name_something_that_is_theirs_and_still_there(story: Story) -> None:
    for asked in (ASKED, ASKED.model_copy(update={"imports": (story.lead,)})):
        with pytest.raises(Refused, match=r"erasure\.(done|scope)"):
            story.erasures.request(admin(ONE), story.gone.id, asked)
    story.erasures.request(admin(ONE), story.gone.id, rest(story))
    story.erasures.approve(admin(OTHER), story.gone.id)
    (lead,) = traces(story.crm, story.gone.id).leads
    assert [file.name for file in lead.files] == [ERASED]  # 区情.txt: its name was a free text
    with pytest.raises(Refused, match=r"erasure\.scope"):
        story.erasures.request(admin(ONE), story.gone.id, rest(story).model_copy(update={"texts": ()}))
    with pytest.raises(Refused, match=r"erasure\.done"):
        story.erasures.approve(admin(OTHER), story.gone.id)


def test_a_hold_keeps_what_is_left(story: Story) -> None:
    story.erasures.request(admin(ONE), story.gone.id, rest(story))
    story.erasures.hold(admin(OTHER), story.gone.id, PlaceHold(basis=Basis.DISPUTE))
    with pytest.raises(Refused, match=r"erasure\.held"):
        story.erasures.approve(admin(OTHER), story.gone.id)
    assert story.notes()[0] == "欧阳某甲说下周答复"


def test_the_list_tells_that_more_waits_and_then_that_all_is_settled(
    story: Story, row: Callable[[], erasures.ErasureRow], prepared: District
) -> None:
    before = row()
    story.erasures.request(admin(ONE), story.gone.id, rest(story).model_copy(update={"file_number": "补1"}))
    waits = row()
    assert (waits.state, waits.file_number, waits.settled_by) == (State.MORE, "补1", None)
    story.erasures.reject(admin(OTHER), story.gone.id, RejectErasure(why=Refusal.SCOPE))
    assert row() == before._replace(position=row().position), "turned down: erased it stays, as it was"
    story.erasures.request(admin(OTHER), story.gone.id, rest(story))
    story.erasures.approve(admin(ONE), story.gone.id)
    after = row()
    assert (after.state, after.settled_by) == (State.ERASED, ONE)
    rebuild(prepared.settings, prepared.url, [Erasures()], nothing_shown)
    with projecting(prepared.settings, prepared.url)() as conn:
        assert erasures.listed(conn).rows == [after]


def test_the_console_names_the_rest_one_by_one(
    story: Story, prepared: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = By(ONE, "admin", story.gone.id)
    second = story.crm.create(by, Person, AddPerson(name="系统管理员", login="second", role=Role.ADMIN)).id
    story.crm.accounts.open(second, "second", "spring-tide-2026", must_change=False)
    given = {"DATABASE_URL": prepared.url, "SCHEMA": prepared.schema, "DATA_DIR": str(prepared.data_dir)}
    for name, value in given.items():
        monkeypatch.setenv(f"CRM_{name}", value)

    def run(*more: str) -> tuple[int, str]:
        words = ("erase", "person", str(story.gone.id), "--reason", "consent", "--yes", *more)
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        return done.exit_code, done.stderr

    code, told = run()
    assert (code, "补充申请须指明" in told) == (1, True)
    for stray in (str(story.gone.id), f"{story.lead}:", f"{story.lead}:ffffffffffff0"):
        code, told = run("--also", stray)
        assert (code, "--also" in told) == (1, True)
    card = f"{story.lead}:{story.files['名片.txt'][:12]}"
    code, told = run("--also", str(story.lead), "--also", card, "--approved-by", "second")
    assert (code, "1 条线索的自由文本，1 个附件" in told) == (0, True), told
    (_, more) = story.erasures.one(story.gone.id).erased
    assert isinstance(more, MoreErased)
    story.crm.keys.forget([story.lead])  # held here for some seconds more: another process erased it
    assert story.notes() == [ERASED, ERASED]
