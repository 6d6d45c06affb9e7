"""Tasks out of remarks and decisions: given to somebody with a day, reported on, done, taken up again."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.task import Task, TaskStatus, possible

WHO = UUID(int=7)


def act(task: Task, noun: str, on: str, **values: Any) -> Task:
    form = FORMS["task", noun].model_validate({"occurred_on": date.fromisoformat(f"2026-{on}")} | values)
    getattr(task, form.verb)(form)
    return task


def given(**values: Any) -> Task:
    usual = {"name": "协调送电", "kind": "decision", "department": "工信局", "due_on": "2026-01-20"}
    return act(Task(UUID(int=9)), "tasks", "01-05", **(usual | values))


def refused(key: str, attempt: Callable[[], object]) -> str | None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert refusal.value.key == key
    return refusal.value.field


def test_a_task_needs_somebody_who_answers_and_a_day_that_is_ahead():
    assert refused("task.nobody", lambda: given(department=None)) == "department"
    assert refused("task.due", lambda: given(due_on="2026-01-04")) == "due_on"
    assert given(department=None, person=WHO).state.people == {WHO}


def test_it_is_reported_on_and_done_and_then_takes_nothing_until_it_is_reopened():
    task = act(given(), "reports", "01-10", progress="已踏勘")
    assert (task.state.progress, task.state.reported_on) == ("已踏勘", date(2026, 1, 10))
    act(task, "completion", "01-18", result="已送电")
    assert (task.state.status, task.state.done_on, task.state.result) == (TaskStatus.DONE, date(2026, 1, 18), "已送电")
    assert task.at(date(2026, 1, 17)).open
    refused("task.done", lambda: act(task, "reports", "01-19", progress="再看"))
    act(task, "reopening", "02-01", due_on="2026-02-10", reason="又停电")
    assert (task.state.open, task.state.reopened, task.state.result) == (True, 1, None)
    refused("task.open", lambda: act(task, "reopening", "02-02", due_on="2026-02-10", reason="又停电"))


def test_more_time_is_counted_and_a_change_that_changes_nothing_is_refused():
    task = act(given(), "assignment", "01-15", department="住建局", due_on="2026-01-30", reason="等待设计")
    assert (task.state.department, task.state.due_on, task.state.postponed) == ("住建局", date(2026, 1, 30), 1)
    act(task, "assignment", "01-16", department="住建局", person=WHO, due_on="2026-01-25", reason="提前")
    assert task.state.postponed == 1
    refused(
        "details.unchanged",
        lambda: act(task, "assignment", "01-17", department="住建局", person=WHO, due_on="2026-01-25", reason="无"),
    )


def test_what_was_done_by_mistake_is_retracted():
    task = act(act(given(), "completion", "01-10", result="已送电"), "retractions", "01-11", fact=2, reason="误记")
    assert task.state.open


def test_what_is_offered_is_what_would_be_taken():
    task = given()
    assert {"reports", "completion", "assignment"} <= {form.noun for form in possible(task)}
    act(task, "completion", "01-10", result="已送电")
    assert "reopening" in {form.noun for form in possible(task)}
    assert "reports" not in {form.noun for form in possible(task)}
