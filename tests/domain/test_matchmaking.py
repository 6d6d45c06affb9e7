"""Matchmaking meetings: the firms met, and each loan and contract as a fact of its own."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.matchmaking import Matchmaking, OutcomeKind
from domain.matchmaking.possible import possible

WAN = 10000_00


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def act(one: Matchmaking, noun: str, on: str, **values: Any) -> Matchmaking:
    form = FORMS["matchmaking", noun].model_validate({"occurred_on": day(on)} | values)
    getattr(one, form.verb)(form)
    return one


def held(**values: Any) -> Matchmaking:
    given = {"name": "春季银企对接会", "kind": "bank_firm"}
    return act(Matchmaking(UUID(int=9)), "matchmakings", "3-5", **(given | values))


def refused(key: str, field: str | None, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert (refusal.value.key, refusal.value.field) == (key, field)


def test_loans_count_from_their_own_day_and_a_firm_with_two_of_them_once():
    one = act(held(), "loans", "3-10", firm="甲公司", bank="某银行", amount="300万")
    act(one, "loans", "4-10", firm="甲 公司", bank="另一银行", amount="200万")
    act(one, "loans", "4-11", firm="乙公司", bank="某银行", amount="500万")
    assert one.at(day("3-9")).count(OutcomeKind.LOAN) == 0
    assert one.state.worth(OutcomeKind.LOAN) == 1000 * WAN
    assert (one.state.count(OutcomeKind.LOAN), one.state.helped(OutcomeKind.LOAN)) == (3, 2)
    assert one.at(day("3-31")).worth(OutcomeKind.LOAN) == 300 * WAN


def test_a_loan_put_right_or_retracted_counts_as_it_is_now_known():
    one = act(held(), "loans", "3-10", firm="甲公司", bank="某银行", amount="300万")
    act(one, "detail-corrections", "3-11", fact=2, details={"amount": {"minor": 200 * WAN}}, reason="看错")
    assert one.state.worth(OutcomeKind.LOAN) == 200 * WAN
    act(one, "retractions", "3-12", fact=2, reason="未放款")
    assert one.state.outcomes == ()


def test_contracts_are_between_two_firms():
    one = act(held(kind="supply_demand"), "contracts", "3-6", firm="甲公司", buyer="乙公司", amount="80万")
    assert (one.state.count(OutcomeKind.DEAL), one.state.worth(OutcomeKind.DEAL)) == (1, 80 * WAN)
    refused("deal.same", "buyer", lambda: act(one, "contracts", "3-6", firm="甲公司", buyer="甲", amount="80万"))


def test_firms_are_met_once():
    one = act(held(), "firms", "3-5", firms=[{"name": "甲公司"}, {"name": "乙公司", "need": "流动资金"}])
    act(one, "firms", "3-6", firms=[{"name": "丙公司"}])
    assert [firm.name for firm in one.state.firms.values()] == ["甲公司", "乙公司", "丙公司"]
    refused("firms.known", "firms", lambda: act(one, "firms", "3-6", firms=[{"name": "丙有限公司"}]))
    refused("firms.twice", "firms", lambda: act(one, "firms", "3-6", firms=[{"name": "丁"}, {"name": "丁公司"}]))


def test_a_void_meeting_takes_nothing_but_being_reinstated():
    one = act(held(), "retractions", "3-6", fact=1, reason="未举行")
    refused("record.void", None, lambda: act(one, "loans", "3-10", firm="甲公司", bank="某银行", amount="300万"))
    assert {form.noun for form in possible(one)} == {"reinstatements"}
