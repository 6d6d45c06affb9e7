"""What is known of an investor's project: registered, revised, its investment revised."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Form, Patch, Payload, Text, field_text
from domain.funnel import STAGES, Status
from domain.lead.event import LeadEvent
from domain.values import Amount, Area, ContactPerson, Count, Country, CreditCode, Industry, Line, Note, Word

CONTACTS_AT_MOST = 20


class LeadDetails(Payload):
    """The facts about a project that may be revised later; its investment is, by a fact of its own."""

    company: Line = Field(title="企业名称|Company")
    credit_code: CreditCode | None = Field(None, title="统一社会信用代码|Unified social credit code")
    country: Country = Field("CN", title="国家或地区|Country or region", json_schema_extra={"pick": "country"})
    region: Word | None = Field(None, title="省市|Province or city")
    industry: Industry = Field(title="行业门类|Industry")
    project: Line | None = Field(None, title="项目名称|Project")
    land_mu: Area | None = Field(None, title="用地需求（亩）|Land needed (mu)")
    space_m2: Area | None = Field(None, title="厂房或楼宇需求（㎡）|Space needed (㎡)")
    jobs: Count | None = Field(None, title="预计用工（人）|Jobs expected")
    referrer: Line | None = Field(None, title="引荐单位|Referred by")
    summary: Note | None = Field(None, title="项目概况|Summary")
    contacts: Annotated[tuple[ContactPerson, ...], Field(max_length=CONTACTS_AT_MOST)] = Field(
        (), title="联系人|Contact persons"
    )


class Register(Form, LeadDetails):
    """Bring a lead in. The channel keeps the credit for it, whoever owns it later."""

    noun: ClassVar[str] = "leads"
    verb: ClassVar[str] = "register"
    title: ClassVar[Text] = Text("登记线索", "Register lead")

    investment: Amount | None = Field(None, title="计划投资额|Planned investment")
    channel: UUID = Field(title="渠道|Channel", json_schema_extra={"pick": "channel"})
    occasion: UUID | None = Field(None, title="活动|Occasion", json_schema_extra={"pick": "occasion"})
    brought_by: UUID | None = Field(None, title="引进人|Brought by", json_schema_extra={"pick": "person"})
    owner: UUID | None = Field(None, title="负责人|Owner", json_schema_extra={"pick": "person"})


class LeadRegistered(LeadEvent, Register):
    TOPIC = "lead.registered"
    TITLE = Text("登记线索", "Lead registered")
    RAISES = STAGES[0]
    STATUS = Status.OPEN

    def changes(self) -> Mapping[str, Any]:
        return {name: getattr(self, name) for name in self.payload_fields()} | {"amount": self.investment}

    def sentence(self) -> Text:
        return Text(f"登记线索：{self.company}", f"Registered: {self.company}")


class DetailsChanged(Patch, LeadDetails):
    """The details that change, and nothing else."""


class Revise(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改信息", "Edit details")

    details: DetailsChanged


class DetailsRevised(LeadEvent, Revise):
    TOPIC = "lead.details_revised"
    TITLE = Text("修改信息", "Details revised")

    def changes(self) -> Mapping[str, Any]:
        return self.details.given()

    def sentence(self) -> Text:
        titles = [field_text(DetailsChanged, name) for name in self.details.given()]
        return Text(
            "修改了" + "、".join(title.zh for title in titles),
            "Revised: " + ", ".join(title.en.lower() for title in titles),
        )


class ReviseInvestment(Form):
    """The investor changes the amount: planned before the contract, contracted after it."""

    noun: ClassVar[str] = "investment"
    verb: ClassVar[str] = "revise_investment"
    title: ClassVar[Text] = Text("调整投资额", "Revise investment")

    amount: Amount = Field(title="调整后的投资额|New amount")
    reason: Note | None = Field(None, title="原因|Reason")


class InvestmentRevised(LeadEvent, ReviseInvestment):
    TOPIC = "lead.investment_revised"
    TITLE = Text("调整投资额", "Investment revised")

    def changes(self) -> Mapping[str, Any]:
        return {"amount": self.amount}

    def sentence(self) -> Text:
        return Text(f"投资额调整为{self.amount.text.zh}", f"Investment revised to {self.amount.text.en}")
