"""Applied for, and revised."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Form, Patch, Payload, Text
from domain.funding.event import FundingEvent
from domain.funding.kinds import FundingKind, FundingStatus
from domain.revising import revised
from domain.values import Amount, Line, Word

if TYPE_CHECKING:
    from domain.funding.state import FundingState


class FundingDetails(Payload):
    """What may be revised later. Amounts change by corrections only."""

    name: Line = Field(
        title="申报名称|What it is for", description="如某某产业园基础设施专项债|like: bond for the park's roads"
    )
    kind: FundingKind = Field(title="资金类别|Kind")
    department: Word | None = Field(None, title="上级部门|From which department")
    project: UUID | None = Field(None, title="项目|Project", json_schema_extra={"pick": "project"})
    company: UUID | None = Field(None, title="企业|Firm", json_schema_extra={"pick": "company"})
    applicant: Line | None = Field(
        None, title="申报单位|Applicant", description="名单里没有的单位写在这里|whoever is in no list here"
    )


class OpenFunding(Form, FundingDetails):
    """Funding is applied for, on the day of the fact: for a project, for a firm, or both."""

    noun: ClassVar[str] = "funding"
    verb: ClassVar[str] = "open"
    title: ClassVar[Text] = Text("登记资金申报", "Record an application for funding")

    requested: Amount = Field(title="申报金额|Requested")
    document: Line | None = Field(None, title="申报文号|Document")


class FundingApplied(FundingEvent, OpenFunding):
    TOPIC = "funding.applied"
    TITLE = Text("申报", "Applied for")

    def changes(self, was: "FundingState") -> Mapping[str, Any]:  # noqa: ARG002
        known = {name: getattr(self, name) for name in FundingDetails.model_fields}
        return {
            **known,
            "status": FundingStatus.APPLIED,
            "applied_on": self.occurred_on,
            "requested": self.requested.fen,
            "application": self.document,
        }

    def sentence(self) -> Text:
        kind, amount = self.kind.text, self.requested.text
        return Text(f"申报{kind.zh} {amount.zh}：{self.name}", f"{kind.en}, {amount.en} applied for: {self.name}")


class FundingDetailsChanged(Patch, FundingDetails):
    """The details that change, and nothing else."""


class ReviseFunding(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改申报信息", "Edit the application")

    details: FundingDetailsChanged


class FundingRevised(FundingEvent, ReviseFunding):
    TOPIC = "funding.revised"
    TITLE = Text("修改申报信息", "Application revised")

    def changes(self, was: "FundingState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)
