"""What cells say: dates, amounts, numbers, places, industries, headers; and what is refused."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm.imports import dates, figures
from crm.imports.book import EPOCH_1904
from crm.imports.cells import line, said
from crm.imports.headers import Header
from crm.imports.headers import mapped as mapped_of
from crm.imports.headers import once as once_of
from crm.imports.headers import recognised as recognised_of
from crm.imports.industries import industry
from crm.imports.kinds import KINDS
from crm.imports.kinds.leads.columns import COLUMNS
from crm.imports.places import place
from domain.base import Refused

DAY = date(2023, 6, 5)


def moment(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - a cell knows no zone


def recognised(place: int, text: str) -> Header:
    return recognised_of(place, text, COLUMNS)


def once(headers: list[Header]) -> list[Header]:
    return once_of(headers, COLUMNS)


def mapped(headers: list[Header], mapping: dict[str, str]) -> list[Header]:
    return mapped_of(headers, mapping, COLUMNS)


def refused(read: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as found:
        read()
    assert found.value.text.zh
    assert found.value.text.en
    return found.value.key


@pytest.mark.parametrize(
    "cell",
    [
        "2023.6.5", "2023年6月5日", "2023/6/5", "2023-06-05", "20230605", 20230605.0, 45082, 45082.0, "45082", DAY,
        moment(2023, 6, 5), moment(2023, 6, 5, 23, 59), "2023-06-05 00:00:00", "２０２３．６．５", "2023 年 6 月 5 日",
        "2023年6月5日（星期一）", "二〇二三年六月五日", "23年6月5日", "5 June 2023", "Jun 5, 2023", "2023、6、5", "2023.06.05 ",
        "2023-06-04T16:00:00Z", "2023-06-05T00:00:00+08:00", "'2023-6-5",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: Any) -> None:
    assert dates.day(cell) == DAY


def test_a_month_stands_for_its_first_day() -> None:
    for cell in ("2023-6", "2023年6月", "2023.06"):
        assert dates.day(cell) == date(2023, 6, 1)
        assert dates.month_only(cell)
    assert not dates.month_only("2023-6-1")


def test_serial_numbers_count_from_the_files_own_epoch() -> None:
    assert dates.day(43620, EPOCH_1904) == DAY
    assert dates.day(45000) == date(2023, 3, 15)


@pytest.mark.parametrize("cell", ["", None, "—", "/", "无", "待定", "n/a", 0, 0.0])
def test_nothing_is_no_day(cell: Any) -> None:
    assert dates.day(cell) is None


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("2023.6.5-6.8", "date.range"), ("2023.6.5-2023.6.8", "date.range"), ("6月5日至8日", "date.range"),
        ("2023.6.5、2023.7.1", "date.range"), ("2023.6-8", "date.range"), ("2023-02-30", "date.impossible"),
        ("2023-13-01", "date.impossible"), ("05/06/2023", "date.ambiguous"), ("1023-01-01", "date.year"),
        ("2023年上半年", "date.form"), (2023, "date.form"), (-3, "date.form"), (True, "date.form"), (1e300, "date.form"),
        (float("nan"), "date.form"), (float("inf"), "date.form"), ("9" * 60, "date.form"), ("2023-06-05T00:00:00+99:99", "date.form"),
        ("{0}", "date.form"), ("6月", "date.form"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_its_reason(cell: Any, key: str) -> None:
    assert refused(lambda: dates.day(cell)) == key


@pytest.mark.parametrize(
    ("cell", "unit", "money", "yuan", "currency"),
    [
        ("1.2亿", None, None, 120_000_000, "CNY"), ("5000万", None, None, 50_000_000, "CNY"),
        ("USD 10m", None, None, 10_000_000, "USD"), (5000, "万元", None, 50_000_000, "CNY"), (1.2, "亿元", None, 120_000_000, "CNY"),
        ("１２００", "万元", None, 12_000_000, "CNY"), ("1,200.5", "万元", None, 12_005_000, "CNY"),
        ("约1.2亿元", None, None, 120_000_000, "CNY"), ("5000万元左右", None, None, 50_000_000, "CNY"),
        (1000, "万", "USD", 10_000_000, "USD"), ("1000万", None, "EUR", 10_000_000, "EUR"),
        ("1000万美元", "亿元", "EUR", 10_000_000, "USD"), (0.1 + 0.2, "亿元", None, 30_000_000, "CNY"),
        ("1.2亿", "万元", None, 120_000_000, "CNY"),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_its_own_unit_or_that_of_its_header(
    cell: Any, unit: str | None, money: str | None, yuan: int, currency: str
) -> None:
    found = figures.amount(cell, unit=unit, money=money)
    assert found is not None
    assert (found.minor, found.currency) == (yuan * 100, currency)


@pytest.mark.parametrize(
    ("cell", "key"),
    [("10", "money.unit"), ("1-2亿", "number.range_given"), ("-5万", "money.positive"), ("1e30万", "money.too_large"),
     ("NaN", "money.form"), (float("nan"), "money.form"), ("三千万", "money.form"), ("abc", "money.form"), (10**30, "money.unit")],
)  # fmt: skip
def test_what_is_no_amount_is_refused(cell: Any, key: str) -> None:
    assert refused(lambda: figures.amount(cell)) == key


def test_nothing_and_zero_are_no_amount() -> None:
    for cell in ("", "—", 0, 0.0, "0", "无", None):
        assert figures.amount(cell, unit="万元") is None


@pytest.mark.parametrize(
    ("cell", "units", "unit", "number"),
    [("约120亩", figures.MU, None, 120), ("8公顷", figures.MU, None, 120), (120, figures.MU, "亩", 120),
     ("1.5万㎡", figures.SQUARE_METRES, None, 15_000), (1.5, figures.SQUARE_METRES, "万平方米", 15_000),
     ("80m²", figures.SQUARE_METRES, None, 80), ("200人", figures.HEADS, None, 200), ("1,000", figures.HEADS, None, 1000)],
)  # fmt: skip
def test_numbers_are_converted_from_the_unit_they_name(cell: Any, units: Any, unit: str | None, number: int) -> None:
    assert figures.number(cell, units, unit=unit) == number


def test_ranges_and_words_are_no_numbers() -> None:
    assert refused(lambda: figures.number("200-300人", figures.HEADS)) == "number.range_given"
    assert refused(lambda: figures.number("若干", figures.HEADS)) == "number.form"
    assert refused(lambda: figures.rate("七点一")) == "money.rate"
    assert figures.rate("1:7.1") == Decimal("7.1")


@pytest.mark.parametrize(
    ("text", "country", "region"),
    [("德国", "DE", None), ("Germany", "DE", None), ("de", "DE", None), ("德国慕尼黑", "DE", "慕尼黑"), ("Germany, Munich", "DE", "Munich"),
     ("广东深圳", "CN", "广东深圳"), ("香港", "HK", None), ("中国台湾", "TW", None), ("U.S.A.", "US", None), ("韩国", "KR", None),
     ("国内", "CN", None), ("阿联酋", "AE", None)],
)  # fmt: skip
def test_places_are_known_by_their_names(text: str, country: str, region: str | None) -> None:
    assert place(text) == (country, region)


def test_every_iso_country_is_known_in_both_languages() -> None:
    from babel import Locale

    for language in ("zh", "en"):
        for code in ("JP", "FR", "IT", "BR", "ZA", "CI", "CD", "KZ", "VN", "MX", "SA", "NZ"):
            found = place(Locale.parse(language).territories[code])
            assert found is not None
            assert found.country == code
    assert refused(lambda: place("火星")) == "country.unknown"


@pytest.mark.parametrize(
    ("text", "section"),
    [("C", "C"), ("制造业", "C"), ("C36", "C"), ("c-制造业", "C"), ("36", "C"), ("汽车零部件", "C"), ("汽车销售", "F"), ("医药物流", "G"),
     ("软件开发", "I"), ("软件和信息技术服务业", "I"), ("物流装备制造", "C"), ("生物医药研发", "M"), ("Manufacturing", "C"), ("IT", "I"),
     ("文旅", "R"), ("大健康", "Q"), ("总部经济", "L"), ("光伏发电", "D")],
)  # fmt: skip
def test_an_industry_is_known_by_letter_number_or_the_usual_words(text: str, section: str) -> None:
    assert str(industry(text)) == section


@pytest.mark.parametrize("text", ["新能源", "现代服务业", "xyz", "98"])
def test_an_industry_that_cannot_be_told_is_refused(text: str) -> None:
    assert refused(lambda: industry(text)) == "industry.unknown"


@pytest.mark.parametrize(
    ("text", "key", "unit", "currency"),
    [("企业名称", "company", None, None), ("*企业名称（必填）", "company", None, None), ("计划总投资（亿元）", "investment", "亿元", None),
     ("总投资（万美元）", "investment", "万", "USD"), ("投资额/万元", "investment", "万元", None), ("总投资\n（亿元）", "investment", "亿元", None),
     ("Investment (CNY m)", "investment", "m", "CNY"), ("用地面积(公顷)", "land_mu", "公顷", None), ("厂房需求㎡", "space_m2", "m2", None),
     ("签约情况/意向签约时间", "intent_on", None, None), ("正式签约/时间", "contract_on", None, None), ("联系人/电话", "contact_phone", None, None),
     ("正式签约/金额（万元）", "contract_amount", "万元", None), ("国家/地区", "country", None, None), ("协议名称/文号", "contract_document", None, None),
     ("落地情况/时间", "landed_on", None, None), ("序号", None, None, None), ("内部评级", None, None, None), ("未导入原因", None, None, None)],
)  # fmt: skip
def test_headers_are_recognised_with_their_units(
    text: str, key: str | None, unit: str | None, currency: str | None
) -> None:
    assert recognised(0, text)[2:] == (key, unit, currency)


def test_every_column_is_known_by_its_own_titles() -> None:
    for key, column in COLUMNS.items():
        assert recognised(0, column.title.zh).key == key
        assert recognised(0, column.title.en).key == key


def test_of_two_columns_of_one_kind_the_better_worded_is_taken() -> None:
    headers = once([recognised(0, "日期"), recognised(1, "登记日期"), recognised(2, "说明"), recognised(3, "备注")])
    assert [header.key for header in headers] == [None, "registered_on", "note", "note"]


def test_a_mapping_by_hand_takes_the_column_from_another() -> None:
    headers = [recognised(0, "企业名称"), recognised(1, "甲方")]
    assert [header.key for header in mapped(headers, {"甲方": "company"})] == [None, "company"]
    assert [header.key for header in mapped(headers, {"企业名称": "-"})] == [None, None]
    assert refused(lambda: mapped(headers, {"甲方": "nonsense"})) == "mapping.column"
    assert refused(lambda: mapped(headers, {"乙方": "company"})) == "mapping.header"


def test_cells_are_shown_as_people_see_them() -> None:
    assert said(13800000000.0) == "13800000000"
    assert said(1.5) == "1.5"
    assert said("\ufeff甲\u200b ") == "甲"
    assert line("精密\n机械") == "精密机械"
    assert line("Müller\nGmbH") == "Müller GmbH"
    assert said(moment(2023, 6, 5, 9, 30)) == "2023-06-05 09:30"


def test_the_handbook_lists_every_column() -> None:
    handbook = (Path(__file__).parents[3] / "docs" / "ledger.md").read_text(encoding="utf-8")
    for kind in KINDS.values():
        _, _, section = handbook.partition(f"(`{kind.key}`)")
        rows = re.findall(r"^\| (.+?) · (.+?) \| `(\w+)` \|", section.partition("\n### ")[0], re.MULTILINE)
        assert rows == [(column.title.zh, column.title.en, key) for key, column in kind.columns.items()], kind.key
