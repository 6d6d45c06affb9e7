"""The reserve of plans (谋划储备): ideas for the years after next, planned for next year, worked on this year; then a project."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import Field

from domain.base import Event, Form, Patch, Payload, Refused, Term, Text, day_of
from domain.correctable import Correctable
from domain.corrections import CorrectDate, CorrectDetails, Reinstate, Retract
from domain.facts import Fact
from domain.responsibility import AnsweredFor, Responsibility, Taken, TakeResponsibility, demand_each_once
from domain.revising import differing, revised
from domain.values import Amount, Industry, Line, Money, Note, Prose, Year


class PlanStage(Term):
    """Which of the three years it is for, as it is worked on (抓当年、谋明年、想三年)."""

    IDEA = "idea", "想三年", "Idea for later years"
    PLANNING = "planning", "谋明年", "Planned for next year"
    WORK = "work", "抓当年", "This year's work"

    @property
    def next(self) -> "PlanStage | None":
        """The year's stage after this one; None where it becomes a project next."""
        stages = list(PlanStage)
        return stages[stages.index(self) + 1] if self is not stages[-1] else None


class PlanStatus(Term):
    OPEN = "open", "谋划中", "Open"
    BECAME = "became", "已转为项目", "Became a project"
    DROPPED = "dropped", "已终止", "Dropped"


class PlanEvent(Fact):
    """A fact of a plan. It says what it changes; `PlanState.after` alone takes that in."""

    def changes(self, was: "PlanState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}


class PlanDetails(Payload):
    """What may be revised at any time."""

    name: Line = Field(title="谋划项目|Plan")
    year: Year = Field(title="计划实施年度|Year planned for")
    industry: Industry = Field(title="行业门类|Industry")
    estimate: Amount | None = Field(None, title="估算投资|Estimated investment")
    place: Line | None = Field(None, title="意向地点|Place in mind")
    source: Line | None = Field(None, title="谋划来源|Where it comes from")
    content: Prose | None = Field(None, title="主要内容|What it is")


class ProposePlan(Form, PlanDetails):
    """Put an idea or a plan into the reserve."""

    noun: ClassVar[str] = "plans"
    verb: ClassVar[str] = "propose"
    title: ClassVar[Text] = Text("登记谋划项目", "Add a plan")

    stage: PlanStage = Field(title="谋划阶段|Stage")


class PlanProposed(PlanEvent, ProposePlan):
    TOPIC = "plan.proposed"
    TITLE = Text("登记谋划项目", "Plan added")

    def changes(self, was: "PlanState") -> Mapping[str, Any]:  # noqa: ARG002
        known = {name: getattr(self, name) for name in PlanDetails.model_fields}
        return {**known, "stage": self.stage, "status": PlanStatus.OPEN, "proposed_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(
            f"登记谋划项目：{self.name}（{self.stage.text.zh}）", f"Plan added: {self.name} ({self.stage.text.en})"
        )


class PlanDetailsChanged(Patch, PlanDetails):
    """The details that change, and nothing else."""


class RevisePlan(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改谋划内容", "Edit the plan")

    details: PlanDetailsChanged


class PlanRevised(PlanEvent, RevisePlan):
    TOPIC = "plan.revised"
    TITLE = Text("修改谋划内容", "Plan revised")

    def changes(self, was: "PlanState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)


class PromotePlan(Form):
    """Take it into the next year: from an idea to planning, from planning to this year's work."""

    noun: ClassVar[str] = "promotion"
    verb: ClassVar[str] = "promote"
    title: ClassVar[Text] = Text("转入下一年度", "Promote")

    year: Year | None = Field(None, title="计划实施年度|Year planned for", description="不变的可不填|empty: as it was")
    note: Note | None = Field(None, title="进展说明|Note")


class PlanPromoted(PlanEvent, PromotePlan):
    TOPIC = "plan.promoted"
    TITLE = Text("转入下一年度", "Plan promoted")

    stage: PlanStage = Field(title="转入|Promoted to")

    def changes(self, was: "PlanState") -> Mapping[str, Any]:
        return {"stage": self.stage, "year": self.year or was.year}

    def sentence(self) -> Text:
        return Text(f"转入“{self.stage.text.zh}”", f"Promoted: {self.stage.text.en.lower()}")


class TurnIntoProject(Form):
    """It has become a project: opened first, then named here."""

    noun: ClassVar[str] = "project"
    verb: ClassVar[str] = "become"
    title: ClassVar[Text] = Text("转为项目", "Turn into a project")

    project: UUID = Field(title="项目|Project", json_schema_extra={"pick": "project"})


class PlanBecameProject(PlanEvent, TurnIntoProject):
    TOPIC = "plan.became_project"
    TITLE = Text("转为项目", "Became a project")

    def changes(self, was: "PlanState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": PlanStatus.BECAME, "project": self.project}


class DropPlan(Form):
    """It will not be followed up. (Added by mistake is a retraction instead.)"""

    noun: ClassVar[str] = "termination"
    verb: ClassVar[str] = "drop"
    title: ClassVar[Text] = Text("终止谋划", "Drop the plan")

    reason: Line = Field(title="终止原因|Reason")


class PlanDropped(PlanEvent, DropPlan):
    TOPIC = "plan.dropped"
    TITLE = Text("终止谋划", "Plan dropped")

    def changes(self, was: "PlanState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": PlanStatus.DROPPED, "drop_reason": self.reason}

    def sentence(self) -> Text:
        return Text(f"终止谋划：{self.reason}", f"Plan dropped: {self.reason}")


class PlanAnswered(Taken, PlanEvent):
    TOPIC = "plan.responsibility_taken"

    def changes(self, was: "PlanState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"responsibility": self.taken()}


@dataclass(frozen=True)
class PlanState(AnsweredFor):
    """A plan at the end of a day. No `status`: there is none."""

    status: PlanStatus | None = None
    stage: PlanStage | None = None
    proposed_on: date | None = None
    name: str = ""
    year: int = 0
    industry: Industry | None = None
    estimate: Money | None = None
    place: str | None = None
    source: str | None = None
    content: str | None = None
    project: UUID | None = None
    drop_reason: str | None = None
    responsibility: Responsibility | None = None

    def after(self, fact: PlanEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        return self.status is not None

    @property
    def open(self) -> bool:
        """Whether it is still thought about or worked on."""
        return self.status is PlanStatus.OPEN


class Plan(Correctable):
    """One idea of the reserve, until it is a project or dropped."""

    NAME: ClassVar[str] = "plan"
    FACT: ClassVar[type[Fact]] = PlanEvent
    START: ClassVar[PlanState] = PlanState()
    CREATES: ClassVar[type[Form] | None] = ProposePlan

    @property
    def name(self) -> str:
        """What it is called; once it is void, what it was added as."""
        return self.state.name or (self.events[0].name if self.events else "")

    def propose(self, form: ProposePlan) -> None:
        self.record(PlanProposed, form)

    def revise(self, form: RevisePlan) -> None:
        only = differing(form.details, self.state, ("name", "year", "industry"))
        self.record(PlanRevised, RevisePlan(details=only, occurred_on=form.occurred_on))

    def promote(self, form: PromotePlan) -> None:
        stage = self._open_on(form).stage
        following = stage.next if stage else None
        if following is None:
            raise Refused(
                "plan.last", "已在抓当年，下一步请转为项目。", "It is this year's work already; turn it into a project."
            )
        self.record(PlanPromoted, form, stage=following)

    def become(self, form: TurnIntoProject) -> None:
        self._record_open(PlanBecameProject, form)

    def drop(self, form: DropPlan) -> None:
        self._record_open(PlanDropped, form)

    def take_responsibility(self, form: TakeResponsibility) -> None:
        demand_each_once(form)
        self._record_open(PlanAnswered, form)

    def _record_open(self, event: type[Event], form: Form) -> None:
        self._open_on(form)
        self.record(event, form)

    def _open_on(self, form: Form) -> PlanState:
        """The state on the form's day; refused where nothing was left to plan then."""
        self._exists()
        self._not_before_first(day_of(form), "occurred_on")
        state: PlanState = self.at(day_of(form))
        if not state.open:
            raise Refused("plan.over", "谋划已经转为项目或终止。", "The plan has become a project or was dropped.")
        return state


def possible(plan: Plan) -> frozenset[type[Form]]:
    """The forms that the plan would take if they are filled in rightly and dated today: for menus."""
    state: PlanState = plan.state
    if not state.exists:
        return frozenset({Reinstate})
    asked: set[type[Form]] = {RevisePlan, CorrectDate, CorrectDetails, Retract, Reinstate}
    if state.open:
        asked |= {TurnIntoProject, DropPlan, TakeResponsibility}
        asked |= {PromotePlan} if state.stage and state.stage.next else set()
    return frozenset(asked)
