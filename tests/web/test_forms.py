"""Forms from their classes: what is drawn, what is read back, what is said when something is wrong."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import FORMS
from domain.base import Form, Refused, Text
from domain.district import SetRules
from domain.lead import Contact, Register, Revise, SignContract
from domain.rules import Rules
from domain.values import Money
from web.fields import Choice, Field
from web.forms import FormView, command_id, flat, parse, refused, seen_version, typed_amount, view

CHANNEL = UUID(int=7)
COMMAND = UUID(int=1)
PICKS = {"channel": [Choice(str(CHANNEL), Text("北京联络中心", "Beijing centre"))]}


def _register(**more: str) -> dict[str, str]:
    return {"company": "某某智能装备有限公司", "industry": "C", "country": "CN", "channel": str(CHANNEL)} | more


def _said(typed: Mapping[str, str], field: str, kind: type[Form] = Register) -> Text:
    parsed = parse(kind, typed, COMMAND)
    assert parsed.form is None
    assert parsed.raw == typed
    return parsed.errors[field]


# ── drawn ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", FORMS.values(), ids=lambda kind: kind.__name__)
def test_every_form_of_the_domain_can_be_drawn_and_read_back_empty(kind: type[Form]) -> None:
    shown = view(kind, "/x")
    assert shown.title.zh
    assert shown.title.en
    assert all(field.label.zh for field in shown.fields if field.widget not in {"group", "hidden"})
    parsed = parse(kind, {}, COMMAND)
    assert (parsed.form is None) == bool(parsed.errors)


def test_each_kind_of_value_has_its_widget() -> None:
    shown = view(Register, "/leads", picks=PICKS)
    widgets = {name: shown[name].widget for name in ("company", "country", "industry", "investment", "land_mu", "jobs",
                                                     "summary", "contacts", "channel", "owner", "occurred_on")}  # fmt: skip
    assert widgets == {
        "company": "text", "country": "select", "industry": "select", "investment": "money", "land_mu": "decimal",
        "jobs": "whole", "summary": "area", "contacts": "rows", "channel": "select", "owner": "select",
        "occurred_on": "date",
    }  # fmt: skip
    assert shown["company"].required
    assert not shown["project"].required
    assert shown["channel"].choices == (PICKS["channel"][0],)
    assert shown["industry"].choices[2].text.zh == "制造业"
    assert shown["country"].choices[0].value == "CN"


def test_a_new_form_opens_on_today_with_the_defaults_of_its_class() -> None:
    from crm import clock

    shown = view(Register, "/leads")
    assert shown["occurred_on"].value == clock.today().isoformat()
    assert shown["country"].value == "CN"
    assert view(SetRules, "/admin/settings", values=Rules())["major_amount"].value == "1亿"


def test_the_day_comes_first_and_then_the_forms_own_fields() -> None:
    names = [field.name for field in view(Contact, "/x").fields]
    assert names == ["occurred_on", "kind", "outcome", "note", "next_action", "next_due"]


def test_a_nested_model_is_drawn_with_dotted_names() -> None:
    shown = view(Revise, "/x", values={"details": {"company": "某某", "jobs": 120}})
    inner = {field.name: field for field in shown["details"].fields}
    assert inner["details.company"].value == "某某"
    assert inner["details.jobs"].value == "120"


def test_only_and_without_choose_fields() -> None:
    shown = view(Contact, "/x")
    assert [field.name for field in shown.only("note", "kind")] == ["note", "kind"]
    assert "note" not in [field.name for field in shown.without("note")]


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(minor=12 * 10**9), "1.2亿"),
        (Money(minor=5 * 10**9), "5000万"),
        (Money(minor=123), "1.23元"),
        (Money(minor=10**9, currency="USD", rate=Decimal("7.1")), "USD 10000000"),
        (Money(minor=1234567890123), "12345678901.23元"),
    ],
)
def test_an_amount_is_shown_as_one_would_type_it(money: Money, text: str) -> None:
    assert typed_amount(money) == text


@given(minor=st.integers(1, 10**17), currency=st.sampled_from(["CNY", "USD", "JPY", "EUR"]))
def test_an_amount_shown_and_sent_back_is_the_same_amount(minor: int, currency: str) -> None:
    money = Money(minor=minor, currency=currency, rate=None if currency == "CNY" else Decimal("7.1"))
    typed = flat({"amount": money, "reason": "调整"})
    from domain.lead import ReviseInvestment

    parsed = parse(ReviseInvestment, typed, COMMAND)
    assert parsed.errors == {}
    assert parsed.form is not None
    assert parsed.form.amount == money


# ── read back ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_typed_becomes_the_form() -> None:
    typed = _register(
        **{"investment.amount": "USD 10m", "investment.rate": "7.1", "jobs": "1,200", "land_mu": "３０.5",
           "occurred_on": "2023年6月5日", "contacts.0.name": "投资部经理", "contacts.0.phone": "00000000000"}
    )  # fmt: skip
    form = parse(Register, typed, COMMAND).form
    assert form is not None
    assert form.investment == Money(minor=10**9, currency="USD", rate=Decimal("7.1"))
    assert (form.jobs, form.land_mu, form.occurred_on) == (1200, Decimal("30.5"), date(2023, 6, 5))
    assert form.contacts[0].name == "投资部经理"


def test_a_second_click_on_the_same_form_posts_the_very_same_content() -> None:
    typed = _register(**{"contacts.0.name": "投资部经理", "contacts.1.name": "法务负责人"})
    first, second = (parse(Register, typed, COMMAND).form for _ in range(2))
    assert first == second
    assert first is not None
    assert first.contacts[0].id != first.contacts[1].id


def test_empty_rows_are_left_out_and_complaints_follow_their_row() -> None:
    typed = _register(
        **{"contacts.0.name": "", "contacts.0.phone": " ", "contacts.3.name": "", "contacts.3.phone": "1380"}
    )
    parsed = parse(Register, typed, COMMAND)
    assert parsed.form is None
    assert list(parsed.errors) == ["contacts.0.name"]
    assert parsed.raw["contacts.0.phone"] == "1380"


def test_what_is_left_empty_is_left_out_but_in_a_patch_it_clears() -> None:
    form = parse(Register, _register(project="", region=" "), COMMAND).form
    assert form is not None
    assert (form.project, form.region) == (None, None)
    patch = parse(Revise, {"details.company": "新名称", "details.project": "", "details.jobs": ""}, COMMAND).form
    assert patch is not None
    assert patch.details.given() == {"company": "新名称", "project": None, "jobs": None}
    nobody = parse(Revise, {"details.contacts": "", "details.contacts.0.name": " "}, COMMAND).form
    assert nobody is not None
    assert nobody.details.given() == {"contacts": ()}


def test_other_inputs_of_the_page_are_not_part_of_the_form() -> None:
    assert (
        parse(Contact, {"kind": "phone", "csrf": "x", "command": "y", "version": "3", "utm": "z"}, COMMAND).errors == {}
    )


# ── said ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "typed", "zh"),
    [
        ("company", "", "请填写"),
        ("company", "某" * 201, "最多 200 个字"),
        ("company", "某\x00某", "控制字符"),
        ("company", "abc\u202edef", "方向控制符"),
        ("industry", "Z", "请从列表中选择"),
        ("channel", "not-an-id", "请从列表中选择"),
        ("country", "中国", "请从列表中选择"),
        ("occurred_on", "2023-02-30", "看不懂这个日期"),
        ("occurred_on", "昨天", "看不懂这个日期"),
        ("jobs", "很多", "请填写整数"),
        ("jobs", "1.5", "请填写整数"),
        ("jobs", "-1", "0 到 10 亿"),
        ("jobs", "9" * 5000, "数字过大"),
        ("land_mu", "NaN", "请填写数字"),
        ("land_mu", "1e9999", "0 到 10 亿"),
        ("credit_code", "91310000MA1K4XXXX0", "信用代码"),
        ("investment.amount", "-5000万", "大于零"),
        ("investment.amount", "NaN", "看不懂金额"),
        ("investment.amount", "1" + "0" * 30 + "元", "过大"),
        ("investment.amount", "许多", "看不懂金额"),
    ],
)
def test_bad_input_is_told_in_words_at_its_field_and_comes_back_as_typed(field: str, typed: str, zh: str) -> None:
    raw = _register(**{field: typed})
    said = _said(raw, field.removesuffix(".amount"))
    assert zh in said.zh
    assert said.en
    assert "{" not in said.zh + said.en
    shown = view(Register, "/leads", raw=raw, errors=parse(Register, raw, COMMAND).errors)
    assert shown[field.partition(".")[0]].value == typed
    assert shown[field.partition(".")[0]].error == said
    assert shown.error is None


def test_a_foreign_amount_without_its_rate_is_told_at_the_rate() -> None:
    typed = _register(**{"investment.amount": "USD 10m"})
    shown = view(Register, "/leads", raw=typed, errors=parse(Register, typed, COMMAND).errors)
    (rate,) = shown["investment"].fields
    assert rate.error is not None
    assert "汇率" in rate.error.zh


@pytest.mark.parametrize("name", ["𠮷野家（长春）有限公司", "🚀 Rocket GmbH", "<b>公司</b>", "Zoë & Sons", "=1+1"])
def test_rare_characters_emoji_and_markup_are_taken_as_they_are(name: str) -> None:
    form = parse(Register, _register(company=name), COMMAND).form
    assert form is not None
    assert form.company == name


def test_what_belongs_to_no_field_is_told_above_the_form() -> None:
    shown = view(Contact, "/x", errors={"": Text("整体不对", "All wrong")})
    assert shown.error == Text("整体不对", "All wrong")


def test_a_refusal_of_the_domain_stands_at_its_field_or_above_the_form() -> None:
    shown = view(SignContract, "/x", raw={"amount.amount": "5000万"})
    at_field = refused(shown, Refused("x", "日期不对。", "Wrong date.", field="occurred_on"))
    assert at_field.status == 422
    assert at_field["occurred_on"].error == Text("日期不对。", "Wrong date.")
    assert at_field.error is None
    above = refused(shown, Refused("x", "已流失。", "It is lost.", field="status"))
    assert above.error == Text("已流失。", "It is lost.")
    inside = refused(shown, Refused("x", "金额不符。", "Wrong amount.", field="amount"))
    assert inside["amount"].error == Text("金额不符。", "Wrong amount.")


@given(st.dictionaries(st.sampled_from([*Register.model_fields, "contacts.0.name", "contacts.x.name", "contacts.-1.name",
                                        "contacts.99999.name", "investment.amount", "investment.rate", "company.x"]),
                       st.text(max_size=30)))  # fmt: skip
def test_nothing_that_is_posted_breaks_a_form(typed: dict[str, str]) -> None:
    parsed = parse(Register, typed, COMMAND)
    assert (parsed.form is None) == bool(parsed.errors)
    shown: FormView = view(Register, "/leads", raw=parsed.raw, errors=parsed.errors)
    assert _complaints(shown) or parsed.form is not None


def _complaints(shown: FormView) -> list[Any]:
    def under(fields: tuple[Field, ...]) -> list[Any]:
        own = [field.error for field in fields if field.error]
        return (
            own
            + [e for f in fields for e in under(f.fields)]
            + [e for f in fields for row in f.rows for e in under(row)]
        )

    return [shown.error, *under(shown.fields)] if shown.error else under(shown.fields)


# ── carried along ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_form_carries_its_command_and_the_version_seen() -> None:
    shown = view(Contact, "/x", version=7)
    posted = {"command": shown.command, "version": str(shown.version)}
    assert str(command_id(posted)) == shown.command
    assert seen_version(posted) == 7


@pytest.mark.parametrize(
    "posted", [{}, {"command": "x", "version": "x"}, {"command": "", "version": "9" * 40}, {"version": "-1"}]
)
def test_what_is_no_command_or_version_is_none(posted: dict[str, str]) -> None:
    assert command_id(posted) != command_id(posted)
    assert seen_version(posted) is None


def test_values_now_in_force_stand_beside_what_was_typed_where_they_differ() -> None:
    shown = view(Contact, "/x", raw={"kind": "phone", "note": "甲"}, current={"kind": "visit", "note": "甲"})
    assert shown["kind"].current == "visit"
    assert shown["note"].current is None
