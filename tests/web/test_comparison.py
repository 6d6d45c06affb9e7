"""Two dates compared and one date restated: the pages say what moved, add up, and every number opens as many leads."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest

from crm import clock
from domain.channel import ChannelKind
from domain.lead import Contact, Lead, Lose, LossReason, Register, Retract, SignIntent
from domain.person import Role
from tests.web.conftest import Browser, Office
from tests.web.test_funnel import links, total
from web.pages.comparison_question import read_since
from web.pages.comparison_words import spoken_day
from web.words import SHANGHAI, Words

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


@pytest.mark.parametrize(
    "path", ["/since", "/restatements", "/since?industry=C&group_by=kind", "/restatements?as_at=2026-01-01"]
)
def test_an_empty_district_has_no_table_of_zeros(login: Login, path: str) -> None:
    html = login(Role.MANAGER).get(path).text
    assert "还没有线索" in html
    assert "/leads/new" in html
    assert "逐项对账" not in html


def test_days_without_leads_and_conditions_without_are_told_apart(story: dict[str, UUID], login: Login) -> None:
    browser = login(Role.MANAGER)
    then = "那时还没有线索"
    none = "没有符合条件的线索"
    for path, said in (
        (f"/since?from={ago(90)}&to={ago(80)}", then),
        (f"/since?from={ago(90)}&to={ago(80)}&industry=C", then),
        (f"/restatements?as_at={ago(80)}", then),
        ("/since?country=JP", none),
        ("/restatements?country=JP&as_at=" + str(ago(4)), none),
    ):
        html = browser.get(path).text
        assert said in html, path
        assert "逐项对账" not in html
    assert f'href="/since?from={ago(15)}&amp;to={TODAY}"' in browser.get("/since?country=JP").text


def test_days_of_two_years_both_say_theirs() -> None:
    words = Words("zh", date(2026, 11, 24))
    days = [date(2025, 12, 31), date(2026, 11, 24)]
    assert [spoken_day(words, day, days) for day in days] == ["2025年12月31日", "2026年11月24日"]
    assert [spoken_day(words, day, days[1:]) for day in days[1:]] == ["11月24日"]
    assert read_since({"from": "2025-12-31"}, words.today).said == [*days, days[0]]
    early = datetime(1, 1, 1, 12, tzinfo=SHANGHAI)
    assert words.moment(early) == "0001-01-01 12:00"


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


def test_a_stage_s_sentence_names_what_was_learned(story: dict[str, UUID], login: Login, office: Office) -> None:
    office.crm.change(office.by(Role.MANAGER), Lead, story["丁公司"], Retract(fact=1, reason="重复登记"))
    office.catch_up()
    html = login(Role.MANAGER).get(f"/restatements?as_at={ago(4)}&known_from={ago(4)}").text
    said = re.sub(r"<[^>]+>", "", html)
    assert re.search(r"意向签约\s+0 → 1，多了 1 条：1 条补录。", said)
    assert re.search(r"3 条线索不同：3 条补录。", said)  # a lead entered and voided meanwhile counted at neither moment


def test_amounts_and_restated_numbers_open_the_leads_behind_them(story: dict[str, UUID], login: Login) -> None:
    browser = login(Role.MANAGER)
    worth = r'<a class="count-link num" data-count="\d+" href="([^"]+)">(?:<[^>]+>)?[^<]*[万亿]元'
    for path, amounts in (("/funnel", 1), (f"/since?from={ago(30)}", 1)):
        part = browser.get(path).text.partition("funnel-table" if path == "/funnel" else '<dl class="story">')[0]
        found = re.findall(worth, part)
        assert len(found) >= amounts, path
        for address in found:
            assert "measure=standing" in address
            assert browser.get(unescape(address)).status_code == 200
    html = browser.get(f"/restatements?as_at={ago(4)}&known_from={ago(4)}").text
    story_line = re.search(
        r'<ul class="stories">.*?→ <a class="count-link num" data-count="(\d+)" href="([^"]+)">', html, re.DOTALL
    )
    assert story_line
    assert total(browser.get(unescape(story_line[2])).text) == int(story_line[1])


def test_what_was_learned_opens_in_the_history_of_its_lead(
    story: dict[str, UUID], login: Login, office: Office
) -> None:
    browser = login(Role.MANAGER)
    html = browser.get(f"/restatements/leads?as_at={ago(4)}&known_from={ago(4)}&stage=registered&measure=standing").text
    assert total(html) == 2
    lead = story["丙公司"]
    address = f"/leads/{lead}/history?version=1"
    assert f'<a href="{address}">登记线索：丙公司</a>' in html
    assert browser.get(address).status_code == 200
    assert "不在统计中" in html


def test_staff_who_may_not_read_a_lead_do_not_read_why(story: dict[str, UUID], login: Login, office: Office) -> None:
    elsewhere = office.centre("上海联络中心")
    html = login(Role.STAFF, channel=elsewhere).get("/since/leads?part=learned").text
    assert total(html) == 3
    assert "登记线索：" not in html
    assert len(re.findall(r"<span>第 \d+ 号记录</span>", html)) == 4


def test_bad_days_are_told_at_their_fields_and_the_page_still_answers(login: Login, story: dict[str, UUID]) -> None:
    browser = login(Role.MANAGER)
    for query, field, words in (
        ("/since?from=gestern", "from", "看不懂这个日期"),
        (f"/since?from={TODAY}&to={ago(3)}", "from", "须早于"),
        (f"/since?to={ago(-3)}", "to", "不能晚于今天"),
        ("/restatements?known_to=2020-01-01", "known_to", "不能早于"),
        ("/restatements?as_at=2026-02-31", "as_at", "看不懂这个日期"),
        (f"/restatements?known_from={ago(-30)}&known_to={TODAY}", "known_from", ""),
        ("/since?industry=ZZZ", "industry", "已忽略"),
        ("/since?group_by=foo", "group_by", "可用：none、kind、channel"),
        ("/restatements?known_to=9999-12-31T23:59:59-08:00", "known_to", "不能晚于今天"),
    ):
        answer = browser.get(query)
        assert answer.status_code == (422 if words else 200), query
        assert words in answer.text, query
        assert "group_by=foo" not in unescape(answer.text), query
        if words and field not in ("industry", "group_by"):
            around = answer.text.index(f'name="{field}"')
            assert words in answer.text[around : around + 400], query
    assert browser.get("/since/leads?part=nothing").status_code == 404
    assert browser.get("/restatements/leads?part=happened").status_code == 404
    assert browser.get("/since/leads?after=nowhere").status_code == 200
    assert browser.get("/since?from=0001-01-01&to=0001-01-02").status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("/since/leads?from=2026-02-30&to=2026-03-30", "从“2026-02-30”：看不懂这个日期"),
        ("/since/leads?from=2026-03-30&to=2026-03-01", "从“2026-03-30”：须早于"),
        ("/since/leads?to=0001-01-01", "须早于"),
        ("/since/leads?group_by=foo", "分组“foo”：看不懂这个条件"),
        ("/restatements/leads?as_at=foo", "截至哪天“foo”：看不懂这个日期"),
        ("/restatements/leads?known_from=9999-12-31", "“9999-12-31”：不能晚于今天"),
        ("/since/export.csv?from=2026-02-30&to=2026-03-30", "看不懂这个日期"),
        ("/since/export.xlsx?kind=foo", "看不懂这个条件"),
        ("/restatements/export.csv?as_at=foo", "看不懂这个日期"),
        ("/restatements/export.csv?known_to=9999-12-31", "不能晚于今天"),
    ],
)
def test_a_list_or_a_file_is_refused_where_its_question_is_not_understood(
    story: dict[str, UUID], login: Login, query: str, words: str
) -> None:
    answer = login(Role.MANAGER).get(query)
    assert answer.status_code == 422
    assert words in answer.text
    assert "甲公司" not in answer.text


def test_a_comparison_asked_for_by_script_complains_of_a_day_left_out(login: Login) -> None:
    assert "须早于" in login(Role.MANAGER).htmx("/since?to=0001-01-01", target="div#results").text


def test_a_file_says_what_it_answers(login: Login, story: dict[str, UUID], office: Office) -> None:
    browser = login(Role.MANAGER)

    def rows(query: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(browser.get(query).text.lstrip("\ufeff"))))

    since = rows(f"/since/export.csv?from={ago(15)}&to={TODAY}&kind=liaison_centre")
    assert {(row["从"], row["到"], row["条件"]) for row in since} == {
        (str(ago(15)), str(TODAY), f"渠道类别：{ChannelKind.LIAISON_CENTRE.text.zh}")
    }
    restated = rows(f"/restatements/export.csv?as_at={ago(4)}&known_from={ago(4)}")
    assert {(row["数据截至"], row["先看：按何时所知"]) for row in restated} == {(str(ago(4)), f"{ago(4)} 23:59")}
    assert {row["再看：按何时所知"][:10] for row in restated} == {str(TODAY)}
    assert {row["依据至第几号记录"] for row in restated} == {str(office.crm.position())}


def test_files_hold_every_lead_that_moved_and_what_did_it(login: Login, story: dict[str, UUID]) -> None:
    browser = login(Role.MANAGER)
    rows = list(csv.DictReader(io.StringIO(browser.get("/since/export.csv").text.lstrip("\ufeff"))))
    assert {row["哪一步"] for row in rows} == {"其间发生", "事后得知"}
    learned = [row for row in rows if row["哪一步"] == "事后得知"]
    assert {row["企业"] for row in learned} == {"甲公司", "乙公司", "丁公司"}
    assert all(row["记录号"] and row["录入时间"] for row in learned)
    only = browser.get("/since/export.csv?part=happened&move=lost").text
    assert only.count("\n") == 2
    assert "丁公司" in only
    assert browser.get("/restatements/export.xlsx").content[:2] == b"PK"
    assert browser.get("/since/export.csv?part=nothing").status_code == 404


def test_only_the_results_are_sent_to_htmx_and_english_speaks_english(login: Login, story: dict[str, UUID]) -> None:
    browser = login(Role.MANAGER)
    part = browser.htmx("/since?group_by=kind", target="div#results").text
    assert part.lstrip().startswith('<div id="results">')
    browser.client.cookies.set("language", "en")
    for path in ("/since?group_by=industry", "/restatements?show=amount", "/since/leads?part=learned"):
        html = browser.get(path).text
        visible = re.sub(r"<[^>]+>", "", html.partition("<main")[2])
        left = set(re.findall(r"[\u4e00-\u9fff]+", visible)) - {
            "甲公司",
            "乙公司",
            "丙公司",
            "丁公司",
            "北京联络中心",
            "框架协议",
            "区领导",
        }
        assert not left, path
