"""Registered, revised, renamed, recognised in a lead, answered for, gone and back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final
from uuid import UUID

from pydantic import Field

from domain.base import Form, Patch, Payload, Text
from domain.company.event import CompanyEvent
from domain.company.kinds import CompanyStatus, Ending, Seat, Sector
from domain.responsibility import Taken
from domain.revising import revised
from domain.values import ContactPerson, CreditCode, Line, Note

if TYPE_CHECKING:
    from domain.company.state import CompanyState

CONTACTS_AT_MOST: Final = 20


class CompanyDetails(Payload):
    """What may be revised later; the name is changed by a fact of its own."""

    credit_code: CreditCode | None = Field(None, title="统一社会信用代码|Unified social credit code")
    sector: Sector = Field(title="所属行业|Industry")
    seat: Seat = Field(Seat.LOCAL, title="企业属地|Where it sits")
    address: Line | None = Field(None, title="地址|Address")
    parent: UUID | None = Field(None, title="上级企业|Parent firm", json_schema_extra={"pick": "company"})
    summary: Note | None = Field(None, title="企业概况|Summary")
    contacts: Annotated[tuple[ContactPerson, ...], Field(max_length=CONTACTS_AT_MOST)] = Field(
        (), title="联系人|Contact persons"
    )


class RegisterCompany(Form, CompanyDetails):
    """Register a firm: out of a lead that landed, for a project that has none yet, or because it is here."""

    noun: ClassVar[str] = "companies"
    verb: ClassVar[str] = "register"
    title: ClassVar[Text] = Text("登记企业", "Register a firm")

    name: Line = Field(title="企业名称|Firm")
    former_name: Line | None = Field(None, title="曾用名|Former name")
    lead: UUID | None = Field(None, title="来自线索|From the lead", json_schema_extra={"pick": "landed"})
    project: UUID | None = Field(None, title="建设项目|Its project", json_schema_extra={"pick": "project"})


class CompanyRegistered(CompanyEvent, RegisterCompany):
    TOPIC = "company.registered"
    TITLE = Text("登记企业", "Firm registered")

    def changes(self, was: "CompanyState") -> Mapping[str, Any]:  # noqa: ARG002
        return {
            **{name: getattr(self, name) for name in ("name", *CompanyDetails.model_fields)},
            "status": CompanyStatus.ACTIVE,
            "registered_on": self.occurred_on,
            "former_names": (self.former_name,) if self.former_name else (),
            "leads": (self.lead,) if self.lead else (),
        }

    def sentence(self) -> Text:
        return Text(f"登记企业：{self.name}", f"Firm registered: {self.name}")


class CompanyDetailsChanged(Patch, CompanyDetails):
    """The details that change, and nothing else."""


class ReviseCompany(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改企业信息", "Edit the firm")

    details: CompanyDetailsChanged


class CompanyRevised(CompanyEvent, ReviseCompany):
    TOPIC = "company.revised"
    TITLE = Text("修改企业信息", "Firm revised")

    def changes(self, was: "CompanyState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)


class RenameCompany(Form):
    """It goes by another name from that day on; the former one still finds it."""

    noun: ClassVar[str] = "names"
    verb: ClassVar[str] = "rename"
    title: ClassVar[Text] = Text("登记更名", "Rename")

    name: Line = Field(title="新名称|New name")


class CompanyRenamed(CompanyEvent, RenameCompany):
    TOPIC = "company.renamed"
    TITLE = Text("企业更名", "Firm renamed")

    def changes(self, was: "CompanyState") -> Mapping[str, Any]:
        former = [name for name in (*was.former_names, was.name) if name not in ("", self.name)]
        return {"name": self.name, "former_names": tuple(dict.fromkeys(former))}

    def sentence(self) -> Text:
        return Text(f"更名为{self.name}", f"Renamed {self.name}")


class LinkLead(Form):
    """Say that a lead is that of this firm, whatever name it was registered by."""

    noun: ClassVar[str] = "leads"
    verb: ClassVar[str] = "link_lead"
    title: ClassVar[Text] = Text("关联线索", "Link a lead")

    lead: UUID = Field(title="线索|Lead", json_schema_extra={"pick": "landed"})


class CompanyLeadLinked(CompanyEvent, LinkLead):
    TOPIC = "company.lead_linked"
    TITLE = Text("关联线索", "Lead linked")

    def changes(self, was: "CompanyState") -> Mapping[str, Any]:
        return {"leads": (*was.leads, self.lead)}


class EndCompany(Form):
    """It is no firm of the district any longer."""

    noun: ClassVar[str] = "ending"
    verb: ClassVar[str] = "end"
    title: ClassVar[Text] = Text("登记迁出或注销", "Moved away or closed")

    how: Ending = Field(title="情况|How")
    reason: Line = Field(title="原因或去向|Reason, or where to")


class CompanyEnded(CompanyEvent, EndCompany):
    TOPIC = "company.ended"
    TITLE = Text("迁出或注销", "Moved away or closed")

    def changes(self, was: "CompanyState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": CompanyStatus(self.how.value)}

    def sentence(self) -> Text:
        return Text(f"{self.how.text.zh}：{self.reason}", f"{self.how.text.en}: {self.reason}")


class ReopenCompany(Form):
    """It is in business here again."""

    noun: ClassVar[str] = "reopening"
    verb: ClassVar[str] = "reopen"
    title: ClassVar[Text] = Text("恢复在营", "In business again")

    reason: Line | None = Field(None, title="说明|Reason")


class CompanyReopened(CompanyEvent, ReopenCompany):
    TOPIC = "company.reopened"
    TITLE = Text("恢复在营", "In business again")

    def changes(self, was: "CompanyState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": CompanyStatus.ACTIVE}


class CompanyAnsweredFor(Taken, CompanyEvent):
    TOPIC = "company.responsibility_taken"

    def changes(self, was: "CompanyState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"responsibility": self.taken()}
