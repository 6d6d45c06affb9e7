"""Milestones: planned, re-planned with a reason, reached with evidence; and all of them planned back from production."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from domain.base import Day, Form, Payload, Text
from domain.project.event import ProjectEvent
from domain.project.kinds import Milestone
from domain.values import Line, Span

if TYPE_CHECKING:
    from domain.project.state import ProjectState


class PlanMilestone(Form):
    """Plan a milestone for a day. Moving one that was planned needs a reason."""

    noun: ClassVar[str] = "milestone-plans"
    verb: ClassVar[str] = "plan_milestone"
    title: ClassVar[Text] = Text("安排节点", "Plan a milestone")

    milestone: Milestone = Field(title="节点|Milestone")
    planned_on: Day = Field(title="计划日期|Planned for")
    reason: Line | None = Field(
        None,
        title="调整原因|Reason for moving it",
        description="原来有计划的必填|needed where a day was planned before",
    )


class MilestonePlanned(ProjectEvent, PlanMilestone):
    TOPIC = "project.milestone_planned"
    TITLE = Text("安排节点", "Milestone planned")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:
        return {"marks": was.marked(self.milestone, was.mark(self.milestone).planned_for(self.planned_on))}

    def sentence(self) -> Text:
        name, day = self.milestone.text, f"{self.planned_on:%Y-%m-%d}"
        if self.reason:
            return Text(f"{name.zh}计划调整为 {day}：{self.reason}", f"{name.en} moved to {day}: {self.reason}")
        return Text(f"计划 {day} {name.zh}", f"{name.en} planned for {day}")


class ReachMilestone(Form):
    """A milestone is reached, on the day of the fact."""

    noun: ClassVar[str] = "milestones"
    verb: ClassVar[str] = "reach_milestone"
    title: ClassVar[Text] = Text("完成节点", "Milestone reached")

    milestone: Milestone = Field(title="节点|Milestone")
    evidence: Line = Field(title="依据|Evidence", description="如成交确认书、施工许可证、竣工验收备案表的文号"
                           "|the number of the deed, permit or certificate")  # fmt: skip


class MilestoneReached(ProjectEvent, ReachMilestone):
    TOPIC = "project.milestone_reached"
    TITLE = Text("完成节点", "Milestone reached")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:
        return {"marks": was.marked(self.milestone, was.mark(self.milestone).reached_on(self.occurred_on))}

    def sentence(self) -> Text:
        name = self.milestone.text
        return Text(f"{name.zh}（{self.evidence}）", f"{name.en} ({self.evidence})")


class Durations(Payload):
    """How long each step usually takes, in days; a milestone whose days are left empty is not planned."""

    land_days: Span | None = Field(60, title="摘牌至手续办结（天）|From land to procedures (days)")
    procedures_days: Span | None = Field(15, title="手续办结至开工（天）|From procedures to start (days)")
    start_days: Span | None = Field(150, title="开工至封顶（天）|From start to topping out (days)")
    topping_out_days: Span | None = Field(120, title="封顶至竣工（天）|From topping out to completion (days)")
    completion_days: Span | None = Field(60, title="竣工至投产（天）|From completion to production (days)")
    full_capacity_days: Span | None = Field(180, title="投产至达产（天）|From production to full capacity (days)")


class BackPlan(Form, Durations):
    """Plan back from the day of production (倒排工期): every milestone not reached yet gets its day, in one go."""

    noun: ClassVar[str] = "back-planning"
    verb: ClassVar[str] = "back_plan"
    title: ClassVar[Text] = Text("倒排工期", "Plan back from production")

    production_on: Day = Field(title="投产日期|Production on")
    reason: Line | None = Field(
        None,
        title="调整原因|Reason for moving it",
        description="原来有计划的必填|needed where a day was planned before",
    )

    def days(self) -> Mapping[Milestone, date]:
        """The day of each milestone, in the order of their days."""
        found, day = {Milestone.PRODUCTION: self.production_on}, self.production_on
        for milestone in _BACKWARDS:
            span = getattr(self, f"{milestone}_days")
            if span is not None:
                found[milestone] = day = day - timedelta(days=span)
        if self.full_capacity_days is not None:
            found[Milestone.FULL_CAPACITY] = self.production_on + timedelta(days=self.full_capacity_days)
        return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0].order)))


_BACKWARDS = (Milestone.COMPLETION, Milestone.TOPPING_OUT, Milestone.START, Milestone.PROCEDURES, Milestone.LAND)
