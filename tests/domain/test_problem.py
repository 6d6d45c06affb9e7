"""A problem: what may happen to it and when, what it is at the end of any day, and what is due."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.corrections import CorrectDate, CorrectDetails, Retract
from domain.problem import EscalationLevel, Problem, ProblemClass, ProblemState, ProblemStatus, Urgency, running
from domain.problem.possible import possible
from domain.rules import ProblemClocks, Rules

OFFICER, LEADER = UUID(int=1), UUID(int=2)
RULES = Rules(problems=ProblemClocks(take_days=1, assign_days=3, solve_days=15, escalate_days=5, confirm_days=7))


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def act(problem: Problem, noun: str, on: str, **values: Any) -> Problem:
    form = FORMS["problem", noun].model_validate({"occurred_on": day(on)} | values)
    getattr(problem, form.verb)(form)
    return problem


def raised(**values: Any) -> Problem:
    given = {"name": "厂区外供电容量不足", "source": "firm", "investment": "5000万", "jobs": 120}
    return act(Problem(UUID(int=9)), "problems", "3-1", **(given | values))


def taken() -> Problem:
    return act(raised(), "taking", "3-2", number="二问〔2026〕12号")


def assigned() -> Problem:
    return act(taken(), "assignment", "3-3", department="住建局", person=OFFICER, due_on="2026-03-20")


def solved() -> Problem:
    return act(assigned(), "solution", "3-15", outcome="已送电")


def closed() -> Problem:
    return act(solved(), "confirmation", "3-16", satisfaction="satisfied")


def refused(key: str, field: str | None, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert (refusal.value.key, refusal.value.field) == (key, field)


def owed(problem: Problem) -> list[tuple[str, date]]:
    return [(clock.what.zh, clock.due) for clock in running(problem.state, RULES)]


def test_it_goes_from_raised_to_closed_and_is_on_every_day_what_it_was_then():
    problem = closed()
    states = [problem.at(day(on)).status for on in ("2-28", "3-1", "3-2", "3-14", "3-15", "3-16")]
    assert states == [None, *ProblemStatus]
    assert (problem.state.result, problem.state.satisfaction) == ("已送电", "satisfied")
    assert problem.state.investment == 5000_0000_00


def test_a_step_that_cannot_be_taken_says_why():
    with pytest.raises(Refused) as refusal:
        act(raised(), "assignment", "3-2", department="住建局", due_on="2026-03-20")
    assert refusal.value.text.zh == "还没有受理。"
    refused("problem.solution", None, lambda: act(raised(), "solution", "3-2", outcome="已送电"))
    refused("problem.confirmation", None, lambda: act(assigned(), "confirmation", "3-5", satisfaction="fair"))
    refused("problem.path", None, lambda: act(solved(), "path", "3-16", way="joint", plan="会商"))
    refused("problem.reopening", None, lambda: act(assigned(), "reopening", "3-4", reason="没好", due_on="2026-04-01"))
    refused("problem.taken", "occurred_on", lambda: act(taken(), "taking", "3-3"))


def test_it_is_assigned_to_somebody_until_a_day_and_given_on_with_a_reason_only():
    refused("assignment.nobody", "department", lambda: act(taken(), "assignment", "3-3", due_on="2026-03-20"))
    refused("problem.due", "due_on",
            lambda: act(taken(), "assignment", "3-3", department="住建局", due_on="2026-03-02"))  # fmt: skip
    refused("assignment.reason", "reason",
            lambda: act(assigned(), "assignment", "3-4", department="发改局", due_on="2026-03-20"))  # fmt: skip
    problem = act(assigned(), "assignment", "3-4", department="发改局", due_on="2026-03-25", reason="职责划转")
    assert (problem.state.department, problem.state.person, problem.state.due_on) == ("发改局", None, day("3-25"))
    assert problem.at(day("3-3")).person == OFFICER
    assert problem.state.since_on == day("3-3")


def test_it_goes_up_only():
    problem = act(assigned(), "escalation", "3-10", level="deputy", leader=LEADER, reason="需要跨区协调")
    assert (problem.state.level, problem.state.leader) == (EscalationLevel.DEPUTY, LEADER)
    refused("escalation.level", "level", lambda: act(problem, "escalation", "3-11", level="unit", reason="退回"))
    act(problem, "escalation", "3-11", level="city", reason="电网投资属市级")
    assert FORMS["problem", "escalation"] not in possible(problem)
    assert problem.state.leader == LEADER


def test_what_is_reopened_is_worked_on_again_and_is_no_longer_solved():
    problem = act(closed(), "reopening", "3-20", reason="又跳闸", due_on="2026-04-01")
    state: ProblemState = problem.state
    assert (state.status, state.settled, state.reopened) == (ProblemStatus.ASSIGNED, False, 1)
    assert (state.result, state.satisfaction, state.solved_on) == (None, None, None)
    assert state.taken_on == day("3-2")
    assert problem.at(day("3-19")).settled
    assert act(problem, "solution", "3-25", outcome="已扩容").state.settled


def test_a_class_and_its_urgency_are_said_once():
    problem = act(raised(), "classification", "3-1", kind="utilities", urgency="urgent")
    assert (problem.state.kind, problem.state.urgency) == (ProblemClass.UTILITIES, Urgency.URGENT)
    refused("problem.class_same", "kind", lambda: act(problem, "classification", "3-2", kind="utilities"))
    assert act(problem, "classification", "3-2", kind="land").state.urgency is Urgency.URGENT


def test_what_is_at_risk_is_put_right_while_it_is_open():
    refused("risk.empty", "investment", lambda: act(raised(), "risk", "3-2"))
    assert act(raised(), "risk", "3-2", jobs=40).state.jobs == 40


def test_every_standing_has_its_clock_by_the_rules():
    assert owed(raised()) == [("受理", day("3-2"))]
    assert owed(taken()) == [("交办", day("3-5"))]
    assert owed(assigned()) == [("办结", day("3-20")), ("升级", day("3-25"))]
    assert owed(solved()) == [("请反映人确认", day("3-22"))]
    assert owed(closed()) == []
    problem = act(assigned(), "escalation", "3-10", level="deputy", reason="需要跨区协调")
    assert owed(problem) == [("办结", day("3-20"))]


def test_an_urgent_one_has_clocks_of_its_own():
    urgent = raised(urgency="urgent")
    due = next(running(urgent.state, Rules(urgent_problems={"take_days": 3})))
    assert (due.due, due.why.zh) == (day("3-4"), "紧急问题，登记后 3 天内")


def test_every_fact_can_be_corrected_and_retracted():
    problem = closed()
    problem.correct_date(CorrectDate(fact=4, to=day("3-12"), reason="记错", occurred_on=day("3-17")))
    assert problem.state.solved_on == day("3-12")
    problem.correct_details(
        CorrectDetails(fact=5, details={"satisfaction": "dissatisfied"}, reason="录错", occurred_on=day("3-17"))
    )
    assert problem.state.satisfaction == "dissatisfied"
    problem.retract(Retract(fact=2, reason="没有受理", occurred_on=day("3-17")))
    assert problem.state.taken_on is None
    problem.retract(Retract(fact=1, reason="重复登记", occurred_on=day("3-17")))
    assert problem.state.status is None
    refused("record.void", None, lambda: act(problem, "risk", "3-18", jobs=1))
    assert {form.noun for form in possible(problem)} == {"reinstatements"}
    assert problem.name == "厂区外供电容量不足"


SAMPLES: dict[str, dict[str, Any]] = {
    "taking": {}, "classification": {"kind": "land"}, "path": {"way": "joint", "plan": "会商"},
    "assignment": {"department": "发改局", "due_on": "2026-04-20", "reason": "职责划转"},
    "escalation": {"level": "city", "reason": "需要协调"}, "solution": {"outcome": "已办"},
    "confirmation": {"satisfaction": "fair"}, "reopening": {"reason": "没好", "due_on": "2026-04-20"},
    "risk": {"jobs": 7}, "cause": {"cause": "园区变电容量不足"}, "details": {"details": {"raiser": "某某公司"}},
    "date-corrections": {"fact": 1, "to": "2026-02-20", "reason": "记错"}, "retractions": {"fact": 1, "reason": "没有"},
    "detail-corrections": {"fact": 1, "details": {"jobs": 5}, "reason": "记错"},
}  # fmt: skip
HISTORIES: dict[str, Callable[[], Problem]] = {
    "raised": raised, "taken": taken, "assigned": assigned, "solved": solved, "closed": closed,
    "reopened": lambda: act(closed(), "reopening", "3-20", reason="又跳闸", due_on="2026-04-01"),
    "at the top": lambda: act(assigned(), "escalation", "3-10", level="city", reason="需要协调"),
    "void": lambda: act(raised(), "retractions", "3-2", fact=1, reason="重复"),
}  # fmt: skip


@pytest.mark.parametrize("history", HISTORIES)
def test_what_is_offered_is_what_the_problem_takes(history: str):
    offered = {form.noun for form in possible(HISTORIES[history]())} - {"reinstatements"}

    def takes(noun: str) -> bool:
        try:
            act(HISTORIES[history](), noun, "3-25", **SAMPLES[noun])
        except Refused:
            return False
        return True

    assert offered == {noun for noun in SAMPLES if takes(noun)}
