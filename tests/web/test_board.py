"""The board: columns with counts and cards, and what moving a card asks for."""

import re

import pytest

from domain.funnel import STAGES, Stage
from domain.person import Role
from tests.web.book import bring, sign, work


@pytest.fixture
def centre(office):
    return office.centre()


@pytest.fixture
def lead(office, centre):
    return bring(office, centre)


@pytest.fixture
def staff(login, centre, lead):
    return login(Role.STAFF, channel=centre)


def counts(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'<span class="count num">(\d+)', html)]


def test_every_stage_is_a_column_with_its_count_and_its_worth(office, centre, lead, staff):
    sign(office, bring(office, centre, "吉林乙食品有限公司"))
    office.catch_up()
    page = staff.get("/board").text
    assert counts(page) == [1, 0, 0, 0, 1, 0]
    assert "2亿元" in page
    assert counts(staff.get("/board?q=乙食品").text) == [0, 0, 0, 0, 1, 0]
    assert counts(staff.get(f"/board?channel={office.centre('上海联络中心')}").text) == [0] * 6


def test_an_empty_board_says_what_to_do(login):
    assert "看板上还没有线索" in login(Role.MANAGER).get("/board").text


def test_a_long_column_is_shown_a_page_at_a_time(office, centre, lead, staff):
    for number in range(24):
        bring(office, centre, f"长春第{number:02}号有限公司")
    office.catch_up()
    page = staff.get("/board").text
    more = re.search(r'hx-get="(/board/registered/cards[^"]+)"', page)[1].replace("&amp;", "&")
    rest = staff.htmx(more, "a#more-registered").text
    assert page.count("<article") == 20
    assert rest.count("<article") == 5
    assert "more-registered" not in rest
    assert staff.get("/board/nowhere/cards").status_code == 404


def test_forward_asks_for_the_evidence_of_that_stage_and_comes_back_to_the_board(lead, staff):
    for stage, field in zip(STAGES[1:], ("kind", "subject", "document", "amount.amount", "how"), strict=True):
        sheet = staff.htmx(f"/board/moves/{lead}?to={stage}&back=/board%3Fq%3D%E9%95%BF", "dialog#sheet").text
        assert f'name="{field}"' in sheet
        assert "back=%2Fboard" in sheet
    page = staff.post(f"/leads/{lead}/contract?back=/board", {"amount.amount": "2亿", "document": "协议"})
    assert counts(page.text) == [0, 0, 0, 0, 1, 0]


def test_back_asks_which_it_is(office, lead, staff):
    sign(office, lead)
    office.catch_up()
    sheet = staff.htmx(f"/board/moves/{lead}?to={Stage.NEGOTIATING}", "dialog#sheet").text
    assert "退回了" in sheet
    assert "没有发生过" in sheet
    assert "线索回到「意向签约」" in sheet
    assert f"/leads/{lead}/setback?to={Stage.NEGOTIATING}" in sheet
    assert f"/leads/{lead}/retractions?fact=5" in sheet
    page = staff.post(f"/leads/{lead}/setback?back=/board", {"to": Stage.NEGOTIATING, "reason": "投资方退出"})
    assert counts(page.text) == [0, 0, 1, 0, 0, 0]
    assert staff.htmx(f"/board/moves/{lead}?to={STAGES[0]}", "dialog#sheet").text.count("<li>") == 2


def test_what_cannot_be_moved_is_said(office, lead, staff, login):
    assert "不能移动" in staff.get(f"/board/moves/{lead}?to={STAGES[0]}").text
    work(office, lead, "loss", reason="market")
    assert "不能移动" in staff.get(f"/board/moves/{lead}?to={Stage.LANDED}").text
    assert staff.get(f"/board/moves/{lead}?to=nowhere").status_code == 404
    other = login(Role.STAFF, channel=office.centre("上海联络中心"))
    assert other.get(f"/board/moves/{lead}?to={Stage.LANDED}").status_code == 403
    assert login(Role.AUDITOR).get(f"/board/moves/{lead}?to={Stage.LANDED}").status_code == 403
