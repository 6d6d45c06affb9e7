"""The year's figures: each counted from the events of the demo, the same on the page, on paper, in the API and behind it."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest

from crm import clock
from crm.demo.filling import fill
from crm.demo.year.telling import year
from crm.demo.year.works import works
from domain.person import Role
from tests.conftest import District
from tests.web.conftest import Browser, Office
from web.pages.year_figures import FIGURES, Unit

Login = Callable[..., Browser]
LEADS = 60
TOLD = clock.today().year - 1

FIGURES_OF_THE_REPORT = {
    "land": 9, "procedures": 43, "bond": 412_000_000_00, "central": 19_320_000_00, "centres": 5, "intents": 16, "trips": 21,
    "conferences": 3, "cooperations": 3, "signed": 6, "events": 21, "met": 489, "accompanied": 173, "phone": 1612,
    "inspections": 156, "coordinated": 186, "firms": 496, "sectors": 5, "leaders": 52, "officers": 233, "lent_firms": 114,
    "lent": 221_500_000_00, "parks": 700_000, "buildings": 1_028_000,
}  # fmt: skip
"""Where the report says “and more”, what the demo comes to."""
RATES = {"started": (58, 52, "111.5%", "112%"), "solved": (161, 181, "89.0%", "88.9%")}
QUOTED = {
    "集中审批的行政许可事项": "240项", "划转许可事项的部门": "15个", "政务服务事项完成率": "97%", "免费刻制印章惠及企业": "3,365家",
    "免费刻制印章": "16,825枚",
}  # fmt: skip
AT_LEAST = {
    "procedures": 40, "trips": 20, "events": 20, "met": 400, "accompanied": 170, "phone": 1600, "inspections": 150,
    "lent": 200_000_000_00, "lent_firms": 100, "buildings": 1_000_000,
}  # fmt: skip


@pytest.fixture
def filled(office: Office, district: District) -> Office:
    fill(office.crm, district.url, LEADS, lambda _done, _of: None, beside=year)
    office.catch_up()
    return office


def asked(office: Office, browser: Browser, of: int = TOLD) -> dict[str, Any]:
    key = {"authorization": f"Bearer {office.token(browser.person)}"}
    answer = browser.get(f"/api/v1/reports/year?year={of}", **key)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_figure_of_the_report_comes_out_of_events(filled: Office, login: Login) -> None:
    browser = login(Role.MANAGER)
    answer = asked(filled, browser)
    figures = {one["key"]: one for one in answer["figures"]}
    assert answer["until"] == date(TOLD, 12, 31).isoformat()
    assert {key: one["part"]["value"] for key, one in figures.items() if key not in RATES} == FIGURES_OF_THE_REPORT
    assert all(FIGURES_OF_THE_REPORT[key] >= least for key, least in AT_LEAST.items())
    for key, (part, whole, rate, printed) in RATES.items():
        one = figures[key]
        assert (one["part"]["value"], one["whole"]["value"], one["rate"]) == (part, whole, rate)
        assert one["printed"]["text"] == printed
    assert {one["name"]: one["text"] for one in answer["quoted"]} == QUOTED
    on_the_page(browser, answer)
    what_is_behind(browser, answer)
    on_paper(browser, answer)
    as_a_workbook(browser)


def on_the_page(browser: Browser, answer: dict[str, Any]) -> None:
    """The page says what the API says."""
    text = browser.get(f"/reports/year?year={TOLD}").text
    for one in answer["figures"]:
        row = plain(text.partition(f'data-figure="{one["key"]}"')[2].partition("</tr>")[0])
        assert one["name"] in row
        assert one["cohort"] in row
        shown = row_numbers(one)
        assert all(number in row for number in shown), (one["key"], shown, row)
    for name, said in QUOTED.items():
        assert said in plain(text.partition(f'data-quoted="{name}"')[2].partition("</tr>")[0])


def row_numbers(one: dict[str, Any]) -> Iterator[str]:
    unit = Unit(one["unit"])
    for number in (one["part"], one["whole"]):
        if number:
            wan = number["value"] / 10_000
            yield {
                Unit.COUNT: f"{number['value']:,}",
                Unit.AREA: f"{wan:.10g}万㎡",
                Unit.MONEY: money(number["value"]),
            }[unit]
    if one["rate"]:
        yield one["rate"]
        yield one["printed"]["text"]


def money(fen: int) -> str:
    yuan = fen / 100
    return f"{round(yuan / 1e8, 2):g}亿元" if yuan >= 1e8 else f"{round(yuan / 1e4):,}万元"


def what_is_behind(browser: Browser, answer: dict[str, Any]) -> None:
    """Each number opens a page; where that counts the same things, it counts as many."""
    for one in answer["figures"]:
        for number in filter(None, (one["part"], one["whole"])):
            there = browser.get(number["behind"])
            assert there.status_code == 200, number
            if one["unit"] != Unit.COUNT.value or one["key"] in ("sectors", "leaders", "officers", "lent_firms"):
                continue
            counted = re.search(r'data-total="(\d+)"', there.text) or re.search(
                r'found-totals"><strong class="num">([\d,]+)', there.text
            )
            assert counted, number
            assert int(counted[1].replace(",", "")) == number["value"], number


def on_paper(browser: Browser, answer: dict[str, Any]) -> None:
    paper = browser.get(f"/reports/year/paper?year={TOLD}").text
    for one in answer["figures"]:
        assert one["name"] in paper
    assert "111.5%" in paper
    assert "112%" in paper


def as_a_workbook(browser: Browser) -> None:
    book = browser.get(f"/reports/year/export.xlsx?year={TOLD}")
    with ZipFile(io.BytesIO(book.content)) as folder:
        cells = folder.read("xl/worksheets/sheet1.xml").decode()
    assert "111.5" in cells
    csv = browser.get(f"/reports/year/export.csv?year={TOLD}").text
    assert len(csv.splitlines()) == 1 + len(FIGURES)


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).replace("&#34;", "”").strip()


def test_what_was_not_known_to_happen_in_the_year_is_not_counted(office: Office, login: Login) -> None:
    answer = asked(office, login(Role.MANAGER), 2020)
    assert all(one["part"]["value"] == 0 for one in answer["figures"])
    assert all(one["rate"] is None for one in answer["figures"])
    assert answer["quoted"] == []


def test_a_year_that_cannot_be_read_is_this_one(login: Login) -> None:
    assert f"截止日 {clock.today().isoformat()}" in plain(login(Role.STAFF).get("/reports/year?year=abc").text)


def test_of_a_year_to_come_nothing_has_happened(login: Login) -> None:
    browser = login(Role.MANAGER)
    assert browser.get(f"/reports/year?year={clock.today().year + 1}").status_code == 200


def test_every_project_of_the_year_has_a_name_of_its_own() -> None:
    names = [work.name for work in works()]
    assert len(set(names)) == len(names)
