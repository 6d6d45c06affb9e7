"""Figures reported from outside: quoted, revised by their source, corrected like any fact, checked."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused, Text
from domain.indicator import Bound, Indicator, figure_text, possible


def act(indicator: Indicator, noun: str, on: str, **values: Any) -> Indicator:
    form = FORMS["indicator", noun].model_validate({"occurred_on": date.fromisoformat(f"2026-{on}")} | values)
    getattr(indicator, form.verb)(form)
    return indicator


def reported(**values: Any) -> Indicator:
    given = {
        "name": "免费刻章企业",
        "value": "3365",
        "unit": "户",
        "year": 2026,
        "period": "2026年",
        "source": "政务服务局",
    }
    return act(Indicator(UUID(int=9)), "indicators", "07-05", **(given | values))


def test_a_figure_is_said_as_its_source_puts_it():
    assert reported().state.text == Text("3,365户", "3,365 户")
    assert figure_text(Decimal("97.50"), "%", Bound.EXACT).zh == "97.5%"
    assert figure_text(Decimal(100), "万㎡", Bound.AT_LEAST).zh == "100万㎡以上"
    assert figure_text(Decimal(100), "万㎡", Bound.ABOUT).zh == "约 100万㎡"


def test_what_its_source_revises_is_to_be_checked_again():
    indicator = act(reported(), "checks", "07-06", evidence="统计报表")
    assert indicator.state.checked_on == date(2026, 7, 6)
    act(indicator, "details", "08-01", details={"value": "3400"})
    assert (indicator.state.value, indicator.state.checked_on) == (Decimal(3400), None)
    assert indicator.at(date(2026, 7, 31)).value == Decimal(3365)


def test_a_slip_is_corrected_and_counts_from_the_day_of_the_report():
    indicator = act(reported(), "detail-corrections", "09-01", fact=1, reason="录错", details={"value": "3356"})
    assert indicator.at(date(2026, 7, 5)).value == Decimal(3356)


def test_it_is_checked_once():
    indicator = act(reported(), "checks", "07-06", evidence="统计报表")
    with pytest.raises(Refused):
        act(indicator, "checks", "07-07", evidence="统计报表")
    assert "checks" not in {form.noun for form in possible(indicator)}
