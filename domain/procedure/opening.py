"""Applied for, and revised."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Form, Patch, Payload, Text
from domain.procedure.event import ProcedureEvent
from domain.procedure.kinds import ProcedureKind, ProcedureStatus
from domain.revising import revised
from domain.values import Line, Word

if TYPE_CHECKING:
    from domain.procedure.state import ProcedureState


class ProcedureDetails(Payload):
    """What may be revised later."""

    kind: ProcedureKind = Field(title="手续类别|Kind")
    item: Line | None = Field(
        None, title="事项名称|What exactly", description="如 1 号厂房施工许可；不填为类别名称|left empty it is called as its kind"
    )  # fmt: skip
    department: Word = Field(title="主管部门|Department")
    project: UUID | None = Field(None, title="项目|Project", json_schema_extra={"pick": "project"})
    company: UUID | None = Field(None, title="企业|Firm", json_schema_extra={"pick": "company"})
    applicant: Line | None = Field(
        None, title="申请单位|Applicant", description="名单里没有的企业写在这里|a firm that is in no list here"
    )


class OpenProcedure(Form, ProcedureDetails):
    """The application is handed in, on the day of the fact: for a project, for a firm, or both."""

    noun: ClassVar[str] = "procedures"
    verb: ClassVar[str] = "open"
    title: ClassVar[Text] = Text("登记手续申请", "Record an application")

    number: Word | None = Field(None, title="申请编号|Number")


class ProcedureApplied(ProcedureEvent, OpenProcedure):
    TOPIC = "procedure.applied"
    TITLE = Text("申请", "Applied for")

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:  # noqa: ARG002
        known = {name: getattr(self, name) for name in (*ProcedureDetails.model_fields, "number")}
        return {**known, "status": ProcedureStatus.APPLIED, "applied_on": self.occurred_on}

    def sentence(self) -> Text:
        name = self.item or self.kind.text.zh
        return Text(
            f"向{self.department}申请：{name}",
            f"Applied to {self.department}: {self.item or self.kind.text.en}",
        )


class ProcedureDetailsChanged(Patch, ProcedureDetails):
    """The details that change, and nothing else."""


class ReviseProcedure(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改手续信息", "Edit the procedure")

    details: ProcedureDetailsChanged


class ProcedureRevised(ProcedureEvent, ReviseProcedure):
    TOPIC = "procedure.revised"
    TITLE = Text("修改手续信息", "Procedure revised")

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)
