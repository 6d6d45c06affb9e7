"""Raised, put right later, and what is at risk."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Form, Patch, Payload, Text
from domain.problem.event import ProblemEvent
from domain.problem.kinds import ProblemSource, ProblemStatus, Urgency
from domain.revising import revised
from domain.values import Amount, Count, Line, Note, Prose

if TYPE_CHECKING:
    from domain.problem.state import ProblemState


class ProblemDetails(Payload):
    """What may be revised later."""

    name: Line = Field(title="问题|Problem", description="一句话说清卡在哪里|what it is stuck at, in one line")
    source: ProblemSource = Field(title="问题来源|Raised by")
    urgency: Urgency = Field(Urgency.NORMAL, title="紧急程度|Urgency")
    raiser: Line | None = Field(
        None,
        title="反映单位|Who raised it",
        description="写单位或职务，不写个人姓名|a unit or an office, no person's name",
    )
    project: UUID | None = Field(None, title="所属项目|Project", json_schema_extra={"pick": "project"})
    company: UUID | None = Field(None, title="所属企业|Firm", json_schema_extra={"pick": "company"})
    lead: UUID | None = Field(None, title="相关线索|Lead", json_schema_extra={"pick": "lead"})
    service: UUID | None = Field(None, title="服务记录|Service log", json_schema_extra={"pick": "service"})
    content: Prose | None = Field(None, title="具体情况|What it is about")


class ProblemRisk(Payload):
    """What is lost if it stays unsolved."""

    investment: Amount | None = Field(None, title="影响投资|Investment at risk")
    jobs: Count | None = Field(None, title="影响就业（人）|Jobs at risk")


class RaiseProblem(Form, ProblemDetails, ProblemRisk):
    """Put a problem down, as a firm, a project, a leader or a visit brought it up."""

    noun: ClassVar[str] = "problems"
    verb: ClassVar[str] = "open"
    title: ClassVar[Text] = Text("登记问题", "Raise a problem")

    note: Note | None = Field(
        None, title="联系人及备注|Contact and note", description="加密保存，可写联系人和电话|kept encrypted; a contact may be named here"
    )  # fmt: skip


class ProblemRaised(ProblemEvent, RaiseProblem):
    TOPIC = "problem.raised"
    TITLE = Text("登记问题", "Problem raised")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002
        return {
            **{name: getattr(self, name) for name in ProblemDetails.model_fields},
            **_at_risk(self),
            "status": ProblemStatus.RAISED,
            "raised_on": self.occurred_on,
            "since_on": self.occurred_on,
        }

    def sentence(self) -> Text:
        source = self.source.text
        return Text(f"{source.zh}：{self.name}", f"{source.en}: {self.name}")


class ProblemDetailsChanged(Patch, ProblemDetails):
    """The details that change, and nothing else."""


class ReviseProblem(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改问题信息", "Edit the problem")

    details: ProblemDetailsChanged


class ProblemRevised(ProblemEvent, ReviseProblem):
    TOPIC = "problem.revised"
    TITLE = Text("修改问题信息", "Problem revised")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)


class AssessProblemRisk(Form, ProblemRisk):
    """Say what investment and how many jobs hang on it."""

    noun: ClassVar[str] = "risk"
    verb: ClassVar[str] = "assess_risk"
    title: ClassVar[Text] = Text("评估影响", "Say what is at risk")


class ProblemRiskAssessed(ProblemEvent, AssessProblemRisk):
    TOPIC = "problem.risk_assessed"
    TITLE = Text("评估影响", "Risk assessed")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002
        return _at_risk(self)

    def sentence(self) -> Text:
        zh = [f"投资 {self.investment.text.zh}"] if self.investment else []
        en = [f"{self.investment.text.en} invested"] if self.investment else []
        zh += [f"就业 {self.jobs} 人"] if self.jobs else []
        en += [f"{self.jobs} jobs"] if self.jobs else []
        return Text("影响" + "、".join(zh) if zh else "评估为无影响", "At risk: " + (", ".join(en) or "nothing"))


def _at_risk(risk: ProblemRisk) -> Mapping[str, Any]:
    return {"investment": risk.investment.fen if risk.investment else 0, "jobs": risk.jobs or 0}
