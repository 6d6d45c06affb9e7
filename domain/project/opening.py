"""Opened, revised, its capital increased, signed again."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Day, Form, Patch, Payload, Text
from domain.project.event import ProjectEvent
from domain.project.kinds import Milestone, ProjectKind, ProjectStatus, StartKind
from domain.revising import revised
from domain.values import Amount, Industry, Line, Prose, Year

if TYPE_CHECKING:
    from domain.project.state import ProjectState


class ProjectDetails(Payload):
    """What may be revised later. The contracted investment changes by increases and corrections only."""

    name: Line = Field(title="项目名称|Project")
    kind: ProjectKind = Field(title="项目类别|Kind")
    investor: Line | None = Field(None, title="投资方或建设单位|Investor or builder")
    company: UUID | None = Field(None, title="企业|Firm", json_schema_extra={"pick": "company"})
    industry: Industry = Field(title="行业门类|Industry")
    place: Line | None = Field(None, title="建设地点|Place")
    planned_year: Year = Field(title="计划年度|Year planned")
    start: StartKind = Field(title="新建/续建|New or continued")
    content: Prose | None = Field(None, title="建设内容|What is built")


class OpenProject(Form, ProjectDetails):
    """Open a project: out of a landed lead, or directly (public and funded works)."""

    noun: ClassVar[str] = "projects"
    verb: ClassVar[str] = "open"
    title: ClassVar[Text] = Text("新建项目", "Open a project")

    investment: Amount = Field(title="总投资（签约）|Contracted investment")
    document: Line | None = Field(None, title="合同名称或文号|Contract or its number")
    production_on: Day | None = Field(None, title="计划投产日期|Production planned for")
    lead: UUID | None = Field(None, title="来自线索|From the lead", json_schema_extra={"pick": "landed"})
    channel: UUID | None = Field(None, title="引进渠道|Channel", json_schema_extra={"pick": "channel"})


class ProjectOpened(ProjectEvent, OpenProject):
    TOPIC = "project.opened"
    TITLE = Text("新建项目", "Project opened")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:
        known = {name: getattr(self, name) for name in (*ProjectDetails.model_fields, "document", "lead", "channel")}
        planned = was.mark(Milestone.PRODUCTION).planned_for(self.production_on) if self.production_on else None
        return {
            **known,
            "status": ProjectStatus.ACTIVE,
            "opened_on": self.occurred_on,
            "contracted": self.investment,
            "investment": self.investment.fen,
            "marks": was.marked(Milestone.PRODUCTION, planned) if planned else was.marks,
        }

    def sentence(self) -> Text:
        amount = self.investment.text
        return Text(
            f"新建项目：{self.name}，总投资 {amount.zh}", f"Project opened: {self.name}, {amount.en} contracted"
        )


class ProjectDetailsChanged(Patch, ProjectDetails):
    """The details that change, and nothing else."""


class ReviseProject(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改项目信息", "Edit the project")

    details: ProjectDetailsChanged


class ProjectRevised(ProjectEvent, ReviseProject):
    TOPIC = "project.revised"
    TITLE = Text("修改项目信息", "Project revised")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)


class IncreaseCapital(Form):
    """The investor adds to it. The increment counts in the year of its own day."""

    noun: ClassVar[str] = "increases"
    verb: ClassVar[str] = "increase_capital"
    title: ClassVar[Text] = Text("追加投资", "Increase the investment")

    increment: Amount = Field(title="追加金额|Increment")
    document: Line | None = Field(None, title="依据（协议或文号）|Document or its number")


class CapitalIncreased(ProjectEvent, IncreaseCapital):
    TOPIC = "project.capital_increased"
    TITLE = Text("追加投资", "Investment increased")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:
        fen = self.increment.fen
        return {"investment": was.investment + fen, "increased": (*was.increased, (self.occurred_on, fen))}

    def sentence(self) -> Text:
        return Text(f"追加投资 {self.increment.text.zh}", f"Investment increased by {self.increment.text.en}")


class Resign(Form):
    """The same project is signed anew: the contract has another reference, and nothing is counted a second time."""

    noun: ClassVar[str] = "resigning"
    verb: ClassVar[str] = "resign"
    title: ClassVar[Text] = Text("重新签约", "Sign anew")

    document: Line = Field(title="新合同名称或文号|New contract or its number")
    reason: Line = Field(title="原因|Reason")


class ProjectResigned(ProjectEvent, Resign):
    TOPIC = "project.resigned"
    TITLE = Text("重新签约", "Signed anew")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"document": self.document}

    def sentence(self) -> Text:
        return Text(f"重新签约（不重复计数）：{self.document}", f"Signed anew, not counted again: {self.document}")
