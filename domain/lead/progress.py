"""The way through the funnel: contacted, visited, negotiating, signed, landed, moved back."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator

from domain.base import Day, Form, Payload, Refused, Term, Text
from domain.funnel import Effect, Stage
from domain.lead.event import LeadEvent
from domain.values import Amount, Count, CreditCode, Line, Note, Word


class NextAction(Payload):
    """What is to be done next, and by when. Both or neither."""

    next_action: Note | None = Field(None, title="下一步|Next action")
    next_due: Day | None = Field(None, title="截止日期|Due")

    @model_validator(mode="after")
    def _both(self, info: ValidationInfo) -> Self:
        if not (info.context and info.context.get("replay")) and (self.next_action is None) != (self.next_due is None):
            missing = "next_due" if self.next_due is None else "next_action"
            raise Refused(
                "next_action.half",
                "下一步和截止日期要一起填写。",
                "A next action and its due date go together.",
                field=missing,
            )
        return self

    def changes(self) -> Mapping[str, Any]:
        """The lead's next action, when one is given."""
        if self.next_action is None:
            return {}
        return {"next_action": self.next_action, "next_due": self.next_due}


class ContactKind(Term):
    PHONE = "phone", "电话", "Phone call"
    VISIT = "visit", "上门拜访", "Visit to them"
    MEETING = "meeting", "会谈", "Meeting"
    VIDEO = "video", "视频会议", "Video call"
    WECHAT = "wechat", "微信", "WeChat"
    EMAIL = "email", "邮件往来", "E-mail exchange"


class ContactOutcome(Term):
    INTERESTED = "interested", "有意向", "Interested"
    CONSIDERING = "considering", "考虑中", "Considering"
    WAITING = "waiting", "等对方答复", "Waiting for their answer"
    NOT_NOW = "not_now", "暂无意向", "Not now"


class Contact(Form, NextAction):
    """A dated two-way contact."""

    noun: ClassVar[str] = "contacts"
    verb: ClassVar[str] = "contact"
    title: ClassVar[Text] = Text("记录接洽", "Log contact")

    kind: ContactKind = Field(title="方式|How")
    outcome: ContactOutcome | None = Field(None, title="结果|Outcome")
    note: Note | None = Field(None, title="内容|Note")


class Contacted(LeadEvent, Contact):
    TOPIC = "lead.contacted"
    TITLE = Text("接洽", "Contacted")
    RAISES = Stage.CONTACTED

    def changes(self) -> Mapping[str, Any]:
        return {**NextAction.changes(self), "contacted_on": self.occurred_on}

    def sentence(self) -> Text:
        outcome = self.outcome.text if self.outcome else Text("", "")
        return Text(
            f"{self.kind.text.zh}接洽" + (f"，{outcome.zh}" if self.outcome else ""),
            self.kind.text.en + (f": {outcome.en.lower()}" if self.outcome else ""),
        )


class VisitSite(Form, NextAction):
    """The investor looks at the place. An activity, not a stage."""

    noun: ClassVar[str] = "visits"
    verb: ClassVar[str] = "visit_site"
    title: ClassVar[Text] = Text("记录考察", "Log site visit")

    place: Line = Field(title="考察地点|Place")
    visitors: Count | None = Field(None, title="来访人数|Visitors")
    note: Note | None = Field(None, title="内容|Note")


class SiteVisited(LeadEvent, VisitSite):
    TOPIC = "lead.site_visited"
    TITLE = Text("实地考察", "Site visited")
    RAISES = Stage.CONTACTED

    def changes(self) -> Mapping[str, Any]:
        return {**NextAction.changes(self), "contacted_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(f"考察{self.place}", f"Site visited: {self.place}")


class EnterNegotiation(Form, NextAction):
    """Talks turn to concrete content."""

    noun: ClassVar[str] = "negotiation"
    verb: ClassVar[str] = "enter_negotiation"
    title: ClassVar[Text] = Text("进入在谈", "Enter negotiation")

    subject: Line = Field(title="洽谈内容|Talks about")
    note: Note | None = Field(None, title="备注|Note")


class NegotiationEntered(LeadEvent, EnterNegotiation):
    TOPIC = "lead.negotiation_entered"
    TITLE = Text("进入在谈", "Negotiation entered")
    RAISES = Stage.NEGOTIATING

    def changes(self) -> Mapping[str, Any]:
        return NextAction.changes(self)

    def sentence(self) -> Text:
        return Text(f"进入在谈：{self.subject}", f"Negotiating: {self.subject}")


class SignIntent(Form, NextAction):
    """A framework document, dated."""

    noun: ClassVar[str] = "intent"
    verb: ClassVar[str] = "sign_intent"
    title: ClassVar[Text] = Text("意向签约", "Sign intent")

    document: Line = Field(title="协议名称或文号|Document or its number")
    note: Note | None = Field(None, title="备注|Note")


class IntentSigned(LeadEvent, SignIntent):
    TOPIC = "lead.intent_signed"
    TITLE = Text("意向签约", "Intent signed")
    RAISES = Stage.INTENT_SIGNED

    def changes(self) -> Mapping[str, Any]:
        return NextAction.changes(self)

    def sentence(self) -> Text:
        return Text(f"意向签约：{self.document}", f"Intent signed: {self.document}")


class SignContract(Form, NextAction):
    """The investment agreement, dated, with the contracted amount."""

    noun: ClassVar[str] = "contract"
    verb: ClassVar[str] = "sign_contract"
    title: ClassVar[Text] = Text("正式签约", "Sign contract")

    amount: Amount = Field(title="签约金额|Contracted amount")
    document: Line = Field(title="协议名称或文号|Document or its number")
    note: Note | None = Field(None, title="备注|Note")


class ContractSigned(LeadEvent, SignContract):
    TOPIC = "lead.contract_signed"
    TITLE = Text("正式签约", "Contract signed")
    RAISES = Stage.CONTRACT_SIGNED

    def changes(self) -> Mapping[str, Any]:
        return {**NextAction.changes(self), "amount": self.amount}

    def sentence(self) -> Text:
        return Text(f"正式签约 {self.amount.text.zh}", f"Contract signed: {self.amount.text.en}")


class LandingKind(Term):
    REGISTERED = "registered", "在本区注册公司", "Company registered in the district"
    LAND = "land", "取得土地", "Land taken"


class Land(Form, NextAction):
    """The company is registered in the district, or land is taken."""

    noun: ClassVar[str] = "landing"
    verb: ClassVar[str] = "land"
    title: ClassVar[Text] = Text("确认落地", "Confirm landing")

    how: LandingKind = Field(title="落地方式|How")
    where: Line = Field(title="落地地点|Where")
    entity: Line = Field(title="落地主体|Registered entity")
    entity_code: CreditCode | None = Field(None, title="落地主体信用代码|Its credit code")
    note: Note | None = Field(None, title="备注|Note")


class Landed(LeadEvent, Land):
    TOPIC = "lead.landed"
    TITLE = Text("落地", "Landed")
    RAISES = Stage.LANDED

    def changes(self) -> Mapping[str, Any]:
        return {**NextAction.changes(self), "entity": self.entity, "where": self.where}

    def sentence(self) -> Text:
        return Text(f"落地：{self.entity}（{self.where}）", f"Landed: {self.entity}, {self.where}")


class MoveBack(Form):
    """The lead fell back. (A stage that was never reached is a retraction of its fact instead.)"""

    noun: ClassVar[str] = "setback"
    verb: ClassVar[str] = "move_back"
    title: ClassVar[Text] = Text("退回前一阶段", "Move back")

    to: Stage = Field(title="退回到|Back to")
    reason: Word = Field(title="原因|Reason")
    note: Note | None = Field(None, title="备注|Note")


class MovedBack(LeadEvent, MoveBack):
    TOPIC = "lead.moved_back"
    TITLE = Text("退回", "Moved back")

    def effect(self) -> Effect:
        return Effect(lowers=self.to)

    def sentence(self) -> Text:
        return Text(f"退回到{self.to.text.zh}：{self.reason}", f"Moved back to {self.to.text.en}: {self.reason}")
