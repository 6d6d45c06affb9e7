"""Problems as a queue: what is due by which rule, whose, how many were taken and solved, on any day as known at any position."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Event, Refused
from domain.problem import Problem, ProblemStatus
from domain.problem.clocks import days_of
from domain.rules import ProblemClocks, Rules
from projections import problem_figures, problems
from projections.changes import Point
from projections.problems import ProblemFilters, Problems
from projections.rebuild import rebuild
from tests.projections.conftest import Ground

FIRST, DAYS = date(2026, 1, 1), 60
PEOPLE = [UUID(int=200 + n) for n in range(3)]
UNITS = ["住建局", "发改局", None]
ONLY = [Problems()]
RULES = Rules(problems=ProblemClocks(take_days=2, assign_days=4, solve_days=15, escalate_days=6, confirm_days=9))


def clerks(seed: int, count: int = 12, steps: int = 120) -> Iterator[Problem]:
    """Problems that clerks have worked on, in any order of days, with corrections."""
    chance = Random(seed)  # noqa: S311 - it invents, it keeps no secret
    found = [Problem(UUID(int=700 + n)) for n in range(count)]
    for number, problem in enumerate(found):
        values = {"name": f"问题{number}", "source": chance.choice(["firm", "project"]), "investment": f"{number + 1}00万",
                  "urgency": chance.choice(["normal", "urgent"]), "occurred_on": FIRST + timedelta(days=number)}  # fmt: skip
        problem.open(FORMS["problem", "problems"].model_validate(values))
    for _ in range(steps):
        problem, day = chance.choice(found), FIRST + timedelta(days=chance.randint(0, DAYS))
        fact, due = chance.randint(1, problem.version), day + timedelta(days=chance.randint(0, 20))
        noun, given = chance.choice([
            ("taking", {}), ("classification", {"kind": chance.choice(["land", "finance"])}),
            ("assignment", {"person": chance.choice([*PEOPLE, None]), "department": chance.choice(UNITS), "due_on": due, "reason": "转办"}),
            ("assignment", {"department": "住建局", "due_on": due}), ("path", {"way": "joint", "plan": "会商"}),
            ("escalation", {"level": chance.choice(["unit", "chief"]), "reason": "逾期"}), ("solution", {"outcome": "已办"}),
            ("confirmation", {"satisfaction": "fair"}), ("reopening", {"reason": "没好", "due_on": due}),
            ("cause", {"cause": "容量不足"}), ("date-corrections", {"fact": fact, "to": day, "reason": "记错"}),
            ("retractions", {"fact": fact if fact > 1 or chance.random() < 0.2 else 2, "reason": "没有"}),
        ])  # fmt: skip
        try:
            form = FORMS["problem", noun].model_validate({"occurred_on": day, **given})
            getattr(problem, form.verb)(form)
        except Refused:
            continue
    yield from found


def given(ground: Ground, seed: int) -> list[Problem]:
    found = list(clerks(seed))
    events: list[Event] = []
    for problem in found:
        events += [event.placed(len(events) + n) for n, event in enumerate(problem.collect_events(), start=1)]
    ground.given(events)
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("days", [5, 25, DAYS + 30])
def test_the_queue_and_the_rate_of_any_day_are_those_of_the_problems_themselves(ground, seed: int, days: int) -> None:
    today, told = FIRST + timedelta(days=days), given(ground, seed)
    ground.project(7, ONLY)
    point = Point(today, None)
    states = [state for problem in told if (state := problem.at(today)).exists]
    due = {
        state.name: (state.due_on if state.status is ProblemStatus.ASSIGNED else state.since_on)
        + timedelta(days=days_of(RULES, state.urgency)[state.status])
        for state in states
        if state.open
    }
    rows = problems.LIST.page(ground.conn, ProblemFilters(open=True).asked(RULES), point, sort="due").rows
    assert {row.name: row.due(RULES) for row in rows} == due
    assert [row.due(RULES) for row in rows] == sorted(due.values())
    queue = problem_figures.queue(ground.conn, today, RULES, point)
    late = {name for name, on in due.items() if on < today}
    assert (queue.all.open, queue.all.overdue) == (len(due), len(late))
    assert queue.all.escalated == sum(state.open and state.level is not None for state in states)
    overdue = ProblemFilters(open=True, due_to=today - timedelta(days=1)).asked(RULES)
    assert {row.name for row in problems.LIST.page(ground.conn, overdue, point).rows} == late
    owed = ProblemFilters(open=True, escalate_by=today).asked(RULES)
    assert problems.LIST.totals(ground.conn, owed, point).count == queue.all.to_escalate
    assert sum(one.open for one in queue.answering.values()) == len(due)
    taken = [state for state in states if state.taken_on and state.taken_on <= today]
    figures = problem_figures.figures(ground.conn, problem_figures.in_year(ProblemFilters(), today), point)
    assert figures == (len(taken), sum(state.settled for state in taken))


@pytest.mark.parametrize("seed", range(3))
def test_rows_are_the_same_in_whatever_batches_and_after_a_rebuild(ground, seed: int) -> None:
    told = given(ground, seed)
    ground.project(3, ONLY)
    live = ground.digests()["problems"]
    rebuild(lambda: ground.district.connect(autocommit=True), ONLY)
    assert ground.digests()["problems"] == live
    assert {row.id for row in problems.LIST.every(ground.conn, ProblemFilters().asked())} == {
        problem.id for problem in told if problem.state.exists
    }


def test_what_was_learned_later_was_not_known_before(ground) -> None:
    problem = Problem(UUID(int=1))
    for noun, values in (
        ("problems", {"name": "缺用工", "source": "firm"}), ("taking", {}), ("solution", {"outcome": "已招到"}),
    ):  # fmt: skip
        form = FORMS["problem", noun].model_validate({"occurred_on": FIRST, **values})
        getattr(problem, form.verb)(form)
    ground.given([event.placed(n) for n, event in enumerate(problem.collect_events(), start=1)])
    ground.project(models=ONLY)
    year = problem_figures.in_year(ProblemFilters(), FIRST)
    figures = [problem_figures.figures(ground.conn, year, Point(FIRST, known)) for known in (1, 2, 3)]
    assert figures == [(0, 0), (1, 0), (1, 1)]
    assert [one.rate for one in figures] == [None, 0.0, 100.0]


def test_a_rate_is_rounded_half_up() -> None:
    assert problem_figures.Figures(181, 161).rate == 89.0
    assert problem_figures.Figures(8, 1).rate == 12.5
    assert problem_figures.Figures(2000, 1).rate == 0.1
