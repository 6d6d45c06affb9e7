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


def test_of_a_long_history_some_versions_are_drawn_and_the_others_are_a_link_away(lead, staff, monkeypatch):
    monkeypatch.setattr("web.pages.lead_history.AT_ONCE", 2)
    monkeypatch.setattr("web.pages.lead.SHOWN_IN_ALL", 3)
    monkeypatch.setattr("web.pages.lead.SHOWN_AT_FIRST", 2)
    page = staff.get(f"/leads/{lead}").text
    assert "还有 2 条，见历史" in page
    assert f'href="/leads/{lead}/history?version=1"' in page
    page = staff.get(f"/leads/{lead}/history").text
    found = set(re.findall(r'<li class="version[^>]* id="v(\d)"', page))
    assert found == {"5"}
    nav = page[page.index("其他版本") :]
    for there in re.findall(rf'href="(/leads/{lead}/history\?version=\d)"', nav[: nav.index("</nav>")]):
        found |= set(re.findall(r'<li class="version[^>]* id="v(\d)"', staff.get(there).text))
    assert found == {"1", "2", "3", "4", "5"}


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


def test_as_known_then_a_fact_has_the_day_it_was_recorded_with(lead, staff):
    staff.post(f"/leads/{lead}/date-corrections", {"fact": "2", "to": "2026-01-09", "reason": "记错了"})
    for clock, day in (("then", "2026-01-05"), ("today", "2026-01-09")):
        page = staff.get(f"/leads/{lead}/history?version=2&clock={clock}").text
        assert re.search(r"事项：[^<]*" + day, page), clock


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


def test_a_second_correction_of_a_facts_content_keeps_the_first_and_names_only_what_is_offered(lead, staff):
    url = f"/leads/{lead}/detail-corrections?fact=5"
    both = {"details.amount.amount": "3亿", "details.document": "投资协议〔2026〕1号", "reason": "少记一亿"}
    assert staff.post(url, {"fact": "5", **both}).status_code == 200
    page = staff.post(url, {"fact": "5", **both, "details.document": "投资协议〔2026〕2号", "reason": "文号"}).text
    assert "<del>2亿元</del> <ins>3亿元</ins>" in page
    sheet = staff.get(url).text
    assert "〔2026〕2号" in sheet
    assert "3亿" in sheet
    registered = f"/leads/{lead}/detail-corrections?fact=1"
    given = {"details.company": "某公司", "details.country": "CN", "details.industry": "C", "reason": "渠道"}
    given["details.channel"] = str(UUID(int=77))
    refused = staff.post(registered, {"fact": "1", **given})
    assert (refused.status_code, "请从列表中选择" in refused.text) == (422, True)


def test_at_its_fact_stands_every_correction_with_who_made_it_and_why(lead, staff):
    for noun, fields in (
        ("date-corrections", {"fact": "2", "to": "2026-01-09", "reason": "记错了日期"}),
        ("retractions", {"fact": "5", "reason": "没有签"}),
        ("reinstatements", {"fact": "5", "reason": "原来签了"}),
    ):
        assert staff.post(f"/leads/{lead}/{noun}", fields).status_code == 200
    page = staff.get(f"/leads/{lead}/history").text
    for version, reasons in ((2, ("记错了日期",)), (5, ("没有签", "原来签了"))):
        fact = page[page.index(f'id="v{version}"') : page.index(f'id="v{version + 1}"')]
        assert fact.count("驻北京招商专员 · ") == len(reasons)
        for reason in reasons:
            assert reason in fact
    assert '<a href="#v7">第 7 版</a>' in page
    assert "<del>正式签约 2亿元" not in page, "it is reinstated"


def test_by_the_other_clock_an_event_is_seen_with_what_turned_out_later(lead, staff):
    staff.post(f"/leads/{lead}/retractions", {"fact": "5", "reason": "没有签"})
    then = staff.get(f"/leads/{lead}/history?version=5").text
    panel = then[then.index('id="stood"') :]
    assert f'badge stage stage-{Stage.CONTRACT_SIGNED}"' in panel
    assert "<del>意向签约</del>" in panel
    assert "当时所知与今日所知不同" in panel
    today = staff.get(f"/leads/{lead}/history?version=5&clock=today").text
    panel = today[today.index('id="stood"') :]
    assert f'badge stage stage-{Stage.CONTRACT_SIGNED}"' not in panel
    assert f'badge stage stage-{Stage.INTENT_SIGNED}"' in panel
    assert 'value="today" checked' in today
    assert f"/leads/{lead}/history?version=4&amp;clock=today" in today
    assert staff.get(f"/leads/{lead}/history?clock=tomorrow").status_code == 422


def test_a_position_of_the_ledger_opens_the_version_the_lead_had_then(office, lead, staff):
    positions = [row.position for row, _ in office.crm.history(lead)]
    for version, position in enumerate(positions, start=1):
        page = staff.get(f"/leads/{lead}/history?position={position}").text
        assert f"第 {version} 版时的线索" in page
        assert f"依据至第 {position} 号记录" in page
    assert staff.get(f"/leads/{lead}/history?position={positions[0] - 1}").status_code == 404
    assert "第 5 版时的线索" in staff.get(f"/leads/{lead}/history?position={2**60}").text


def test_without_script_the_slider_of_a_lead_is_a_form(lead, staff):
    moved = staff.get(f"/leads/{lead}/history?version=3&clock=then&replay=1")
    assert (moved.status_code, moved.headers["location"]) == (303, f"/leads/{lead}/history?version=3")
    moved = staff.get(f"/leads/{lead}/history?version=3&clock=today&replay=1")
    assert moved.headers["location"] == f"/leads/{lead}/history?version=3&clock=today"
    answer = staff.htmx(f"/leads/{lead}/history?version=3&clock=then", "div#replayed")
    assert answer.text.lstrip().startswith('<div id="replayed"')
    assert answer.headers["HX-Push-Url"] == f"/leads/{lead}/history?version=3"


def test_stage_status_and_amount_open_the_event_that_set_them(office, lead, staff):
    def why(what):
        return staff.get(f"/leads/{lead}/why/{what}").headers.get("location", "").rpartition("=")[2]

    page = staff.get(f"/leads/{lead}").text
    assert f'class="why " href="/leads/{lead}/history?version=5#v5"' in page
    assert f'class="why amount-why" href="/leads/{lead}/history?version=5#v5"' in page
    assert (why("stage"), why("status"), why("amount")) == ("5#v5", "1#v1", "5#v5")
    staff.post(f"/leads/{lead}/retractions", {"fact": "5", "reason": "没有签"})
    assert (why("stage"), why("amount")) == ("4#v4", "1#v1")
    staff.post(f"/leads/{lead}/retractions", {"fact": "1", "reason": "重复登记"})
    assert (why("stage"), why("status")) == ("7#v7", "7#v7")


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
