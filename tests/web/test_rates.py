"""Every rate with both its numbers, by cohort and cut-off; each number opens as many as it says; the cockpit's blocks."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html import unescape
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from crm import clock
from domain import FORMS
from domain.lead import Lead
from domain.person import Role
from domain.problem import Problem
from projections import rates
from projections.changes import Point
from projections.rates import RATES, Figure, Side
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS
from tests.web.test_targets import FIRST, act, project, started, target

Login = Callable[..., Browser]
TODAY = clock.today()
BEFORE = FIRST - timedelta(days=90)
LANDS = {"how": "registered", "where": "东部片区", "entity": "长春示例有限公司"}
NUMBERS = count(1)
NUMBER = re.compile(r'<a class="count-link num" data-count="(\d+)" href="([^"]+)"')


def lead(
    office: Office, channel: UUID, *, negotiated: date | None = None, signed: date | None = None, **more: Any
) -> UUID:
    """A lead registered before the year; signed for 1亿, landed where `landed` says when."""
    opens = {"company": f"长春示例{next(NUMBERS)}号公司", "industry": "C", "channel": channel, "occurred_on": BEFORE}
    id = office.crm.register(office.by(), FORMS["lead", "leads"].model_validate(opens)).id  # noqa: A001
    if negotiated:
        _go(office, id, "negotiation", subject="供地", occurred_on=negotiated)
    if signed:
        _go(office, id, "contract", amount="1亿", document="投资协议", occurred_on=signed)
    if more.get("landed"):
        _go(office, id, "landing", **LANDS, occurred_on=more["landed"])
    return id


def _go(office: Office, id: UUID, noun: str, **values: Any) -> None:
    office.crm.change(office.by(), Lead, id, FORMS["lead", noun].model_validate(values))


@pytest.fixture
def year(office: Office) -> dict[str, UUID]:
    """Two signed and landed, one of them built and partly paid; one signed at once, which is in talks that day too; one in
    talks; one signed last year.
    """
    north, south = office.centre(), office.centre("上海联络中心")
    built = lead(office, north, negotiated=FIRST, signed=FIRST, landed=FIRST)
    lead(office, south, negotiated=FIRST, signed=FIRST, landed=FIRST)
    lead(office, north, signed=FIRST)
    lead(office, north, negotiated=FIRST)
    lead(office, north, negotiated=BEFORE, signed=FIRST - timedelta(days=1))
    year_now = {"planned_year": TODAY.year, "investment": "1.2亿"}
    made = project(office, lead=str(built), **year_now)
    started(office, made, FIRST)
    act(office, made, "progress", physical=10, invested="2500万", occurred_on=FIRST)
    project(office, **year_now)
    other = project(office, planned_year=TODAY.year - 1)
    started(office, other, FIRST)
    for solved in (True, True, False):
        problem(office, solved=solved)
    office.catch_up()
    return {"north": north, "south": south, "built": made}


def problem(office: Office, *, solved: bool) -> UUID:
    id = RECORDS["problem"].made(office)  # noqa: A001
    days = {
        "taking": {},
        "classification": {"kind": "utilities"},
        "assignment": {"department": "住建局", "due_on": TODAY},
    }
    for noun, values in (days | ({"solution": {"outcome": "已接通"}} if solved else {})).items():
        form = FORMS["problem", noun].model_validate({"occurred_on": TODAY, **values})
        office.crm.change(office.by(), Problem, id, form)
    return id


def figures(office: Office, by: str = "none", point: Point | None = None, year: int = TODAY.year) -> rates.Figures:
    office.catch_up()
    asked = rates.Asked(date(year, 1, 1), date(year, 12, 31), point or Point())
    with office.crm.pool.connection() as conn:
        return rates.figures(conn, asked, by)


def test_each_rate_is_what_the_field_calls_it(office: Office, year: dict[str, UUID]) -> None:
    found = {name: by_group[""] for name, by_group in figures(office).items()}
    assert found == {
        "signing": Figure(3, 4),
        "fulfilment": Figure(1, 3),
        "landing": Figure(2, 3),
        "start": Figure(1, 3),
        "plan_start": Figure(2, 2),
        "production": Figure(0, 3),
        "funds": Figure(2500_0000_00, 3_0000_0000_00),
        "solving": Figure(2, 3),
    }
    assert str(found["landing"].rate) == "66.7"
    assert str(found["funds"].rate) == "8.3"
    assert Figure().rate is None


def test_the_cohort_is_of_the_period_and_what_became_of_it_of_the_cut_off(
    office: Office, year: dict[str, UUID]
) -> None:
    before = figures(office, point=Point(FIRST - timedelta(days=1)), year=TODAY.year - 1)
    assert before["landing"][""] == Figure(0, 1)
    late = figures(office, year=TODAY.year - 1)["landing"][""]
    assert late == Figure(0, 1)
    assert figures(office, point=Point(FIRST - timedelta(days=1)))["landing"][""] == Figure(0, 0)


def test_what_was_learned_later_is_not_known_at_an_earlier_position(office: Office, year: dict[str, UUID]) -> None:
    then = office.crm.position()
    lead(office, year["south"], signed=FIRST, landed=FIRST)
    assert figures(office)["landing"][""] == Figure(3, 4)
    assert figures(office, point=Point(TODAY, then))["landing"][""] == Figure(2, 3)


def test_rates_split_by_channel_and_month_add_up_to_the_whole(office: Office, year: dict[str, UUID]) -> None:
    whole = figures(office)
    for by in ("channel", "month"):
        for name, by_group in figures(office, by).items():
            assert Figure(*map(sum, zip(*by_group.values(), strict=True))) == whole[name][""], (by, name)
    assert figures(office, "channel")["landing"][str(year["north"])] == Figure(1, 2)
    assert "solving" not in figures(office, "channel")


def test_behind_each_number_stand_as_many_as_it_says(office: Office, year: dict[str, UUID]) -> None:
    asked = rates.Asked(FIRST, date(TODAY.year, 12, 31), Point())
    with office.crm.pool.connection() as conn:
        found = rates.figures(conn, asked)
        for rate in RATES.values():
            for side, number in zip(("part", "whole"), found[rate.name][""], strict=True):
                rows, added = rates.count(conn, Side(rate, side), asked)
                listed = rates.behind(conn, Side(rate, side), asked, limit=100).rows
                assert (rows, added) == (len(listed), sum(row.adds for row in listed))
                assert added == number, (rate.name, side)


def test_every_number_of_the_page_opens_as_many(year: dict[str, UUID], login: Login) -> None:
    manager = login(Role.MANAGER)
    for path in ("/rates", "/rates?by=channel", "/rates?by=month", f"/rates?as_at={TODAY}&known_at={TODAY}"):
        opened = list(_numbers(manager.get(path).text))
        assert len(opened) >= 10
        for number, href in opened:
            shown = manager.get(href).text
            assert f'data-total="{number}"' in shown, href
    page = manager.get("/rates").text
    assert "66.7%" in page
    assert "100.0%" in page
    assert "期内首次正式签约的线索" in page


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    for said, href in NUMBER.findall(text):
        yield said, unescape(href)


def test_what_cannot_be_read_is_said_at_its_field(year: dict[str, UUID], login: Login) -> None:
    manager = login(Role.MANAGER)
    for query in ("year=abc", "day_from=某日", f"day_from={TODAY}&day_to={FIRST - timedelta(days=9)}", "by=colour"):
        assert "form-error" in manager.get(f"/rates?{query}").text, query
        assert manager.get(f"/rates/landing?{query}").status_code == 422
    assert manager.get("/rates/happiness").status_code == 404
    assert manager.get("/rates/landing?side=middle").status_code == 404
    assert manager.get("/rates/solving?by=channel&group=none").status_code == 404


def test_rates_go_out_as_files_and_by_the_api_with_the_same_numbers(
    office: Office, year: dict[str, UUID], login: Login
) -> None:
    target(office, metric="contracts", count=10)
    manager = login(Role.MANAGER)
    lines = manager.get("/rates/export.csv").text.splitlines()
    assert any(line.startswith("落地率,") and ",66.7,2," in line for line in lines)
    assert any(line.startswith("资金到位率,") and ",8.3,2500," in line for line in lines)
    assert any(line.startswith("目标完成率（正式签约）,全区,") for line in lines)
    assert manager.get("/rates/export.xlsx?by=channel").content[:2] == b"PK"
    key = {"authorization": f"Bearer {office.token(manager.person)}"}  # type: ignore[arg-type]
    told = manager.client.get("/api/v1/rates", headers=key).json()
    by_name = {one["rate"]: one["figures"][0] for one in told["rates"]}
    assert by_name["landing"] == {"group": None, "numerator": 2, "denominator": 3, "per_cent": "66.7"}
    assert told["targets"][0]["numerator"] == 3
    behind = manager.client.get("/api/v1/rates/landing?side=part", headers=key).json()
    assert (behind["kind"], behind["number"], len(behind["rows"])) == ("lead", 2, 2)
    assert manager.client.get("/api/v1/rates?by=colour", headers=key).status_code == 422


# ── the cockpit ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_cockpit_shows_everything_without_script(office: Office, year: dict[str, UUID], login: Login) -> None:
    target(office, metric="contracts", count=10)
    act(office, year["built"], "milestone-plans", milestone="production", planned_on=TODAY - timedelta(days=200))
    office.catch_up()
    page = login(Role.MANAGER).get("/cockpit").text
    for block in ("standing", "rates", "lights", "moves", "targets", "problems"):
        assert f'<section class="block" id="{block}"' in page
    assert "66.7%" in page
    assert "light-red" in page
    assert "尚未完成" in page
    assert "正式签约" in page


def test_every_number_of_the_cockpit_opens_as_many(office: Office, year: dict[str, UUID], login: Login) -> None:
    manager = login(Role.MANAGER)
    tags = re.findall(r'<a\b[^>]*data-count="\d+"[^>]*>', manager.get("/cockpit").text)
    assert len(tags) > 15
    for tag in tags:
        number, href = re.search(r'data-count="(\d+)"', tag), re.search(r'href="([^"]+)"', tag)
        assert number
        assert href
        shown = manager.get(unescape(href[1])).text
        there = re.search(r'data-total="(\d+)"|found-totals"><strong class="num">([\d,]+)<', shown)
        said = (there[1] or there[2].replace(",", "")) if there else "0"
        assert said == number[1], href[1]


def test_htmx_asks_for_one_block_alone(year: dict[str, UUID], login: Login) -> None:
    manager = login(Role.MANAGER)
    for block in ("standing", "rates", "lights", "moves", "targets", "problems"):
        answer = manager.htmx("/cockpit?look=dark", f"section#{block}").text
        assert answer.startswith(f'<section class="block" id="{block}" hx-get="/cockpit?look=dark"')
        assert answer.count("<section") == 1


def test_an_empty_district_says_what_to_do(login: Login) -> None:
    page = login(Role.MANAGER).get("/cockpit").text
    assert "还没有线索" in page
    assert "还没有项目" in page
    assert "没有逾期的问题" in page
    assert page.count("0 ÷ 0") == 0 or "—" in page


def test_movements_count_from_the_last_meeting(office: Office, year: dict[str, UUID], login: Login) -> None:
    manager = login(Role.MANAGER)
    assert "半个月" in manager.get("/cockpit").text
    held = (TODAY - timedelta(days=1)).isoformat()
    manager.post("/meetings", {"name": "半月调度", "as_at": held, "occurred_on": held})
    page = manager.get("/cockpit").text
    assert f"自{held}会议以来" in page


def test_projects_are_listed_by_when_they_came_to_a_milestone(year: dict[str, UUID], login: Login) -> None:
    manager = login(Role.MANAGER)
    asked = f"/projects?reached=start&reached_from={FIRST}&reached_to={TODAY}"
    assert '<strong class="num">2</strong>' in manager.get(asked).text
    assert '<strong class="num">0</strong>' in manager.get(f"/projects?reached=production&reached_from={FIRST}").text
