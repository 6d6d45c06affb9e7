"""The aggregate: which facts may happen to a problem, and when.

A rule about the order of things is asked of the state at the end of the fact's own day.
"""

from datetime import date
from typing import ClassVar

from domain.base import Event, Form, Refused, day_of
from domain.correctable import Correctable
from domain.facts import Fact
from domain.problem import ending, handling, raising
from domain.problem.event import ProblemEvent
from domain.problem.state import ProblemState
from domain.problem.steps import hindrance
from domain.revising import differing


class Problem(Correctable):
    """One problem, from the day it was raised until whoever raised it says that it is solved."""

    NAME: ClassVar[str] = "problem"
    FACT: ClassVar[type[Fact]] = ProblemEvent
    START: ClassVar[ProblemState] = ProblemState()
    CREATES: ClassVar[type[Form] | None] = raising.RaiseProblem

    @property
    def name(self) -> str:
        """What it is about; once it is void, what it was raised as."""
        name: str = self.state.name or (self.events[0].name if self.events else "")
        return name

    def open(self, form: raising.RaiseProblem) -> None:
        self.record(raising.ProblemRaised, form)

    def revise(self, form: raising.ReviseProblem) -> None:
        only = differing(form.details, self.state, ("name", "source", "urgency"))
        self.record(raising.ProblemRevised, raising.ReviseProblem(details=only, occurred_on=form.occurred_on))

    def assess_risk(self, form: raising.AssessProblemRisk) -> None:
        if form.investment is None and form.jobs is None:
            raise Refused("risk.empty", "投资和就业至少填一项。", "Give one of the two.", field="investment")
        self._step(raising.ProblemRiskAssessed, form)

    def take(self, form: handling.TakeProblem) -> None:
        if self.state.taken_on:
            raise Refused(
                "problem.taken",
                "已于 {day:%Y-%m-%d} 受理；有误请更正。",
                "It was taken on {day:%Y-%m-%d}; if that is wrong, correct it.",
                field="occurred_on",
                day=self.state.taken_on,
            )
        self._step(handling.ProblemTaken, form)

    def classify(self, form: handling.ClassifyProblem) -> None:
        then = self._then(form)
        if then.kind is form.kind and form.urgency in (None, then.urgency):
            raise Refused("problem.class_same", "已经是这一类。", "It is of that class already.", field="kind")
        self.record(handling.ProblemClassified, form)

    def assign(self, form: handling.AssignProblem) -> None:
        then = self._then(form)
        if not form.person and not form.department:
            raise Refused(
                "assignment.nobody", "责任单位和责任人至少填一项。", "Name a department or a person.", field="department"
            )  # fmt: skip
        self._not_due_before(form, form.due_on)
        if (then.person, then.department, then.due_on) == (form.person, form.department, form.due_on):
            raise Refused("assignment.same", "已经这样交办。", "It is assigned so.", field="due_on")
        if then.answered and not form.reason:
            raise Refused(
                "assignment.reason", "转办或延期要写明原因。", "Say why it is given on or put off.", field="reason"
            )  # fmt: skip
        self.record(handling.ProblemAssigned, form)

    def decide_path(self, form: handling.DecideProblemPath) -> None:
        self._step(handling.ProblemPathDecided, form)

    def escalate(self, form: handling.EscalateProblem) -> None:
        level = self._then(form).level
        if level and form.level.order <= level.order:
            raise Refused(
                "escalation.level",
                "已升级至{level}，只能再往上。",
                "It is with {level} already; it can go further up only.",
                field="level",
                level=level.text,
            )
        self.record(handling.ProblemEscalated, form)

    def solve(self, form: ending.SolveProblem) -> None:
        self._step(ending.ProblemSolved, form)

    def confirm(self, form: ending.ConfirmProblem) -> None:
        self._step(ending.ProblemConfirmed, form)

    def reopen(self, form: ending.ReopenProblem) -> None:
        self._then(form)
        self._not_due_before(form, form.due_on)
        self.record(ending.ProblemReopened, form)

    def name_cause(self, form: ending.NameProblemCause) -> None:
        self._step(ending.ProblemCauseNamed, form)

    # ── guards ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _step(self, event: type[Event], form: Form) -> None:
        self._then(form)
        self.record(event, form)

    def _then(self, form: Form) -> ProblemState:
        """The state on the form's day; refused, with the reason, where it did not take this then."""
        self._exists()
        day = day_of(form)
        self._not_before_first(day, "occurred_on")
        then: ProblemState = self.at(day)
        why = hindrance(type(form), then)
        if why:
            raise Refused(f"problem.{form.noun}", *why)
        return then

    def _not_due_before(self, form: Form, due: date) -> None:
        if due < day_of(form):
            raise Refused(
                "problem.due", "期限不能早于当天。", "It cannot be due before that day.", field="due_on"
            )  # fmt: skip
