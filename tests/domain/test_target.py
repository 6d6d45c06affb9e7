"""A target: what is due by when, revised with a reason, dropped; whose it is."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.target import MONTHS, Target, due, possible, shares

EVEN = (None,) * len(MONTHS)


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def act(target: Target, noun: str, on: str, **values: Any) -> Target:
    form = FORMS["target", noun].model_validate({"occurred_on": day(on)} | values)
    getattr(target, form.verb)(form)
    return target


def made(**values: Any) -> Target:
    given = {"year": 2026, "metric": "major_started", "owner_kind": "district", "count": 52}
    return act(Target(UUID(int=9)), "targets", "1-5", **(given | values))


def refused(key: str, field: str | None, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert (refusal.value.key, refusal.value.field) == (key, field)


def test_without_a_pace_a_twelfth_is_due_each_month_and_a_part_of_it_within_the_month():
    assert [due(120, EVEN, 2026, day(f"{month}-28")) for month in (2, 12)] == [20, 119]
    assert due(52, EVEN, 2026, day("6-30")) == 26
    assert due(310, EVEN, 2026, day("1-15")) == 13


def test_what_is_due_never_falls_and_ends_at_the_goal_with_the_year():
    pace = (None, 10, None, None, None, 30, *EVEN[6:])
    days = [date(2026, month, number) for month in range(1, 13) for number in (1, 15, 28)]
    owed = [due(1000, pace, 2026, one) for one in days]
    assert owed == sorted(owed)
    assert [due(1000, pace, 2026, one) for one in (day("2-28"), day("4-30"), day("6-30"))] == [100, 200, 300]
    assert (due(7, pace, 2026, date(2025, 12, 31)), due(7, pace, 2026, date(2027, 1, 1))) == (0, 7)


def test_months_left_open_follow_evenly_from_those_around_them():
    assert [int(share) for share in shares((None, 10, None, 20, *EVEN[4:]))][:6] == [0, 5, 10, 15, 20, 30]


def test_shares_that_fall_are_refused_at_their_month():
    refused("target.pace", "mar", lambda: made(jan=20, mar=10))


def test_a_goal_is_measured_as_its_metric_is():
    refused("target.goal", "count", lambda: made(count=None))
    refused("target.goal", "count", lambda: made(count=0))
    refused("target.goal", "amount", lambda: made(metric="contracted", count=None))
    refused("target.unit", "count", lambda: made(metric="contracted", amount="100亿"))
    assert made(metric="contracted", count=None, amount="100亿").state.due(day("6-30")) == 50_0000_0000_00


def test_it_is_said_whose_target_it_is_and_of_one_only():
    refused("target.owner", "channel", lambda: made(owner_kind="channel"))
    refused("target.owner", "leader", lambda: made(owner_kind="industry", industry="C", leader=UUID(int=3)))
    assert made(owner_kind="industry", industry="C").state.industry == "C"


def test_a_revision_counts_from_its_own_day_and_needs_a_reason():
    target = act(made(), "details", "7-1", details={"count": 60, "jun": 40}, reason="年中调整")
    assert (target.at(day("6-30")).goal, target.state.goal, target.state.jun) == (52, 60, 40)
    with pytest.raises(ValueError, match="reason"):
        act(target, "details", "7-2", details={"count": 61})
    refused("details.unchanged", None, lambda: act(target, "details", "7-2", details={"count": 60}, reason="重复"))
    refused("target.pace", "details.jul",
            lambda: act(target, "details", "7-2", details={"jul": 30}, reason="放缓"))  # fmt: skip
    refused(
        "target.goal", "details.count", lambda: act(target, "details", "7-2", details={"count": None}, reason="清空")
    )


def test_a_dropped_target_takes_nothing_more():
    target = act(made(), "withdrawal", "3-1", reason="机构调整")
    assert not target.state.open
    refused("target.dropped", None, lambda: act(target, "withdrawal", "3-2", reason="机构调整"))
    assert not {"details", "withdrawal"} & {form.noun for form in possible(target)}


def test_it_is_called_by_its_year_and_metric_even_once_it_is_void():
    target = made()
    assert target.name == "2026年5000万元以上开（复）工项目"
    act(target, "retractions", "1-6", fact=1, reason="重复下达")
    assert (target.state.exists, target.name) == (False, "2026年5000万元以上开（复）工项目")
    assert {form.noun for form in possible(target)} == {"reinstatements"}
