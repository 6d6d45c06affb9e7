"""Channels (渠道): where leads come from, the specialists posted there, and what each occasion produced.

A liaison centre stands; a mission, trip or event is an occasion with dates, members and an outcome. Both are channels:
an occasion may belong to a standing one (`parent`).
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Aggregate, Day, Event, Form, Refused, Term, Text, day_of
from domain.values import Count, Country, Line, Note, Word


class ChannelKind(Term):
    """The kinds of channel; `occasion` says whether it has dates and an outcome."""

    LIAISON_CENTRE = "liaison_centre", "招商联络中心", "Liaison centre"
    OVERSEAS_MISSION = "overseas_mission", "境外招商团", "Overseas mission"
    OUTBOUND_TRIP = "outbound_trip", "外出招商", "Outbound trip"
    INBOUND_EVENT = "inbound_event", "请进来活动", "Inbound event"
    CAPITAL_PARTNER = "capital_partner", "资本招商", "Capital partner"
    CLUSTER = "cluster", "招引群", "Cluster"
    ENQUIRY = "enquiry", "自荐/引荐", "Enquiry or referral"

    @property
    def occasion(self) -> bool:
        """Whether channels of this kind are occasions: dated, with members and an outcome."""
        return self in (ChannelKind.OVERSEAS_MISSION, ChannelKind.OUTBOUND_TRIP, ChannelKind.INBOUND_EVENT)


class OpenChannel(Form):
    noun: ClassVar[str] = "channels"
    verb: ClassVar[str] = "open"
    title: ClassVar[Text] = Text("新建渠道", "Open a channel")

    kind: ChannelKind = Field(title="类别|Kind")
    name: Line = Field(title="名称|Name")
    country: Country = Field("CN", title="国家或地区|Country or region", json_schema_extra={"pick": "country"})
    city: Word | None = Field(None, title="城市|City")
    starts_on: Day | None = Field(None, title="开始日期|From")
    ends_on: Day | None = Field(None, title="结束日期|To")
    parent: UUID | None = Field(None, title="所属联络中心|Held by", json_schema_extra={"pick": "channel"})


class ChannelOpened(Event, OpenChannel):
    TOPIC = "channel.opened"
    TITLE = Text("新建渠道", "Channel opened")

    def sentence(self) -> Text:
        return Text(f"新建渠道：{self.name}", f"Channel opened: {self.name}")


class ReviseChannel(Form):
    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改渠道", "Edit channel")

    name: Line = Field(title="名称|Name")
    city: Word | None = Field(None, title="城市|City")
    starts_on: Day | None = Field(None, title="开始日期|From")
    ends_on: Day | None = Field(None, title="结束日期|To")


class ChannelRevised(Event, ReviseChannel):
    TOPIC = "channel.revised"
    TITLE = Text("修改渠道", "Channel revised")


class Post(Form):
    """Post a specialist to a liaison centre, or name a member of a mission."""

    noun: ClassVar[str] = "postings"
    verb: ClassVar[str] = "post"
    title: ClassVar[Text] = Text("派驻人员", "Post a specialist")

    person: UUID = Field(title="人员|Person", json_schema_extra={"pick": "person"})


class SpecialistPosted(Event, Post):
    TOPIC = "channel.specialist_posted"
    TITLE = Text("派驻人员", "Specialist posted")


class Withdraw(Form):
    noun: ClassVar[str] = "withdrawals"
    verb: ClassVar[str] = "withdraw"
    title: ClassVar[Text] = Text("撤回人员", "Withdraw a specialist")

    person: UUID = Field(title="人员|Person", json_schema_extra={"pick": "person"})


class SpecialistWithdrawn(Event, Withdraw):
    TOPIC = "channel.specialist_withdrawn"
    TITLE = Text("撤回人员", "Specialist withdrawn")


class ReportOutcome(Form):
    """What an occasion came to. Said again, it replaces what was said before."""

    noun: ClassVar[str] = "outcome"
    verb: ClassVar[str] = "report_outcome"
    title: ClassVar[Text] = Text("登记活动成果", "Report the outcome")

    conferences: Count = Field(0, title="推介会（场）|Conferences held")
    firms_met: Count = Field(0, title="对接企业（家）|Firms met")
    cooperations: Count = Field(0, title="促成合作（项）|Cooperations agreed")
    note: Note | None = Field(None, title="成果说明|Note")


class OutcomeReported(Event, ReportOutcome):
    TOPIC = "channel.outcome_reported"
    TITLE = Text("登记活动成果", "Outcome reported")

    def sentence(self) -> Text:
        return Text(
            f"活动成果：推介会 {self.conferences} 场，对接企业 {self.firms_met} 家，促成合作 {self.cooperations} 项",
            f"Outcome: {self.conferences} conferences, {self.firms_met} firms met, {self.cooperations} cooperations",
        )


class HandInReport(Form):
    noun: ClassVar[str] = "report"
    verb: ClassVar[str] = "hand_in_report"
    title: ClassVar[Text] = Text("提交总结报告", "Hand in the report")

    reference: Line = Field(title="报告名称或文号|Report")


class ReportHandedIn(Event, HandInReport):
    TOPIC = "channel.report_handed_in"
    TITLE = Text("提交总结报告", "Report handed in")


class CloseChannel(Form):
    noun: ClassVar[str] = "closure"
    verb: ClassVar[str] = "close"
    title: ClassVar[Text] = Text("停用渠道", "Close channel")

    reason: Line = Field(title="原因|Reason")


class ChannelClosed(Event, CloseChannel):
    TOPIC = "channel.closed"
    TITLE = Text("停用渠道", "Channel closed")


class ReopenChannel(Form):
    noun: ClassVar[str] = "reopening"
    verb: ClassVar[str] = "reopen"
    title: ClassVar[Text] = Text("恢复渠道", "Reopen channel")


class ChannelReopened(Event, ReopenChannel):
    TOPIC = "channel.reopened"
    TITLE = Text("恢复渠道", "Channel reopened")


class Channel(Aggregate):
    """One channel; `posted` are the persons there now."""

    NAME: ClassVar[str] = "channel"
    CREATES: ClassVar[type[Form] | None] = OpenChannel

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.kind = ChannelKind.ENQUIRY
        self.name = ""
        self.closed = False
        self.opened_on: date | None = None
        self.posted: set[UUID] = set()

    def apply(self, event: Event) -> None:
        match event:
            case ChannelOpened():
                self.kind, self.name, self.opened_on = event.kind, event.name, event.occurred_on
            case ChannelRevised():
                self.name = event.name
            case SpecialistPosted():
                self.posted.add(event.person)
            case SpecialistWithdrawn():
                self.posted.discard(event.person)
            case ChannelClosed():
                self.closed = True
            case ChannelReopened():
                self.closed = False

    def open(self, form: OpenChannel) -> None:
        if form.kind.occasion and form.starts_on is None:
            raise Refused("channel.dates", "活动请填写开始日期。", "An occasion needs its dates.", field="starts_on")
        self._dates(form.starts_on, form.ends_on)
        self._since_opened(ChannelOpened, form)

    def revise(self, form: ReviseChannel) -> None:
        self._dates(form.starts_on, form.ends_on)
        self._since_opened(ChannelRevised, form)

    def post(self, form: Post) -> None:
        self._is_open()
        if form.person in self.posted:
            raise Refused("posting.twice", "此人已派驻在这里。", "They are posted here already.", field="person")
        self._since_opened(SpecialistPosted, form)

    def withdraw(self, form: Withdraw) -> None:
        if form.person not in self.posted:
            raise Refused("posting.none", "此人没有派驻在这里。", "They are not posted here.", field="person")
        self._since_opened(SpecialistWithdrawn, form)

    def report_outcome(self, form: ReportOutcome) -> None:
        self._is_occasion()
        self._since_opened(OutcomeReported, form)

    def hand_in_report(self, form: HandInReport) -> None:
        self._is_occasion()
        self._since_opened(ReportHandedIn, form)

    def close(self, form: CloseChannel) -> None:
        self._is_open()
        self._since_opened(ChannelClosed, form)

    def reopen(self, form: ReopenChannel) -> None:
        if not self.closed:
            raise Refused("channel.open", "渠道没有停用。", "The channel is not closed.")
        self._since_opened(ChannelReopened, form)

    def _since_opened(self, event: type[Event], form: Form) -> None:
        if self.opened_on and day_of(form) < self.opened_on:
            raise Refused(
                "fact.before_registration",
                "日期不能早于渠道设立日期（{day:%Y-%m-%d}）。",
                "It cannot be dated before the channel was opened ({day:%Y-%m-%d}).",
                field="occurred_on",
                day=self.opened_on,
            )
        self.record(event, form)

    def _is_open(self) -> None:
        if self.closed:
            raise Refused("channel.closed", "渠道已停用，请先恢复。", "The channel is closed; reopen it first.")

    def _is_occasion(self) -> None:
        if not self.kind.occasion:
            raise Refused(
                "channel.no_occasion",
                "只有出访、活动才登记成果和报告。",
                "Only occasions have an outcome and a report.",
            )

    @staticmethod
    def _dates(starts_on: date | None, ends_on: date | None) -> None:
        if starts_on and ends_on and ends_on < starts_on:
            raise Refused("channel.dates", "结束日期早于开始日期。", "It ends before it starts.", field="ends_on")
