"""The history of a lead: every event told, every version shown as it was, every fact open to correction."""

import re
from datetime import date
from uuid import UUID

import pytest

from domain import FORMS
from domain.funnel import Stage, fold
from domain.lead import Lead
from domain.person import Role
from tests.web.book import bring, sign, work
from web.pages.lead_story import standings


@pytest.fixture
def centre(office):
    return office.centre()


@pytest.fixture
def lead(office, centre):
    found = bring(office, centre)
    sign(office, found)
    return found


@pytest.fixture
def staff(login, centre, lead):
    return login(Role.STAFF, channel=centre)


def test_every_event_stands_there_with_both_dates_actor_and_what_it_changed(lead, staff):
    page = staff.get(f"/leads/{lead}/history").text
    assert page.count('<li class="version') == 5
    assert page.count("2026-01-05") >= 5
    assert page.count("天）") == 5, "all were recorded late"
    assert "<del>1.2亿元</del>" in page
    assert "<ins>2亿元</ins>" in page


def test_one_steps_through_the_versions_and_sees_the_lead_as_it_then_stood(lead, staff):
    page = staff.get(f"/leads/{lead}/history?version=2").text
    panel = page[page.index('id="stood"') :]
    assert "第 2 版时的线索" in panel
    assert f'badge stage stage-{Stage.CONTACTED}"' in panel
    assert "1.2亿元" in panel
    assert "2亿元</dd>" not in panel.replace("1.2亿元", "")
    assert "<mark>" in panel
    assert f'href="/leads/{lead}/history?version=1" rel="prev"' in page
    assert f'href="/leads/{lead}/history?version=3" rel="next"' in page
    for version in ("0", "6", "x", "99999999999"):
        assert staff.get(f"/leads/{lead}/history?version={version}").status_code in (404, 422)


def test_a_corrected_date_and_a_retraction_leave_the_fact_struck_through_beside_what_is_known_now(lead, staff):
    assert (
        staff.post(f"/leads/{lead}/date-corrections", {"fact": "2", "to": "2026-01-09", "reason": "记错了"}).status_code
        == 200
    )
    assert staff.post(f"/leads/{lead}/retractions", {"fact": "5", "reason": "没有签"}).status_code == 200
    page = staff.get(f"/leads/{lead}/history").text
    assert "<del>2026-01-05</del> <ins>2026-01-09</ins>" in page
    assert "<del>正式签约 2亿元</del>" in page
    assert "没有签" in page
    assert f'badge stage stage-{Stage.INTENT_SIGNED}"' in page
    assert "正式签约" in staff.post(f"/leads/{lead}/reinstatements", {"fact": "5", "reason": "原来签了"}).text


def test_the_content_of_a_fact_is_corrected_in_its_own_form(lead, staff):
    sheet = staff.get(f"/leads/{lead}/detail-corrections?fact=5").text
    assert (
        'name="details.amount.amount" value="2亿"' in re.sub(r" (class|type|inputmode|id)=\"[^\"]*\"", "", sheet)
        or "2亿" in sheet
    )
    posted = {"details.amount.amount": "3亿", "details.document": "投资协议〔2026〕1号", "reason": "少记一亿"}
    page = staff.post(f"/leads/{lead}/detail-corrections?fact=5", {"fact": "5", **posted}).text
    assert "<del>2亿元</del> <ins>3亿元</ins>" in page
    assert "少记一亿" in page
    same = staff.post(f"/leads/{lead}/detail-corrections?fact=5", {"fact": "5", **posted})
    assert same.status_code == 422
    bad = staff.post(
        f"/leads/{lead}/detail-corrections?fact=5", {"fact": "5", **posted, "details.amount.amount": "很多"}
    )
    assert (bad.status_code, "看不懂金额" in bad.text) == (422, True)
    for nothing in ("0", "9", "x"):
        assert staff.get(f"/leads/{lead}/detail-corrections?fact={nothing}").status_code in (404, 422)


def test_a_void_lead_still_tells_its_history(office, lead, staff):
    work(office, lead, "retractions", fact=1, reason="重复登记")
    office.catch_up()
    assert "登记已撤销" in staff.get(f"/leads/{lead}").text
    assert "重复登记" in staff.get(f"/leads/{lead}/history").text


def test_an_auditor_reads_the_history_and_corrects_nothing(lead, login):
    page = login(Role.AUDITOR).get(f"/leads/{lead}/history").text
    assert "正式签约" in page
    assert "date-corrections" not in page


def test_the_standing_after_each_event_is_what_all_events_until_then_fold_to():
    lead = Lead(UUID(int=1))
    for noun, day, values in (
        ("leads", 5, {"company": "甲公司", "industry": "C", "channel": UUID(int=2)}),
        ("contacts", 9, {"kind": "phone"}),
        ("intent", 20, {"document": "框架协议"}),
        ("negotiation", 12, {"subject": "晚录的一件"}),
        ("date-corrections", 21, {"fact": 3, "to": "2026-01-10", "reason": "记错"}),
        ("retractions", 22, {"fact": 4, "reason": "没有"}),
        ("contract", 23, {"amount": "2亿", "document": "投资协议"}),
        ("reinstatements", 24, {"fact": 4, "reason": "有的"}),
        ("merger", 25, {"into": UUID(int=3), "reason": "同一项目"}),
        ("unmerger", 26, {"reason": "并错了"}),
        ("loss", 27, {"reason": "market"}),
        ("retractions", 28, {"fact": 1, "reason": "重复登记"}),
    ):
        form = FORMS["lead", noun]
        getattr(lead, form.verb)(form.model_validate({"occurred_on": date(2026, 1, day), **values}))
    events = [event.placed(place) for place, event in enumerate(lead.events, start=1)]
    assert standings(events) == [fold(events[:count]) for count in range(1, len(events) + 1)]
