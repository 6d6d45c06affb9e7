"""The task itself: what may be done with it on which day."""

from datetime import date
from typing import ClassVar

from domain.base import Form, Refused, day_of
from domain.correctable import Correctable
from domain.corrections import CorrectDate, CorrectDetails, Reinstate, Retract
from domain.facts import Fact
from domain.revising import differing
from domain.task.facts import (
    FinishTask,
    GiveTask,
    ReassignTask,
    ReopenTask,
    ReportTask,
    ReviseTask,
    TaskDone,
    TaskEvent,
    TaskGiven,
    TaskReassigned,
    TaskReopened,
    TaskReported,
    TaskRevised,
    TaskState,
    TaskTerms,
)


class Task(Correctable):
    """One task, until it is done."""

    NAME: ClassVar[str] = "task"
    FACT: ClassVar[type[Fact]] = TaskEvent
    START: ClassVar[TaskState] = TaskState()
    CREATES: ClassVar[type[Form] | None] = GiveTask

    @property
    def name(self) -> str:
        """What it is about; once it is void, what it was given as."""
        return self.state.name or (self.events[0].name if self.events else "")

    def give(self, form: GiveTask) -> None:
        _demand_answer(form)
        _demand_ahead(form.due_on, day_of(form))
        self.record(TaskGiven, form)

    def revise(self, form: ReviseTask) -> None:
        only = differing(form.details, self.state, ("name", "kind"))
        self.record(TaskRevised, ReviseTask(details=only, occurred_on=form.occurred_on))

    def reassign(self, form: ReassignTask) -> None:
        state = self._open_on(form)
        _demand_answer(form)
        _demand_ahead(form.due_on, day_of(form))
        if (form.department, form.person, form.due_on) == (state.department, state.person, state.due_on):
            raise Refused("details.unchanged", "没有改动任何内容。", "Nothing was changed.")
        self.record(TaskReassigned, form)

    def report(self, form: ReportTask) -> None:
        self._open_on(form)
        self.record(TaskReported, form)

    def finish(self, form: FinishTask) -> None:
        self._open_on(form)
        self.record(TaskDone, form)

    def reopen(self, form: ReopenTask) -> None:
        if self._on(form).open:
            raise Refused("task.open", "事项还没有办结。", "The task is not done yet.")
        _demand_ahead(form.due_on, day_of(form))
        self.record(TaskReopened, form)

    def _on(self, form: Form) -> TaskState:
        self._exists()
        self._not_before_first(day_of(form), "occurred_on")
        state: TaskState = self.at(day_of(form))
        return state

    def _open_on(self, form: Form) -> TaskState:
        """The state on the form's day; refused where nothing was left to do then."""
        state = self._on(form)
        if not state.open:
            raise Refused("task.done", "事项已经办结；需要的话先重新办理。", "The task is done; reopen it first.")
        return state


def _demand_answer(terms: TaskTerms) -> None:
    if not (terms.department or terms.person):
        raise Refused(
            "task.nobody", "请填写责任单位或责任人。", "Name a department or a person.", field="department"
        )  # fmt: skip


def _demand_ahead(due: date, day: date) -> None:
    if due < day:
        raise Refused("task.due", "办结期限不能早于交办日期。", "It cannot be due before it is given.", field="due_on")


def possible(task: Task) -> frozenset[type[Form]]:
    """The forms that the task would take if they are filled in rightly and dated today: for menus."""
    state: TaskState = task.state
    if not state.exists:
        return frozenset({Reinstate})
    asked: set[type[Form]] = {ReviseTask, CorrectDate, CorrectDetails, Retract, Reinstate}
    return frozenset(asked | ({ReportTask, FinishTask, ReassignTask} if state.open else {ReopenTask}))
