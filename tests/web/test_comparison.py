"""Two dates compared and one date restated: the pages say what moved, add up, and every number opens as many leads."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from crm import clock
from domain.lead import Contact, Lead, Lose, LossReason, Register, SignIntent
from domain.person import Role
from tests.web.conftest import Browser, Office
from tests.web.test_funnel import links, total

Login = Callable[..., Browser]
TODAY = clock.today()


def ago(days: int) -> date:
    return TODAY - timedelta(days)


@pytest.fixture
def story(office: Office) -> dict[str, UUID]:
    """Four leads, all recorded today: the past is only known now."""
    centre, found = office.centre(), {}
    for name, days in (("甲公司", 40), ("乙公司", 40), ("丙公司", 10), ("丁公司", 40)):
        form = Register(company=name, industry="C", channel=centre, occurred_on=ago(days), investment="3000万")  # type: ignore[arg-type]
        found[name] = office.crm.register(office.by(Role.MANAGER), form).id
    for name, form in (
        ("甲公司", Contact(kind="phone", occurred_on=ago(35))),
        ("乙公司", SignIntent(document="框架协议", occurred_on=ago(5))),
        ("丁公司", Lose(reason=LossReason.MARKET, occurred_on=ago(3))),
    ):
        office.crm.change(office.by(Role.MANAGER), Lead, found[name], form)
    office.catch_up()
    return found


def test_since_says_what_happened_and_what_was_only_learned(story: dict[str, UUID], login: Login) -> None:
    html = login(Role.MANAGER).get("/since").text
    assert "其间发生" in html
    assert re.search(r"新增 <a[^>]*>1</a>", html)
    assert re.search(r"流失 <a[^>]*>1</a>", html)
    assert re.search(r"补登记 <a[^>]*>3</a>", html)


QUESTIONS = (
    "/since", "/since?kind=liaison_centre&show=reached", "/since?show=amount", "/since?group_by=channel", "/since?group_by=owner&show=amount",
    "/since?industry=C&group_by=industry", f"/since?from={ago(60)}", "/restatements",
    f"/restatements?as_at={ago(4)}&known_from={ago(4)}", "/restatements?show=amount&group_by=month",
    "/restatements?country=CN&show=reached",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_number_opens_as_many_leads_as_it_says(story: dict[str, UUID], login: Login, question: str) -> None:
    browser = login(Role.MANAGER)
    counts = set(links(browser.get(question).text))
    assert counts, question
    for count, address in counts:
        behind = browser.get(address)
        assert behind.status_code == 200, address
        assert total(behind.text) == count, address
        assert behind.text.count('<td class="company"><a href="/leads/') == count, address
