"""Channels: opening one, its people, outcome and report, what it brought, and who may change it."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest

from crm import clock
from domain.channel import Channel, ChannelKind, OpenChannel
from domain.lead import Contact, Lead, Register
from domain.person import Role
from tests.web.conftest import Browser, Office

Login = Callable[..., Browser]
TODAY = clock.today()


@pytest.fixture
def mission(office: Office) -> UUID:
    form = OpenChannel(
        kind=ChannelKind.OVERSEAS_MISSION, name="法国招商团", country="FR", city="里昂",
        starts_on=TODAY - timedelta(30), ends_on=TODAY - timedelta(25), occurred_on=TODAY - timedelta(60),
    )  # fmt: skip
    opened = office.crm.create(office.by(), Channel, form).id
    office.catch_up()
    return opened


def test_without_channels_the_page_says_what_to_do(login: Login) -> None:
    page = login(Role.MANAGER).get("/channels").text
    assert "还没有渠道" in page
    assert "/channels/new" in page
    assert "/channels/new" not in login(Role.AUDITOR).get("/channels").text


def test_a_manager_opens_a_channel(login: Login) -> None:
    manager = login(Role.MANAGER)
    page = manager.post(
        "/channels", {"kind": "liaison_centre", "name": "驻广州招商联络中心", "country": "CN", "city": "广州"}
    )
    assert page.status_code == 200
    assert "驻广州招商联络中心" in page.text
    assert "渠道已建立" in page.text
    assert "驻广州招商联络中心" in manager.get("/channels").text


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"kind": "overseas_mission", "name": "团"}, "活动请填写开始日期"),
    (
        {"kind": "inbound_event", "name": "会", "starts_on": "2026-05-02", "ends_on": "2026-05-01"},
        "结束日期早于开始日期",
    ),
    ({"kind": "liaison_centre", "name": " "}, "请填写"),
    ({"kind": "liaison_centre", "name": "长" * 201}, "字"),
    ({"kind": "harbour", "name": "港"}, "请从列表中选择"),
    ({"kind": "liaison_centre", "name": "中心", "parent": "x"}, "请从列表中选择"),
)


def test_a_form_with_a_mistake_comes_back_as_typed(login: Login) -> None:
    manager = login(Role.MANAGER)
    for given, said in WRONG:
        answer = manager.post("/channels", given)
        assert answer.status_code == 422, given
        assert said in answer.text
        assert given["name"].strip() in answer.text
    assert "还没有渠道" in manager.get("/channels").text


def test_a_mission_shows_its_people_outcome_and_report(office: Office, mission: UUID, login: Login) -> None:
    manager, staff = login(Role.MANAGER), login(Role.STAFF)
    assert "未提交 <small>" in manager.get("/channels").text
    manager.post(
        f"/channels/{mission}/postings", {"person": str(staff.person), "occurred_on": str(TODAY - timedelta(30))}
    )
    manager.post(
        f"/channels/{mission}/outcome", {"conferences": "1", "firms_met": "15", "cooperations": "2", "note": "洽谈顺利"}
    )
    page = manager.post(f"/channels/{mission}/report", {"reference": "出访总结报告"}).text
    for shown in ("驻北京招商专员", "洽谈顺利", "出访总结报告", "登记活动成果"):
        assert shown in page, shown
    listed = manager.get("/channels").text
    assert "推介会 1 场" in listed
    assert "未提交 <small>" not in listed


def test_the_sheet_of_an_outcome_opens_with_what_was_said_before(mission: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    manager.post(f"/channels/{mission}/outcome", {"conferences": "3", "firms_met": "7", "note": "第一稿"})
    sheet = manager.htmx(f"/channels/{mission}/outcome", "dialog#sheet").text
    assert sheet.lstrip().startswith("<dialog")
    assert 'value="3"' in sheet
    assert "第一稿" in sheet


def test_revising_keeps_what_is_not_changed(mission: UUID, login: Login) -> None:
    sheet = login(Role.MANAGER).get(f"/channels/{mission}/details").text
    assert 'value="里昂"' in sheet
    assert f'value="{TODAY - timedelta(30)}"' in sheet


def test_a_closed_channel_is_kept_apart_and_can_be_reopened(office: Office, mission: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    page = manager.post(f"/channels/{mission}/closure", {"reason": "已结束"}).text
    assert "已停用" in page
    assert f"/channels/{mission}/reopening" in page
    assert "法国招商团" not in manager.get("/channels").text
    assert "法国招商团" in manager.get("/channels?closed=1").text
    again = manager.post(f"/channels/{mission}/closure", {"reason": "再次"})
    assert again.status_code == 422
    assert "渠道已停用" in again.text


def test_what_a_channel_brought_is_counted_and_opens(office: Office, mission: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    for company in ("甲公司", "乙公司"):
        lead = office.crm.register(office.by(Role.MANAGER), Register(company=company, industry="C", channel=mission)).id
    office.crm.change(office.by(Role.MANAGER), Lead, lead, Contact(kind="visit"))
    office.catch_up()
    for path in ("/channels", f"/channels/{mission}"):
        counts = re.findall(r'data-count="(\d+)" href="([^"]+)"', manager.get(path).text)
        assert {int(count) for count, _ in counts} == {1, 2}
        for count, address in counts:
            assert f'data-total="{count}"' in manager.get(unescape(address)).text, address


def test_only_those_posted_there_and_keepers_change_a_channel(office: Office, mission: UUID, login: Login) -> None:
    posted, stranger = login(Role.STAFF, channel=mission), login(Role.STAFF)
    report = {"reference": "报告"}
    assert stranger.post(f"/channels/{mission}/report", report).status_code == 403
    assert stranger.get(f"/channels/{mission}/report").status_code == 403
    assert "/report" not in stranger.get(f"/channels/{mission}").text
    assert posted.post(f"/channels/{mission}/report", report).status_code == 200
    assert login(Role.AUDITOR).post(f"/channels/{mission}/report", report).status_code == 403
    assert stranger.post("/channels", {"kind": "enquiry", "name": "自荐"}).status_code == 403


def test_only_what_the_form_offers_is_taken(mission: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    nobody = manager.post(f"/channels/{mission}/postings", {"person": str(uuid4())})
    assert nobody.status_code == 422
    assert "请从列表中选择" in nobody.text
    orphan = manager.post("/channels", {"kind": "liaison_centre", "name": "中心", "parent": str(uuid4())})
    assert orphan.status_code == 422
    assert "请从列表中选择" in orphan.text


def test_a_channel_that_does_not_exist_is_not_found(login: Login) -> None:
    manager = login(Role.MANAGER)
    for path in (f"/channels/{uuid4()}", "/channels/north", f"/channels/{uuid4()}/outcome"):
        assert manager.get(path).status_code == 404, path
    assert manager.post(f"/channels/{uuid4()}/closure", {"reason": "x"}).status_code == 404


def test_a_stale_form_shows_what_is_now_in_force(mission: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    manager.post(f"/channels/{mission}/details", {"name": "法国及瑞士招商团"})
    answer = manager.post(f"/channels/{mission}/details", {"name": "法国招商一团", "version": "1"})
    assert answer.status_code == 409
    assert "法国招商一团" in answer.text
    assert "法国及瑞士招商团" in answer.text
