"""Today: whose day it is, what is red first, what can be done in place."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from crm import clock
from domain.district import DISTRICT, District, SetRules
from domain.lead import Contact, Lead, Register, SetNextAction
from domain.person import Role
from domain.rules import Rules, StaffReading
from tests.web.conftest import Browser, Office

Login = Callable[..., Browser]
TODAY = clock.today()
COUNT = re.compile(r'data-count="(\d+)" href="([^"]+)"')


@pytest.fixture
def centre(office: Office) -> UUID:
    return office.centre()


def registered(office: Office, centre: UUID, company: str, owner: UUID | None = None, **given: Any) -> UUID:
    form = Register(company=company, industry="C", channel=centre, owner=owner, **given)
    lead = office.crm.register(office.by(Role.MANAGER), form).id
    office.catch_up()
    return lead


def promised(office: Office, lead: UUID, action: str, days: int) -> None:
    form = SetNextAction(next_action=action, next_due=TODAY + timedelta(days), occurred_on=TODAY)
    office.crm.change(office.by(Role.MANAGER), Lead, lead, form)
    office.catch_up()


def test_a_day_without_anything_to_do_says_so(centre: UUID, login: Login) -> None:
    answer = login(Role.STAFF, channel=centre).get("/")
    assert answer.status_code == 200
    assert "今天没有要办的事" in answer.text
    assert "/leads/new" in answer.text


def test_staff_see_what_is_theirs_and_can_do_it_in_place(office: Office, centre: UUID, login: Login) -> None:
    staff, other = login(Role.STAFF, channel=centre), login(Role.STAFF, channel=centre)
    mine = registered(office, centre, "甲公司", staff.person, occurred_on=TODAY - timedelta(10))
    promised(office, mine, "寄送厂房图纸", -1)
    registered(office, centre, "乙公司", other.person)
    page = staff.get("/").text
    assert "甲公司" in page
    assert "寄送厂房图纸" in page
    assert "乙公司" not in page
    assert f"/leads/{mine}/next-action-done?back=" in page
    assert "乙公司" in staff.get("/?view=channels").text


def test_what_was_done_from_today_leads_back_to_today(office: Office, centre: UUID, login: Login) -> None:
    staff = login(Role.STAFF, channel=centre)
    lead = registered(office, centre, "甲公司", staff.person)
    promised(office, lead, "回访", 0)
    after = staff.post(f"/leads/{lead}/next-action-done?back=%2F", {"result": "已回访"})
    assert after.request.url.path == "/"
    assert "已完成" in after.text or "已记录" in after.text
    assert "没有下一步" in after.text


def test_every_number_opens_a_list_of_that_length(office: Office, centre: UUID, login: Login) -> None:
    manager, staff = login(Role.MANAGER), login(Role.STAFF, channel=centre)
    for number in range(3):
        lead = registered(office, centre, f"第{number}公司", staff.person, occurred_on=TODAY - timedelta(20 * number))
        promised(office, lead, "联系", number - 1)
    registered(office, centre, "无主公司")
    for path in ("/", f"/?person={staff.person}", f"/?channel={centre}"):
        counts = COUNT.findall(manager.get(path).text)
        assert counts, path
        for count, address in set(counts):
            html = manager.get(unescape(address)).text
            assert f'data-total="{count}"' in html, address
            assert html.count('<li class="todo">') == int(count), address


def test_the_district_is_spread_over_people_and_channels_for_managers(
    office: Office, centre: UUID, login: Login
) -> None:
    staff = login(Role.STAFF, channel=centre)
    registered(office, centre, "甲公司", staff.person)
    assert "按负责人" in login(Role.MANAGER).get("/").text
    assert "按负责人" in login(Role.AUDITOR).get("/").text
    assert "按负责人" not in staff.get("/?view=district").text


def test_auditors_read_and_are_offered_nothing_to_change(office: Office, centre: UUID, login: Login) -> None:
    registered(office, centre, "甲公司")
    page = login(Role.AUDITOR).get("/").text
    assert "甲公司" in page
    assert "/contacts" not in page
    assert "/judgement" not in page


def test_a_clock_that_runs_shows_until_it_is_answered(office: Office, centre: UUID, login: Login) -> None:
    staff = login(Role.STAFF, channel=centre)
    lead = registered(office, centre, "甲公司", staff.person)
    assert 'id="of-answer"' in staff.get("/").text
    office.crm.change(office.by(Role.MANAGER), Lead, lead, Contact(kind="phone"))
    office.catch_up()
    assert 'id="of-answer"' not in staff.get("/").text


def test_leads_one_may_not_see_are_not_counted_either(office: Office, centre: UUID, login: Login) -> None:
    rules = SetRules(**{**dict(Rules()), "staff_reading": StaffReading.NONE})
    office.crm.change(office.by(), District, DISTRICT, rules)
    registered(office, centre, "甲公司")
    stranger = login(Role.STAFF)
    assert "甲公司" not in stranger.get("/").text
    assert "甲公司" not in stranger.get(f"/?view=mine&channel={centre}").text


def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(login: Login) -> None:
    manager = login(Role.MANAGER)
    for query in ("kind=x", "person=1", "channel=%00", "view=district&after=zz&kind=judge", "due=overdue"):
        assert manager.get(f"/?{query}").status_code == 200, query
