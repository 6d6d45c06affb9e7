"""Meetings: pinned once, the same for ever, each number opening its leads; who may read and who may pin."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook

from crm import clock
from domain.channel import Channel, ReviseChannel
from domain.lead import CorrectDate, CorrectDetails, Lead, Merge, Revise
from domain.meeting import MeetingPinned
from domain.person import Person, RenamePerson, Role
from tests.web.book import bring, work
from tests.web.conftest import Browser, Office

Login = Callable[..., Browser]
TODAY = clock.today()
AGO = TODAY - timedelta(30)
COUNT = re.compile(r'data-count="(\d+)" href="([^"]+)"')
ARTICLE = re.compile(r"<article>.*</article>", re.DOTALL)


@pytest.fixture
def centre(office: Office) -> UUID:
    return office.centre("驻北京招商联络中心")


@pytest.fixture
def manager(login: Login) -> Browser:
    return login(Role.MANAGER)


def pin(manager: Browser, name: str = "11月下半月调度会", as_at: date = TODAY, **given: str) -> str:
    """The address of a meeting just pinned."""
    answer = manager.post("/meetings", {"name": name, "as_at": as_at.isoformat(), **given}, follow=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def paper(browser: Browser, meeting: str) -> str:
    answer = browser.get(f"{meeting}/pack")
    assert answer.status_code == 200
    assert "与当次会议一致" in answer.text
    found = ARTICLE.search(answer.text)
    assert found
    return found.group()


def figures(browser: Browser, meeting: str) -> bytes:
    return bytes(browser.get(f"{meeting}/figures.json").content)


def some_leads(office: Office, centre: UUID, owner: UUID | None = None) -> list[UUID]:
    """Three leads of a month ago, one of them contacted."""
    leads = [
        bring(office, centre, name, occurred_on=AGO, owner=owner) for name in ("甲机械公司", "乙医药公司", "丙物流公司")
    ]
    work(office, leads[1], "contacts", kind="phone", occurred_on=AGO)
    office.catch_up()
    return leads


def test_without_meetings_the_page_says_what_they_are_for(login: Login) -> None:
    page = login(Role.MANAGER).get("/meetings").text
    assert "还没有固定过会议" in page
    assert "/meetings/new" in page
    assert "/meetings/new" not in login(Role.AUDITOR).get("/meetings").text


def test_a_manager_pins_a_meeting_and_every_number_opens_its_leads(
    office: Office, centre: UUID, manager: Browser
) -> None:
    some_leads(office, centre)
    meeting = pin(manager, note="三楼会议室")
    page = manager.get(meeting).text
    for said in ("11月下半月调度会", "与当次会议一致", "三楼会议室", "驻北京招商联络中心", "此前没有更早的会议"):
        assert said in page, said
    counts = COUNT.findall(page)
    assert {"3", "1"} <= {count for count, _ in counts}
    for count, address in counts:
        assert f'data-total="{count}"' in manager.get(unescape(address)).text, address
    assert "11月下半月调度会" in manager.get("/meetings").text


def test_the_event_keeps_the_digest_of_the_figures_as_they_are_downloaded(
    office: Office, centre: UUID, manager: Browser
) -> None:
    some_leads(office, centre)
    head = office.crm.position()
    meeting = pin(manager)
    ((_, event),) = office.crm.history(UUID(meeting.rpartition("/")[2]))
    assert isinstance(event, MeetingPinned)
    assert event.known_at == head
    written = figures(manager, meeting)
    assert hashlib.sha256(written).hexdigest() == event.figures
    document = json.loads(written)
    assert document["total"]["registered"] == 3
    assert [stage["reached"] for stage in document["total"]["stages"]] == [3, 1, 0, 0, 0, 0]
    assert document["total"]["stages"][0]["went_on"] == 1


def disturb(office: Office, leads: list[UUID], centre: UUID, owner: UUID) -> None:
    """Everything that may come later: new facts, late ones, corrections, a merger, and other names for all."""
    change, by = office.crm.change, office.by
    work(office, leads[0], "contacts", kind="visit", occurred_on=AGO + timedelta(1))
    work(office, leads[2], "loss", reason="elsewhere", occurred_on=AGO + timedelta(2))
    change(by(), Lead, leads[0], Revise.model_validate({"details": {"company": "甲机械集团"}}))
    change(
        by(),
        Lead,
        leads[1],
        CorrectDetails.model_validate({"fact": 1, "reason": "误填", "details": {"company": "乙制药"}}),
    )
    change(
        by(), Lead, leads[1], CorrectDate.model_validate({"fact": 2, "reason": "误填", "to": str(AGO + timedelta(5))})
    )
    bring(office, centre, "补录的公司", occurred_on=AGO - timedelta(9))
    gone = bring(office, centre, "甲机械", occurred_on=AGO)
    office.crm.merge(by(), gone, Merge(into=leads[0], reason="同一项目"))
    change(by(), Channel, centre, ReviseChannel(name="京津冀招商联络中心"))
    change(by(), Person, owner, RenamePerson(name="驻京招商副专员"))
    office.catch_up()


def test_a_paper_stays_the_same_whatever_comes_later(
    office: Office, centre: UUID, manager: Browser, login: Login
) -> None:
    owner = office.person(Role.STAFF, channel=centre)
    leads = some_leads(office, centre, owner)
    first = pin(manager, "上半月调度会", TODAY - timedelta(15))
    work(office, leads[0], "contacts", kind="phone", occurred_on=TODAY - timedelta(3))
    work(office, leads[2], "contacts", kind="phone", occurred_on=AGO + timedelta(1))
    office.catch_up()
    second = pin(manager, "下半月调度会")
    kept = {meeting: (paper(manager, meeting), figures(manager, meeting)) for meeting in (first, second)}
    assert "驻北京招商专员" in kept[second][0]
    disturb(office, leads, centre, owner)
    manager.post(f"{first}/name", {"name": "另一个名称"})
    for meeting, (before, written) in kept.items():
        assert paper(login(Role.AUDITOR), meeting) == before
        assert figures(manager, meeting) == written
        assert "驻北京招商联络中心" in before
    third = pin(manager, "下半月调度会")
    for now in ("京津冀招商联络中心", "驻京招商副专员", "补录的公司", "流失"):
        assert now in paper(manager, third), now
    assert "乙医药公司" in manager.get(f"{second}/leads").text
    assert "乙制药" in manager.get(f"{third}/leads").text


def test_a_meeting_is_compared_with_the_one_before_and_closes(office: Office, centre: UUID, manager: Browser) -> None:
    leads = some_leads(office, centre)
    pin(manager, "上半月调度会", TODAY - timedelta(15))
    bring(office, centre, "丁电子公司", occurred_on=TODAY - timedelta(2))
    work(office, leads[0], "contacts", kind="phone", occurred_on=TODAY - timedelta(3))
    work(office, leads[2], "contacts", kind="phone", occurred_on=AGO + timedelta(1))
    work(office, leads[1], "hold", reason="资金未到位", occurred_on=TODAY - timedelta(1))
    office.catch_up()
    meeting = pin(manager, "下半月调度会")
    page = manager.get(meeting).text
    for said in ("上半月调度会", "新增", "推进", "暂缓", "补录", "丁电子公司"):
        assert said in page, said
    for count, address in COUNT.findall(page):
        assert f'data-total="{count}"' in manager.get(unescape(address)).text, address
    since = json.loads(figures(manager, meeting))["since"]
    assert sum(move["leads"] for move in since["learned"]["moves"]) == 1
    assert sum(move["leads"] for move in since["happened"]["moves"]) == 3


def test_no_personal_data_of_contact_persons_is_in_a_paper(office: Office, centre: UUID, manager: Browser) -> None:
    contacts = [{"id": uuid4(), "name": "投资部经理甲", "phone": "00000000001"}]
    bring(office, centre, "甲机械公司", occurred_on=AGO, contacts=contacts, referrer="某协会")
    office.catch_up()
    first = pin(manager, "上半月调度会", AGO)
    bring(office, centre, "乙机械公司", occurred_on=TODAY, contacts=contacts)
    office.catch_up()
    second = pin(manager)
    for meeting in (first, second):
        for answer in (manager.get(meeting), manager.get(f"{meeting}/pack"), manager.get(f"{meeting}/figures.json")):
            assert "投资部经理甲" not in answer.text
            assert "00000000001" not in answer.text


def test_a_paper_that_is_no_longer_the_same_says_so_loudly(office: Office, centre: UUID, manager: Browser) -> None:
    some_leads(office, centre)
    meeting = pin(manager)
    with office.crm.pool.connection() as conn:  # a read model that somebody has meddled with
        conn.execute("UPDATE meeting SET figures = repeat('0', 64)")
    for path in (meeting, f"{meeting}/pack"):
        page = manager.get(path).text
        assert "与当次会议不一致" in page
        assert "与当次会议一致" not in page
        assert 'role="alert"' in page


def test_a_withdrawn_meeting_stays_struck_through_and_is_compared_with_no_more(
    office: Office, centre: UUID, manager: Browser
) -> None:
    some_leads(office, centre)
    meeting = pin(manager, "选错日期的会")
    page = manager.post(f"{meeting}/withdrawal", {"reason": "日期选错"}).text
    assert "日期选错" in page
    assert "/withdrawal" not in page
    listed = manager.get("/meetings").text
    assert 'class="withdrawn"' in listed
    assert "日期选错" in listed
    assert "已于" in manager.get(f"{meeting}/pack").text
    assert "此前没有更早的会议" in manager.get(pin(manager, "重新固定")).text
    again = manager.post(f"{meeting}/withdrawal", {"reason": "再撤"})
    assert again.status_code == 422
    assert "会议已撤销" in again.text


def test_the_workbook_has_a_sheet_for_each_part(office: Office, centre: UUID, manager: Browser) -> None:
    some_leads(office, centre)
    pin(manager, "上半月调度会", AGO)
    bring(office, centre, "丁电子公司", occurred_on=TODAY)
    office.catch_up()
    content = manager.get(f"{pin(manager)}/figures.xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["漏斗", "渠道", "变化", "变化的线索"]
    assert book.get_sheet_by_name("漏斗").to_python()[1][:2] == ["线索", 4]
    assert [row[3] for row in book.get_sheet_by_name("变化的线索").to_python()[1:]] == ["丁电子公司"]


def test_a_paper_is_chinese_whoever_looks(office: Office, centre: UUID, manager: Browser) -> None:
    some_leads(office, centre)
    meeting = pin(manager)
    before = paper(manager, meeting)
    manager.client.cookies.set("language", "en")
    assert paper(manager, meeting) == before
    assert "The same as at the meeting" in manager.get(meeting).text


def test_a_meeting_of_a_district_without_leads(manager: Browser) -> None:
    meeting = pin(manager)
    assert "那一天漏斗里还没有线索" in manager.get(meeting).text
    assert "尚无线索" in paper(manager, meeting)
