"""Funding from above: applied for, approved, paid out in parts; on no day more than was approved."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.funding import Funding, FundingStatus
from domain.funding.possible import possible

PROJECT, LEADER = UUID(int=1), UUID(int=2)
WAN = 1_0000_00


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def act(funding: Funding, noun: str, on: str, **values: Any) -> Funding:
    form = FORMS["funding", noun].model_validate({"occurred_on": day(on)} | values)
    getattr(funding, form.verb)(form)
    return funding


def applied(**values: Any) -> Funding:
    given: dict[str, Any] = {
        "name": "园区道路专项债",
        "kind": "special_bond",
        "requested": "5000万",
        "project": PROJECT,
    }
    return act(Funding(UUID(int=9)), "funding", "1-5", **(given | values))


def approved(amount: str = "4000万", on: str = "3-1") -> Funding:
    return act(applied(), "approval", on, amount=amount, document="财债〔2026〕2号")


def paid(funding: Funding, on: str, amount: str) -> Funding:
    return act(funding, "disbursements", on, amount=amount)


def refused(key: str, field: str | None, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert (refusal.value.key, refusal.value.field) == (key, field)


def test_it_is_for_a_project_a_firm_or_whoever_applies():
    refused("funding.whose", "applicant", lambda: applied(project=None))
    refused("funding.whose", "details.applicant", lambda: act(applied(), "details", "1-6", details={"project": None}))


def test_it_is_paid_out_in_parts_up_to_what_was_approved():
    funding = paid(paid(approved(), "4-1", "1500万"), "5-1", "2000万")
    assert (funding.state.disbursed, funding.state.left) == (3500 * WAN, 500 * WAN)
    assert (funding.at(day("4-15")).disbursed, funding.at(day("2-1")).approved) == (1500 * WAN, 0)
    refused("funding.too_much", "amount", lambda: paid(funding, "6-1", "501万"))
    assert paid(funding, "6-1", "500万").state.left == 0


def test_nothing_is_paid_out_before_the_approval_nor_after_a_rejection():
    refused("funding.not_approved", "occurred_on", lambda: paid(applied(), "4-1", "1万"))
    refused("funding.not_approved", "occurred_on", lambda: paid(approved(), "2-28", "1万"))
    refused("funding.not_approved", "occurred_on",
            lambda: paid(act(applied(), "rejection", "3-1", reason="额度不足"), "4-1", "1万"))  # fmt: skip


def test_it_is_decided_once():
    for funding in (approved(), act(applied(), "rejection", "3-1", reason="额度不足")):
        refused("funding.decided", None, lambda funding=funding: act(funding, "rejection", "4-1", reason="额度不足"))
        refused("funding.decided", None,
                lambda funding=funding: act(funding, "approval", "4-1", amount="1万", document="文"))  # fmt: skip


@pytest.mark.parametrize(("noun", "values"), [
    ("detail-corrections", {"fact": 2, "details": {"amount": "1000万"}}),
    ("detail-corrections", {"fact": 3, "details": {"amount": "4001万"}}),
    ("date-corrections", {"fact": 2, "to": day("4-2")}),
    ("date-corrections", {"fact": 3, "to": day("2-1")}),
    ("retractions", {"fact": 2}),
])  # fmt: skip
def test_no_correction_makes_more_paid_out_than_was_approved_by_then(noun, values):
    funding = paid(approved(), "4-1", "1500万")
    refused("funding.covered", None, lambda: act(funding, noun, "5-1", reason="记错", **values))
    assert (funding.version, funding.state.disbursed) == (3, 1500 * WAN)


def test_a_payment_taken_back_may_not_come_back_once_the_money_went_elsewhere():
    funding = act(paid(approved(), "4-1", "3000万"), "retractions", "4-2", fact=3, reason="退回")
    paid(funding, "4-3", "2000万")
    refused("funding.covered", None, lambda: act(funding, "reinstatements", "4-4", fact=3, reason="没有退回"))
    act(funding, "detail-corrections", "4-4", fact=5, details={"amount": "1000万"}, reason="记错")
    assert act(funding, "reinstatements", "4-5", fact=3, reason="没有退回").state.left == 0


def test_a_void_application_takes_its_money_with_it():
    funding = act(paid(approved(), "4-1", "3000万"), "retractions", "4-2", fact=1, reason="重复登记")
    assert (funding.state.exists, funding.name) == (False, "园区道路专项债")


SAMPLES: dict[str, dict[str, Any]] = {
    "details": {"details": {"department": "省财政厅"}}, "approval": {"amount": "1000万", "document": "文"},
    "rejection": {"reason": "额度不足"}, "disbursements": {"amount": "1万"}, "responsibility": {"leader": LEADER},
    "date-corrections": {"fact": 1, "to": day("1-4"), "reason": "记错"}, "retractions": {"fact": 1, "reason": "没有"},
    "detail-corrections": {"fact": 1, "details": {"name": "园区管网专项债"}, "reason": "记错"},
}  # fmt: skip
HISTORIES: dict[str, Callable[[], Funding]] = {
    "applied": applied, "approved": approved, "paid in part": lambda: paid(approved(), "4-1", "1万"),
    "paid out": lambda: paid(approved(), "4-1", "4000万"),
    "rejected": lambda: act(applied(), "rejection", "3-1", reason="额度不足"),
    "void": lambda: act(applied(), "retractions", "3-1", fact=1, reason="没有"),
}  # fmt: skip


@pytest.mark.parametrize("history", HISTORIES)
def test_what_is_offered_is_what_it_takes(history):
    def takes(noun: str) -> bool:
        try:
            act(HISTORIES[history](), noun, "6-1", **SAMPLES[noun])
        except Refused:
            return False
        return True

    assert {form.noun for form in possible(HISTORIES[history]())} - {"reinstatements"} == set(filter(takes, SAMPLES))
    assert HISTORIES[history]().state.status in (*FundingStatus, None)
