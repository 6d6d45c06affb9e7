"""What happens to a target: set, revised with a reason, dropped; somebody answers for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Form, Patch, Payload, Text
from domain.facts import Fact
from domain.responsibility import Taken
from domain.revising import revised
from domain.target.kinds import Metric, OwnerKind
from domain.values import Amount, Count, Industry, Line, Money, Percent, Year

if TYPE_CHECKING:
    from domain.target.target import TargetState


class TargetEvent(Fact):
    """A fact of a target. It says what it changes; `TargetState.after` alone takes that in."""

    def changes(self, was: "TargetState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}


def _share(zh: int, en: str) -> Any:
    return Field(None, title=f"{zh}月末（%）|End of {en} (%)")


class TargetDetails(Payload):
    """What may be revised: the goal, and the share of it due by the end of each month."""

    count: Count | None = Field(None, title="目标数|Goal", description="数量类指标填写|for what is counted")
    amount: Amount | None = Field(None, title="目标金额|Goal (amount)")
    document: Line | None = Field(None, title="下达依据|Document that sets it")
    jan: Percent | None = _share(1, "January")
    feb: Percent | None = _share(2, "February")
    mar: Percent | None = _share(3, "March")
    apr: Percent | None = _share(4, "April")
    may: Percent | None = _share(5, "May")
    jun: Percent | None = _share(6, "June")
    jul: Percent | None = _share(7, "July")
    aug: Percent | None = _share(8, "August")
    sep: Percent | None = _share(9, "September")
    oct: Percent | None = _share(10, "October")
    nov: Percent | None = _share(11, "November")


class SetTarget(Form, TargetDetails):
    """Set a target for a year: of the district, a channel, a leader or an industry."""

    noun: ClassVar[str] = "targets"
    verb: ClassVar[str] = "set"
    title: ClassVar[Text] = Text("下达目标", "Set a target")

    year: Year = Field(title="年度|Year")
    metric: Metric = Field(title="指标|Metric")
    owner_kind: OwnerKind = Field(title="目标归属|Whose target")
    channel: UUID | None = Field(None, title="渠道|Channel", json_schema_extra={"pick": "channel"})
    leader: UUID | None = Field(None, title="领导|Leader", json_schema_extra={"pick": "person"})
    industry: Industry | None = Field(None, title="行业门类|Industry")


class TargetSet(TargetEvent, SetTarget):
    TOPIC = "target.set"
    TITLE = Text("下达目标", "Target set")

    def changes(self, was: "TargetState") -> Mapping[str, Any]:  # noqa: ARG002
        known = {name: getattr(self, name) for name in SetTarget.model_fields if name != "occurred_on"}
        return {**known, "set_on": self.occurred_on, "dropped": None}

    def sentence(self) -> Text:
        goal = goal_text(self.metric, self.count, self.amount)
        return Text(
            f"下达目标：{self.year}年{self.metric.text.zh} {goal.zh}",
            f"Target set: {self.metric.text.en} {self.year}, {goal.en}",
        )


def goal_text(metric: Metric, count: int | None, amount: Money | None) -> Text:
    """The goal in words."""
    return amount.text if amount else Text(f"{count}{metric.unit.zh}", f"{count}")


class TargetDetailsChanged(Patch, TargetDetails):
    """The details that change, and nothing else."""


class ReviseTarget(Form):
    """Revise the goal or its pace, with a reason: what was due before stays to be seen."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("调整目标", "Revise the target")

    details: TargetDetailsChanged
    reason: Line = Field(title="调整原因|Reason")


class TargetRevised(TargetEvent, ReviseTarget):
    TOPIC = "target.revised"
    TITLE = Text("调整目标", "Target revised")

    def changes(self, was: "TargetState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        what = revised(self.details, "调整", "Revised ")
        return Text(f"{what.zh}：{self.reason}", f"{what.en}: {self.reason}")


class DropTarget(Form):
    """It is no target any more. (Set by mistake is a retraction instead.)"""

    noun: ClassVar[str] = "withdrawal"
    verb: ClassVar[str] = "drop"
    title: ClassVar[Text] = Text("取消目标", "Drop the target")

    reason: Line = Field(title="取消原因|Reason")


class TargetDropped(TargetEvent, DropTarget):
    TOPIC = "target.dropped"
    TITLE = Text("取消目标", "Target dropped")

    def changes(self, was: "TargetState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"dropped": self.reason}

    def sentence(self) -> Text:
        return Text(f"取消目标：{self.reason}", f"Target dropped: {self.reason}")


class TargetAnswered(Taken, TargetEvent):
    TOPIC = "target.responsibility_taken"

    def changes(self, was: "TargetState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"responsibility": self.taken()}
