"""Values as people type them."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.base import REPLAY, Day, Refused
from domain.person import AddPerson
from domain.values import (
    Amount,
    Count,
    CreditCode,
    Line,
    Money,
    Note,
    normalised_name,
    parse_amount,
)


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("1.2亿", 12_000_000_000, "CNY"),
        ("5000万", 5_000_000_000, "CNY"),
        ("5000万元", 5_000_000_000, "CNY"),
        ("5,000万元", 5_000_000_000, "CNY"),
        ("１．２亿元", 12_000_000_000, "CNY"),
        ("¥3亿", 30_000_000_000, "CNY"),
        ("人民币 800 万元", 800_000_000, "CNY"),
        ("USD 10m", 1_000_000_000, "USD"),
        ("1,200万美元", 1_200_000_000, "USD"),
        ("€1.5 mio", 150_000_000, "EUR"),
        ("CNY 50m", 5_000_000_000, "CNY"),
        ("3千万", 3_000_000_000, "CNY"),
        ("100元", 10_000, "CNY"),
    ],
)
def test_amounts_are_read_as_the_offices_write_them(text, minor, currency):
    amount = parse_amount(text)
    assert (amount.minor, amount.currency) == (minor, currency)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("-5万", "money.positive"),
        ("0元", "money.positive"),
        ("NaN", "money.form"),
        ("Infinity", "money.form"),
        ("1e30元", "money.too_large"),
        ("1e999999999元", "money.too_large"),
        ("十亿", "money.form"),
        ("USD 5 EUR", "money.form"),
        ("", "money.form"),
        ("{0}", "money.form"),
        ("5000", "money.unit"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_reason(text, key):
    with pytest.raises(Refused) as raised:
        parse_amount(text)
    assert raised.value.key == key


def test_a_bare_number_takes_the_unit_of_its_column():
    assert parse_amount("5000", unit="万元").minor == 5_000_000_000
    assert parse_amount("1.5", unit="亿元").minor == 15_000_000_000


def test_a_foreign_amount_keeps_its_currency_and_is_converted_once_at_its_rate():
    amount = TypeAdapter(Amount).validate_python({"amount": "USD 10m", "rate": "7.1234"})
    assert amount.fen == 7_123_400_000
    assert amount.text.en == "USD 10m"
    assert amount.text.zh == "1,000万美元"


def test_a_foreign_amount_without_a_rate_is_refused():
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(Amount).validate_python("USD 10m")
    assert raised.value.errors()[0]["ctx"]["error"].key == "money.rate"


@pytest.mark.parametrize(("minor", "zh", "en"), [(12_000_000_000, "1.2亿元", "CNY 120m"), (1, "0.01元", "CNY 0.01")])
def test_amounts_are_written_as_the_offices_write_them(minor, zh, en):
    assert tuple(Money(minor=minor).text) == (zh, en)


def test_half_a_fen_is_rounded_up():
    assert Money(minor=1, currency="JPY", rate=Decimal("0.5")).fen == 1


# The standard's own example, and two codes that their holders publish.
@pytest.mark.parametrize("code", ["91350100M000100Y43", "9144030071526726XG", "91330100799655058B"])
def test_a_credit_code_with_its_right_check_digit_is_taken(code):
    assert TypeAdapter(CreditCode).validate_python(code.lower()) == code


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("91350100M000100Y44", "credit_code.check_digit"),
        ("91350100M000100Y4", "credit_code.form"),
        ("91350100I000100Y43", "credit_code.form"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_the_reason(code, key):
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(CreditCode).validate_python(code)
    assert raised.value.errors()[0]["ctx"]["error"].key == key


@pytest.mark.parametrize("text", ["\x00", "a\x07b", "a\u202eb", "line\nline", "", "   ", "长" * 201])
def test_a_line_is_short_readable_and_not_empty(text):
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python(text)


@pytest.mark.parametrize("text", ["𠮷林", "🏭 plant", "<b>&amp;", "O'Neill; DROP TABLE"])
def test_rare_characters_emoji_and_markup_are_text_like_any_other(text):
    assert TypeAdapter(Line).validate_python(text) == text


def test_a_note_may_have_lines():
    assert TypeAdapter(Note).validate_python("一\n二") == "一\n二"


def test_history_is_read_back_whatever_todays_rules_say():
    assert TypeAdapter(Line).validate_python("长" * 900, context=REPLAY) == "长" * 900
    assert TypeAdapter(Count).validate_python(-1, context=REPLAY) == -1
    assert TypeAdapter(CreditCode).validate_python("old", context=REPLAY) == "old"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("长春示例装备有限公司", "长春示例装备 股份有限公司"),
        ("示例（长春）科技有限公司", "示例(长春)科技有限责任公司"),
        ("Example Motors GmbH", "EXAMPLE MOTORS"),
    ],
)
def test_names_that_differ_only_in_form_are_the_same_when_compared(one, other):
    assert normalised_name(one) == normalised_name(other)


def test_a_name_that_is_nothing_but_a_legal_form_is_kept():
    assert normalised_name("有限公司") == "有限公司"


@pytest.mark.parametrize("year", [1, 206, 1899, 2101, 9999])
def test_a_day_of_a_year_nobody_means_is_refused_but_read_back(year):
    known = TypeAdapter(Day)
    with pytest.raises(ValidationError, match=r"date\.year"):
        known.validate_python(date(year, 1, 1))
    assert known.validate_python(date(year, 1, 1), context=REPLAY).year == year


@pytest.mark.parametrize("text", ["\u200b", "\u200b \ufeff", "\u00ad", "\uffff"])
def test_a_text_with_nothing_to_see_is_empty(text):
    with pytest.raises(ValidationError, match=r"text\.empty"):
        TypeAdapter(Line).validate_python(text)


@pytest.mark.parametrize("login", ["a b", "", "甲\u202e乙", "a/b"])
def test_a_login_has_no_spaces_and_no_signs_that_cannot_be_typed(login):
    with pytest.raises(ValidationError):
        AddPerson.model_validate({"name": "驻北京招商专员", "login": login, "role": "staff"})
