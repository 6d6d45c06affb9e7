"""Erasing a contact person: two administrators, no way back, and everything else stays as it was."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from crm.access import SYSTEM
from crm.application import CRM, By, Unknown
from crm.chain import GENESIS, link
from crm.erasure import Erasures
from crm.mentions import traces
from crm.prepare import catch_up, prepare, projecting, rebuild
from crm.sealed import ERASED
from domain.base import Refused
from domain.erasure import (
    Basis,
    Erasure,
    Ground,
    KeptFile,
    LiftHold,
    PersonErased,
    PlaceHold,
    Refusal,
    RejectErasure,
    RequestErasure,
)  # fmt: skip
from domain.lead import AddNote, Lead, Merge, Revise
from domain.lead.details import DetailsChanged
from projections import erasures
from projections.erasures import State
from projections.models import MODELS
from projections.rebuild import digest
from projections.stored import read
from tests.conftest import District
from tests.crm.conftest import Giver, registration, someone

ONE, OTHER = UUID(int=21), UUID(int=22)
ASKED = RequestErasure(ground=Ground.CONSENT, file_number="二信〔2026〕3号")


def nothing_shown(_done: int, _total: int) -> None:
    """No progress is shown."""


def admin(person: UUID = ONE) -> By:
    return By(person, "admin", uuid4())


@pytest.fixture
def prepared(district: District) -> District:
    prepare(district.settings, district.url)
    return district


@pytest.fixture
def crm(prepared: District) -> Iterator[CRM]:
    with CRM(prepared.settings, prepared.url) as application:
        yield application


@pytest.fixture
def project(prepared: District) -> Callable[[], None]:
    return lambda: catch_up(prepared.settings, prepared.url, nothing_shown)


class Story:
    """A lead with two contact persons, notes, one of which names the first, and two documents, one of which does."""

    def __init__(self, crm: CRM, by: Giver, project: Callable[[], None]) -> None:
        self.crm = crm
        self.gone = someone("欧阳某甲", phone="138 0000 1111", position="经理")
        self.stays = someone("端木某乙")
        self.lead = crm.create(by(), Lead, registration(contacts=(self.gone, self.stays), summary="分两期建设")).id
        crm.change(by(), Lead, self.lead, AddNote(note="欧阳某甲说下周答复"))
        crm.change(by(), Lead, self.lead, AddNote(note="经理都在开会"))
        crm.attach(by(), self.lead, "名片.txt", "欧阳某甲 13800001111".encode())
        crm.attach(by(), self.lead, "区情.txt", "园区情况".encode())
        project()
        self.erasures = Erasures(crm)
        self.files = {file.name: sha256 for sha256, file in crm.lead(self.lead).documents.items()}

    def erase(self, asked: RequestErasure = ASKED) -> None:
        self.erasures.request(admin(ONE), self.gone.id, asked)
        self.erasures.approve(admin(OTHER), self.gone.id)

    def notes(self) -> list[str]:
        return [event.note for event in self.crm.lead(self.lead).events if event.TOPIC == "lead.note_added"]


@pytest.fixture
def story(crm: CRM, by: Giver, project: Callable[[], None]) -> Story:
    return Story(crm, by, project)


def test_a_second_administrator_erases_and_nobody_else_is_touched(story: Story) -> None:
    story.erase()
    gone, stays = story.crm.lead(story.lead).attribute("contacts")
    assert (gone.name, gone.phone, gone.position) == (ERASED, ERASED, ERASED)
    assert stays == story.stays
    assert story.notes() == ["欧阳某甲说下周答复", "经理都在开会"]
    assert [event.TOPIC for _, event in story.crm.history(story.gone.id)] == [
        "erasure.requested", "erasure.person_erased"
    ]  # fmt: skip


def test_whoever_asks_does_not_approve(story: Story) -> None:
    story.erasures.request(admin(ONE), story.gone.id, ASKED)
    with pytest.raises(Refused, match=r"erasure\.one_person"):
        story.erasures.approve(admin(ONE), story.gone.id)
    assert story.crm.lead(story.lead).attribute("contacts")[0] == story.gone


def test_the_console_asks_and_any_administrator_approves(story: Story) -> None:
    story.erasures.request(admin(SYSTEM), story.gone.id, ASKED)
    story.erasures.approve(admin(ONE), story.gone.id)
    assert story.erasures.one(story.gone.id).erased


def test_the_same_click_twice_erases_once(story: Story) -> None:
    story.erasures.request(admin(ONE), story.gone.id, ASKED)
    by = admin(OTHER)
    first = story.erasures.approve(by, story.gone.id)
    assert story.erasures.approve(by, story.gone.id) == first.__class__(first.id, first.position, repeated=True)
    with pytest.raises(Refused, match=r"erasure\.done"):
        story.erasures.request(admin(ONE), story.gone.id, ASKED)


def test_a_hold_blocks_request_and_approval_until_it_is_lifted(story: Story) -> None:
    story.erasures.request(admin(ONE), story.gone.id, ASKED)
    story.erasures.hold(admin(OTHER), story.gone.id, PlaceHold(basis=Basis.DISPUTE))
    with pytest.raises(Refused, match=r"erasure\.held"):
        story.erasures.approve(admin(OTHER), story.gone.id)
    assert story.crm.lead(story.lead).attribute("contacts")[0] == story.gone
    story.erasures.reject(admin(OTHER), story.gone.id, RejectErasure(why=Refusal.PERIOD))
    with pytest.raises(Refused, match=r"erasure\.held"):
        story.erasures.request(admin(ONE), story.gone.id, ASKED)
    story.erasures.lift(admin(ONE), story.gone.id, LiftHold())
    story.erase()
    assert story.crm.lead(story.lead).attribute("contacts")[0].name == ERASED


def test_what_names_them_is_found_by_looking(story: Story) -> None:
    found = traces(story.crm, story.gone.id)
    (lead,) = found.leads
    assert set(found.known) == {"欧阳某甲", "138 0000 1111"}
    assert (lead.id, lead.texts) == (story.lead, 5)
    assert [mention.version for mention in lead.mentions] == [2]
    assert {file.name: file.mentions for file in lead.files} == {"名片.txt": True, "区情.txt": False}
    assert lead.unsealed == []


def test_notes_and_documents_go_along_where_they_were_chosen_and_later_notes_are_written(
    story: Story, by: Giver
) -> None:
    card, about = story.files["名片.txt"], story.files["区情.txt"]
    asked = ASKED.model_copy(update={"texts": (story.lead,), "documents": (KeptFile(lead=story.lead, sha256=card),)})
    story.erase(asked)
    lead = story.crm.lead(story.lead)
    assert story.notes() == [ERASED, ERASED]
    assert lead.attribute("summary") == ERASED
    with pytest.raises(Unknown):
        story.crm.document(story.lead, card)
    assert story.crm.document(story.lead, about)[2].decode() == "园区情况"
    story.crm.change(by(), Lead, story.lead, AddNote(note="新的联系人已定"))
    assert story.notes() == [ERASED, ERASED, "新的联系人已定"]
    with CRM(story.crm.settings, story.crm.settings.database_url.get_secret_value()) as elsewhere:
        elsewhere.change(by(), Lead, story.lead, AddNote(note="另一进程写的"))
        assert [e.note for e in elsewhere.lead(story.lead).events if e.TOPIC == "lead.note_added"][2:] == [
            "新的联系人已定", "另一进程写的"
        ]  # fmt: skip


def test_free_texts_are_erased_a_second_time_with_what_was_written_since(
    story: Story, by: Giver, project: Callable[[], None]
) -> None:
    story.erase(ASKED.model_copy(update={"texts": (story.lead,)}))
    story.crm.change(by(), Lead, story.lead, AddNote(note="端木某乙接手"))
    project()
    story.erasures.request(admin(ONE), story.stays.id, ASKED.model_copy(update={"texts": (story.lead,)}))
    story.erasures.approve(admin(OTHER), story.stays.id)
    story.crm.change(by(), Lead, story.lead, AddNote(note="无联系人"))
    assert story.notes() == [ERASED, ERASED, ERASED, "无联系人"]


def test_another_process_that_held_the_key_seals_nothing_under_it_any_more(story: Story, by: Giver) -> None:
    with CRM(story.crm.settings, story.crm.settings.database_url.get_secret_value()) as elsewhere:
        assert elsewhere.lead(story.lead).attribute("contacts")[0] == story.gone
        story.erase(ASKED.model_copy(update={"texts": (story.lead,)}))
        elsewhere.change(by(), Lead, story.lead, AddNote(note="随后写的"))
        with pytest.raises(Refused, match=r"sealing\.erased"):
            elsewhere.change(by(), Lead, story.lead, Revise(details=DetailsChanged(contacts=(story.gone,))))
    assert story.notes()[-1] == "随后写的"


def test_a_document_of_an_earlier_version_outlives_the_texts_of_its_lead(story: Story, prepared: District) -> None:
    name = story.files["区情.txt"]
    old = story.crm.keys.encrypt(story.lead, "园区情况".encode(), f"document:v1:{story.lead.hex}:{name}".encode())
    with prepared.connect(autocommit=True) as conn:
        conn.execute("UPDATE document SET content = %s, subject = NULL WHERE sha256 = %s", [old, name])
    assert story.crm.document(story.lead, name)[2].decode() == "园区情况"
    story.erase(ASKED.model_copy(update={"texts": (story.lead,)}))
    assert story.crm.documents.fetch(story.lead, name).content == "园区情况".encode()


@pytest.mark.parametrize("number", ["欧阳某甲申请", "某甲3号", "欧阳女士案", "138-00001111"])
def test_a_file_number_that_names_them_is_refused(story: Story, number: str) -> None:
    decisions: list[Callable[[], object]] = [
        lambda: story.erasures.request(admin(), story.gone.id, ASKED.model_copy(update={"file_number": number})),
        lambda: story.erasures.hold(admin(), story.gone.id, PlaceHold(basis=Basis.DISPUTE, file_number=number)),
        lambda: story.erasures.lift(admin(), story.gone.id, LiftHold(file_number=number)),
        lambda: story.erasures.reject(admin(), story.gone.id, RejectErasure(why=Refusal.SCOPE, file_number=number)),
    ]
    for decision in decisions:
        with pytest.raises(Refused, match=r"erasure\.names"):
            decision()


@pytest.mark.parametrize("note", ["某甲说下周答复", "欧阳总要来", "已约欧阳女士", "电话13800001111"])
def test_who_is_spoken_of_as_those_say_who_know_them_is_found_too(story: Story, by: Giver, note: str) -> None:
    story.crm.change(by(), Lead, story.lead, AddNote(note=note))
    assert [one.version for one in traces(story.crm, story.gone.id).leads[0].mentions][1:] == [6]
    assert not [one.version for one in traces(story.crm, story.stays.id).leads[0].mentions]


def test_what_is_told_on_a_lead_merged_into_theirs_goes_along(
    story: Story, by: Giver, project: Callable[[], None]
) -> None:
    other = story.crm.create(by(), Lead, registration()).id
    story.crm.change(by(), Lead, other, AddNote(note="欧阳某甲介绍来的"))
    story.crm.merge(by(), other, Merge(into=story.lead, reason="同一项目"))
    project()
    assert {one.id: len(one.mentions) for one in traces(story.crm, story.gone.id).leads} == {story.lead: 1, other: 1}
    story.erase(ASKED.model_copy(update={"texts": (story.lead, other)}))
    joined = story.crm.lead(story.lead).joined[other]
    assert [event.note for event in joined if event.TOPIC == "lead.note_added"] == [ERASED]


@pytest.mark.parametrize("scope", ["texts", "documents", "imports"])
def test_what_has_nothing_to_do_with_them_does_not_go_along(story: Story, scope: str) -> None:
    stray = (KeptFile(lead=story.lead, sha256="0" * 64),) if scope == "documents" else (uuid4(),)
    with pytest.raises(Refused, match=r"erasure\.scope"):
        story.erasures.request(admin(), story.gone.id, ASKED.model_copy(update={scope: stray}))


def test_somebody_who_is_no_contact_person_is_unknown(story: Story) -> None:
    for stranger in (uuid4(), story.lead, UUID(int=1)):
        with pytest.raises(Unknown):
            story.erasures.request(admin(), stranger, ASKED)


def test_a_crash_leaves_both_undone(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.erasures.request(admin(ONE), story.gone.id, ASKED)
    monkeypatch.setattr("crm.erasure._remove", _broken)
    by = admin(OTHER)
    with pytest.raises(RuntimeError, match="power cut"):
        story.erasures.approve(by, story.gone.id)
    assert story.erasures.one(story.gone.id).waiting
    assert story.crm.lead(story.lead).attribute("contacts")[0] == story.gone
    monkeypatch.undo()
    story.erasures.approve(by, story.gone.id)
    assert story.crm.lead(story.lead).attribute("contacts")[0].name == ERASED


def _broken(*_: object) -> None:
    raise RuntimeError("power cut")


def test_nothing_in_the_events_says_who_it_was(story: Story, prepared: District) -> None:
    story.erase()
    with prepared.connect() as conn:
        rows = [row for row in read(conn, 0, 100) if row.topic.startswith("erasure.")]
        assert len(rows) == 2
        for row in rows:
            assert not any(secret in row.data for secret in ("欧阳", "13800001111", "138 0000"))
        before = GENESIS
        for row in read(conn, 0, 100):
            assert link(before, row) == row.hash
            before = row.hash


def test_the_list_tells_where_each_stands_and_a_rebuild_the_same(
    story: Story, project: Callable[[], None], prepared: District
) -> None:
    story.erasures.request(admin(ONE), story.gone.id, ASKED)
    story.erasures.hold(admin(ONE), story.stays.id, PlaceHold(basis=Basis.INQUIRY))
    project()
    with story.crm.pool.connection() as conn:
        assert erasures.counted(conn) == {"waiting": 1, "erased": 0, "more": 0, "rejected": 0, "none": 1, "held": 1}
        (waiting,) = erasures.listed(conn, state=State.WAITING).rows
        assert (waiting.subject, waiting.ground, waiting.asked_by) == (story.gone.id, "consent", ONE)
    story.erasures.approve(admin(OTHER), story.gone.id)
    project()
    with projecting(prepared.settings, prepared.url)() as conn:
        rows = {model.name: digest(conn, model) for model in MODELS}
    rebuild(prepared.settings, prepared.url, MODELS, nothing_shown)
    with projecting(prepared.settings, prepared.url)() as conn:
        assert {model.name: digest(conn, model) for model in MODELS} == rows
        (erased,) = erasures.listed(conn, state=State.ERASED).rows
    assert (erased.settled_by, erased.held) == (OTHER, False)


def test_the_aggregate_says_all_that_is_gone(story: Story) -> None:
    story.erase(ASKED.model_copy(update={"texts": (story.lead,)}))
    (erased,) = story.crm.aggregate(Erasure, story.gone.id).erased
    assert isinstance(erased, PersonErased)
    assert (erased.ground, erased.file_number, erased.texts, erased.approved_by) == (
        Ground.CONSENT, "二信〔2026〕3号", (story.lead,), OTHER
    )  # fmt: skip
