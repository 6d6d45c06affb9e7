"""Plans of three years: promoted year by year, turned into projects, dropped."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.plan import Plan, PlanStage, PlanStatus, possible


def act(plan: Plan, noun: str, on: str, **values: Any) -> Plan:
    form = FORMS["plan", noun].model_validate({"occurred_on": date.fromisoformat(f"2026-{on}")} | values)
    getattr(plan, form.verb)(form)
    return plan


def proposed(**values: Any) -> Plan:
    given = {"name": "冷链物流园", "year": 2028, "industry": "G", "stage": "idea", "estimate": "3亿"}
    return act(Plan(UUID(int=9)), "plans", "01-05", **(given | values))


def refused(key: str, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert refusal.value.key == key


def test_an_idea_is_promoted_to_planning_and_then_to_this_years_work():
    plan = act(proposed(), "promotion", "03-01", year=2027)
    assert (plan.state.stage, plan.state.year) == (PlanStage.PLANNING, 2027)
    act(plan, "promotion", "06-01")
    assert (plan.state.stage, plan.state.year) == (PlanStage.WORK, 2027)
    assert plan.at(date(2026, 2, 1)).stage is PlanStage.IDEA
    refused("plan.last", lambda: act(plan, "promotion", "07-01"))


def test_a_plan_becomes_a_project_or_is_dropped_and_then_takes_nothing_more():
    became = act(proposed(), "project", "03-01", project=UUID(int=5))
    assert (became.state.status, became.state.project) == (PlanStatus.BECAME, UUID(int=5))
    dropped = act(proposed(), "termination", "03-01", reason="市场变化")
    assert (dropped.state.status, dropped.state.drop_reason) == (PlanStatus.DROPPED, "市场变化")
    for plan in (became, dropped):
        refused("plan.over", lambda plan=plan: act(plan, "promotion", "04-01"))
        assert {form.noun for form in possible(plan)}.isdisjoint({"promotion", "project", "termination"})


def test_details_change_without_what_is_needed_being_emptied():
    plan = act(proposed(), "details", "02-01", details={"place": "东部片区", "estimate": None})
    assert (plan.state.place, plan.state.estimate) == ("东部片区", None)
    refused("details.required", lambda: act(plan, "details", "02-02", details={"name": None}))
    refused("details.unchanged", lambda: act(plan, "details", "02-02", details={"place": "东部片区"}))


def test_what_is_offered_is_what_would_be_taken():
    plan = proposed()
    assert "promotion" in {form.noun for form in possible(plan)}
    assert "promotion" not in {form.noun for form in possible(proposed(stage="work"))}
