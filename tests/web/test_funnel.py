"""The funnel page: what it shows, what it is asked, and that every number opens as many leads as it says."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from crm import clock
from domain.base import Form
from domain.lead import Contact, Lead, Lose, LossReason, Register, SignIntent
from domain.person import Role
from domain.values import Money
from projections import funnel_past
from projections.changes import Point, compare
from tests.web.conftest import Browser, Office
from web.pages.funnel_drawing import HEIGHT, WIDTH, bands
from web.pages.funnel_question import month_end, month_number, read_question

COUNT = re.compile(r'<a class="count-link num" data-count="(\d+)" href="([^"]+)">')
Login = Callable[..., Browser]
TODAY = clock.today()


class District:
    """Leads put where a test wants them."""

    def __init__(self, office: Office, channel: UUID) -> None:
        self.office, self.channel = office, channel

    def lead(self, company: str, *then: Form, days_ago: int = 30, **given: Any) -> UUID:
        form = Register(
            **{
                "company": company,
                "industry": "C",
                "channel": self.channel,
                "occurred_on": TODAY - timedelta(days_ago),
                **given,
            }
        )
        lead = self.office.crm.register(self.office.by(Role.MANAGER), form).id
        for step in then:
            self.office.crm.change(self.office.by(Role.MANAGER), Lead, lead, step)
        self.office.catch_up()
        return lead


@pytest.fixture
def district_of(office: Office) -> District:
    district = District(office, office.centre())
    contact = Contact(kind="phone", occurred_on=TODAY - timedelta(20))
    sign = SignIntent(document="框架协议", occurred_on=TODAY - timedelta(5))
    district.lead("甲公司", investment=Money(minor=5 * 10**11))
    district.lead("乙公司", contact)
    district.lead("丙公司", contact, sign, industry="I", country="DE")
    district.lead("丁公司", contact, Lose(reason=LossReason.UNSUITABLE, occurred_on=TODAY - timedelta(2)))
    return district


def links(html: str) -> list[tuple[int, str]]:
    return [(int(count), unescape(address)) for count, address in COUNT.findall(html)]


def total(html: str) -> int:
    found = re.search(r'data-total="(\d+)"', html)
    assert found, "the list does not say how many it holds"
    return int(found[1])


def test_an_empty_district_is_told_what_to_do(login: Login) -> None:
    for question in (
        "",
        f"?as_at={TODAY - timedelta(9)}&known_at={TODAY - timedelta(9)}",
        "?industry=C&group_by=owner",
    ):
        answer = login(Role.MANAGER).get(f"/funnel{question}")
        assert answer.status_code == 200
        assert "还没有线索" in answer.text, question
        assert "/leads/new" in answer.text
        assert "请放宽条件" not in answer.text


def test_a_conversion_shows_both_its_numbers(district_of: District, login: Login) -> None:
    html = login(Role.MANAGER).get("/funnel").text
    assert "3 ÷ 4 =" in html
    assert "75.0%" in html
    assert "33.3%" in html  # 1 of 3 went from contacted into talks: a skipped stage counts


QUESTIONS = (
    "",
    *(f"?group_by={name}" for name in ("kind", "channel", "country", "industry", "owner", "month", "band", "region")),
    "?industry=C",
    "?kind=liaison_centre&group_by=industry",
    f"?as_at={TODAY - timedelta(10)}&group_by=country",
    f"?known_at={TODAY}",
)


def test_every_number_opens_as_many_leads_as_it_says(district_of: District, login: Login) -> None:
    browser = login(Role.MANAGER)
    opened: set[tuple[int, str]] = set()
    for question in QUESTIONS:
        counts = set(links(browser.get(f"/funnel{question}").text))
        assert counts, question
        for count, address in counts - opened:
            behind = browser.get(address)
            assert behind.status_code == 200, address
            assert total(behind.text) == count, address
            assert behind.text.count('<td class="company"><a href="/leads/') == count, address
        opened |= counts


def test_a_past_day_shows_the_funnel_of_that_day(district_of: District, login: Login) -> None:
    browser = login(Role.MANAGER)
    then = browser.get(f"/funnel?as_at={TODAY - timedelta(25)}").text
    assert "4 ÷ 4" not in then
    assert "0 ÷ 4 =" in then
    before_all = browser.get(f"/funnel?as_at={TODAY - timedelta(60)}").text
    assert "那时还没有线索" in before_all
    assert "请放宽条件" not in before_all
    assert "那时还没有线索" in browser.get(f"/funnel?as_at={TODAY - timedelta(60)}&industry=C").text


def test_conditions_that_are_too_narrow_can_be_cleared(district_of: District, login: Login) -> None:
    day = TODAY - timedelta(1)
    html = login(Role.MANAGER).get(f"/funnel?as_at={day}&country=JP&group_by=kind").text
    assert "没有符合条件的线索" in html
    assert f'href="/funnel?group_by=kind&amp;as_at={day}"' in html


def test_nothing_was_known_before_it_was_recorded(district_of: District, login: Login) -> None:
    assert "那时还没有线索" in login(Role.MANAGER).get(f"/funnel?known_at={TODAY - timedelta(1)}").text


NOT_UNDERSTOOD = (
    ("as_at=yesterday", "看不懂这个日期"),
    (f"as_at={TODAY + timedelta(1)}", "不能晚于今天"),
    ("known_at=2026-13-40", "看不懂这个日期"),
    ("known_at=9999-12-31T23:59:59%2B08:00x", "看不懂这个日期"),
    ("known_at=9999-12-31", "不能晚于今天"),
    ("known_at=9999-12-31T23:59:59-12:00", "不能晚于今天"),
    ("known_at=0001-01-01T00:00:00%2B14:00", "看不懂这个日期"),
    ("known_at=2199-01-01", "不能晚于今天"),
    ("channel=north", "看不懂这个条件"),
    ("industry=ZZ", "看不懂这个条件"),
    ("month=2026-13", "看不懂这个条件"),
    ("band=9", "看不懂这个条件"),
    ("country=%3Cb%3E", "看不懂这个条件"),
    ("region=%00", "看不懂这个条件"),
)


def test_a_condition_that_is_not_understood_is_named(login: Login) -> None:
    auditor = login(Role.AUDITOR)
    for question, said in NOT_UNDERSTOOD:
        answer = auditor.get(f"/funnel?{question}")
        assert answer.status_code == 422, question
        assert said in answer.text
        assert "<b>" not in answer.text


def test_a_number_that_the_funnel_does_not_have_is_not_found(login: Login) -> None:
    manager = login(Role.MANAGER)
    for query in ("measure=everything", "measure=standing&stage=moon", "measure=standing&stage="):
        assert manager.get(f"/funnel/leads?{query}").status_code == 404, query


def test_a_cursor_that_was_tampered_with_leads_to_the_first_page(district_of: District, login: Login) -> None:
    answer = login(Role.MANAGER).get("/funnel/leads?measure=registered&after=nonsense")
    assert answer.status_code == 200
    assert total(answer.text) == 4


def test_in_english_nothing_is_left_in_chinese_but_names(district_of: District, login: Login) -> None:
    browser = login(Role.MANAGER)
    browser.get("/language/en")
    html = re.sub(
        r"<(option|header|script)\b.*?</\1>", "", browser.get("/funnel?group_by=country").text, flags=re.DOTALL
    )
    assert re.findall("[一-鿿]+", html.replace("中文", "")) == []


def test_what_the_address_should_not_hold_does_no_harm(district_of: District, login: Login) -> None:
    manager = login(Role.MANAGER)
    for junk in ("name=x", "request=1", "self=2", "as_at=&as_at=", "show=pie", "x%0d%0aSet-Cookie=1"):
        assert manager.get(f"/funnel?{junk}").status_code == 200, junk
        assert manager.get(f"/funnel/leads?measure=registered&{junk}").status_code == 200, junk


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("as_at=2026-02-30", "看不懂这个日期"),
        ("known_at=9999-12-31", "不能晚于今天"),
        ("known_at=0001-01-01T00:00:00%2B08:00", "看不懂这个日期"),
        ("group_by=foo", "分组“foo”：看不懂这个条件，可用：none、kind、channel"),
    ],
)
def test_what_is_not_understood_is_said_and_neither_listed_nor_taken_out(
    district_of: District, login: Login, asked: str, words: str
) -> None:
    manager = login(Role.MANAGER)
    answer = manager.get(f"/funnel?{asked}")
    assert answer.status_code == 422
    assert words in answer.text
    assert not [link for _, link in links(answer.text) if "group_by" in link]
    assert "group_by=foo" not in answer.text
    for path in ("/funnel/export.csv", "/funnel/export.xlsx", "/funnel/leads"):
        refused = manager.get(f"{path}?{asked}")
        assert refused.status_code == 422, path
        assert words in refused.text, path
        assert "甲公司" not in refused.text


def test_a_why_link_is_refused_where_its_day_is_not_understood(district_of: District, login: Login) -> None:
    lead = district_of.lead("戊公司")
    manager = login(Role.MANAGER)
    assert manager.get(f"/leads/{lead}/why/stage").status_code == 303
    assert manager.get(f"/leads/{lead}/why/stage?as_at=2026-02-30").status_code == 422


def test_htmx_is_given_the_results_alone(district_of: District, login: Login) -> None:
    html = login(Role.MANAGER).htmx("/funnel?group_by=industry", "div#results").text
    assert html.lstrip().startswith('<div id="results"')
    assert "<html" not in html


def test_the_same_figures_leave_as_a_file(district_of: District, login: Login) -> None:
    manager = login(Role.MANAGER)
    lines = manager.get("/funnel/export.csv?group_by=country").text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("国家或地区,阶段,曾到达")
    assert lines[1].startswith("中国,线索,3,")
    assert lines[-6].startswith("合计,线索,4,")
    assert ",3,75.0%,4,0," in lines[-6]
    book = manager.get("/funnel/export.xlsx")
    assert book.status_code == 200
    assert book.content.startswith(b"PK")
    assert manager.get("/funnel/export.pdf").status_code == 404


def test_the_band_of_a_stage_is_as_wide_as_what_reached_it() -> None:
    class Figures:
        def __init__(self, reached: int, standing: int) -> None:
            self.reached, self.standing = reached, standing

    drawn = bands([Figures(40, 10), Figures(20, 20), Figures(0, 0)])  # type: ignore[list-item]
    assert drawn[0].outline == f"0.0,0 {WIDTH}.0,0 {WIDTH * 0.75:.1f},{HEIGHT} {WIDTH * 0.25:.1f},{HEIGHT}"
    assert drawn[1].core == drawn[1].outline
    assert drawn[2].core == ""


def test_an_instant_in_the_address_is_kept_as_it_is() -> None:
    question = read_question({"known_at": "2026-06-30T23:59:59+08:00"}, date(2026, 11, 23))
    assert question.known_at
    assert question.known_at.isoformat() == "2026-06-30T23:59:59+08:00"
    day = read_question({"known_at": "2026-06-30"}, date(2026, 11, 23))
    assert day.known_at
    assert day.known_at.isoformat() == "2026-06-30T23:59:59.999999+08:00"
    assert read_question({"known_at": "20260630"}, date(2026, 11, 23)).known_at == day.known_at


@pytest.mark.parametrize(("known_at", "clock"), [("2026-06-30T23:59:59+08:00", "then"), ("2026-06-30T23:58+08:00", "")])
def test_a_days_last_second_is_its_end(known_at: str, clock: str) -> None:
    assert read_question({"as_at": "2026-06-30", "known_at": known_at}, date(2026, 11, 23)).clock == clock


def test_the_slider_has_a_stop_for_every_month_and_its_steps_are_links(district_of: District, login: Login) -> None:
    district_of.lead("戊公司", days_ago=100)
    first, html = TODAY - timedelta(100), login(Role.MANAGER).get("/funnel").text
    stops = re.findall(r'<option value="(\d+)" label="[^"]+" data-day="([^"]+)">', html)
    assert [int(month) for month, _ in stops] == list(range(month_number(first), month_number(TODAY) + 1))
    assert [day for _, day in stops] == [str(month_end(int(month), TODAY)) for month, _ in stops]
    assert stops[-1][1] == str(TODAY)
    assert f'href="/funnel?as_at={stops[-2][1]}" rel="prev"' in html
    assert 'aria-disabled="true" rel="next"' in html


def test_a_day_inside_a_month_lies_between_two_stops() -> None:
    today = date(2026, 11, 23)
    assert month_end(month_number(date(2026, 2, 3)), today) == date(2026, 2, 28)
    assert month_end(month_number(date(2026, 12, 3)), today) == today
    assert month_end(month_number(date(2025, 12, 3)), today) == date(2025, 12, 31)


def test_without_script_the_slider_and_the_switch_lead_to_an_address_that_says_days(
    district_of: District, login: Login
) -> None:
    manager, before = login(Role.MANAGER), month_number(TODAY) - 1
    day = month_end(before, TODAY)
    moved = manager.get(f"/funnel?as_at=&stop={before}&replay=1&clock=then&group_by=kind")
    assert moved.status_code == 303
    assert moved.headers["location"] == f"/funnel?group_by=kind&as_at={day}&known_at={day}"
    # Pressed without the slider's button, the day that was typed holds.
    typed = manager.get(f"/funnel?as_at={TODAY}&stop={before}&clock=today")
    assert typed.headers["location"] == f"/funnel?as_at={TODAY}"
    for junk in ("x", "-1", "0", "99999999999999", "999999", "²"):
        assert manager.get(f"/funnel?replay=1&stop={junk}").headers["location"] == "/funnel"


def test_the_address_is_told_to_the_browser_as_it_can_be_sent(district_of: District, login: Login) -> None:
    manager = login(Role.MANAGER)
    answer = manager.htmx("/funnel?clock=then&as_at=&group_by=&kind=liaison_centre", "div#results")
    assert answer.headers["HX-Push-Url"] == f"/funnel?kind=liaison_centre&as_at={TODAY}&known_at={TODAY}"
    assert 'data-clock="then"' in answer.text
    html = manager.get(answer.headers["HX-Push-Url"]).text
    assert 'value="then" checked' in html
    assert 'data-clock="today"' in manager.get(f"/funnel?as_at={TODAY - timedelta(40)}").text
    assert 'data-clock=""' in manager.get(f"/funnel?known_at={TODAY - timedelta(40)}").text


def test_the_page_says_how_far_both_clocks_are_apart_and_since_when_there_are_records(
    district_of: District, login: Login
) -> None:
    manager, past = login(Role.MANAGER), TODAY - timedelta(25)
    for asked in (f"as_at={past}", f"as_at={past}&known_at={past}"):
        html = manager.get(f"/funnel?{asked}").text
        apart = re.search(r'当时所知与今日所知相差 <a class="count-link num" data-count="4" href="([^"]+)">', html)
        assert apart
        assert total(manager.get(unescape(apart[1])).text) == 4
        assert f"系统自 {TODAY} 起记录" in html
    assert "当时所知与今日所知" not in manager.get("/funnel").text
    assert "当时所知与今日所知" not in manager.get(f"/funnel?as_at={TODAY}&known_at={TODAY}").text
    before_all = manager.get(f"/funnel?as_at={TODAY - timedelta(60)}").text
    assert "当时所知与今日所知一致" in before_all


def test_as_many_leads_are_apart_as_a_comparison_moves(district_of: District, office: Office) -> None:
    with office.crm.pool.connection() as conn:
        for position in range(office.crm.position() + 1):
            for day in (TODAY, TODAY - timedelta(3), TODAY - timedelta(25)):
                told = compare(conn, Point(day, position), Point(day))
                assert funnel_past.apart(conn, day, position).count == sum(move.leads for move in told.moves)


def test_a_past_day_is_drawn_in_proportion_to_today(district_of: District, login: Login) -> None:
    district_of.lead("新公司", days_ago=1)
    then = login(Role.MANAGER).get(f"/funnel?as_at={TODAY - timedelta(10)}").text
    drawn = re.search(r'<polygon class="reached" points="([\d.]+),0 ([\d.]+),0', then)
    assert drawn
    assert float(drawn[2]) - float(drawn[1]) == pytest.approx(WIDTH * 4 / 5, abs=0.2)


def test_a_file_says_what_was_asked_and_what_it_rests_on(district_of: District, login: Login, office: Office) -> None:
    day = TODAY - timedelta(10)
    lines = login(Role.MANAGER).get(f"/funnel/export.csv?as_at={day}&known_at={TODAY}&industry=C").text.splitlines()
    assert lines[0].endswith("截至,按何时所知,依据至第几号记录,条件")
    assert re.search(rf",{day},{TODAY} \d\d:\d\d,{office.crm.position()},行业：制造业$", lines[1])


def test_a_lead_behind_a_number_says_why_it_was_counted_there(district_of: District, login: Login) -> None:
    manager = login(Role.MANAGER)
    past = TODAY - timedelta(10)
    rows = manager.get(f"/funnel/leads?measure=standing&stage=contacted&as_at={past}").text
    for why in re.findall(r'href="(/leads/[0-9a-f-]+/why/stage[^"]*)"', rows):
        answer = manager.get(unescape(why))
        assert answer.status_code == 303
        assert answer.headers["location"].endswith("/history?version=2#v2")
    assert rows.count("/why/stage") == 3
    now = manager.get("/funnel/leads?measure=lost").text
    lost = re.search(r'href="(/leads/[0-9a-f-]+/why/status)"', now)
    assert lost
    assert manager.get(lost[1]).headers["location"].endswith("version=3#v3")
    for nothing in ("why/mood", "why/amount", f"why/stage?known_at={TODAY - timedelta(1)}"):
        assert manager.get(lost[1].replace("why/status", nothing)).status_code in (404, 422), nothing
