"""Beside the stages: put on hold, resumed, lost, reopened, merged, unmerged."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Day, Form, Term, Text
from domain.facts import Correction
from domain.funnel import Status
from domain.lead.event import LeadEvent
from domain.values import Line, Note


class Hold(Form):
    """The lead rests, by somebody's decision."""

    noun: ClassVar[str] = "hold"
    verb: ClassVar[str] = "hold"
    title: ClassVar[Text] = Text("暂缓", "Put on hold")

    reason: Line = Field(title="原因|Reason")
    until: Day | None = Field(None, title="预计恢复日期|Until")


class PutOnHold(LeadEvent, Hold):
    TOPIC = "lead.put_on_hold"
    TITLE = Text("暂缓", "Put on hold")
    STATUS = Status.ON_HOLD

    def changes(self) -> Mapping[str, Any]:
        return {"hold_reason": self.reason, "hold_until": self.until}

    def sentence(self) -> Text:
        return Text(f"暂缓：{self.reason}", f"Put on hold: {self.reason}")


class Resume(Form):
    noun: ClassVar[str] = "resumption"
    verb: ClassVar[str] = "resume"
    title: ClassVar[Text] = Text("恢复推进", "Resume")

    note: Note | None = Field(None, title="备注|Note")


class Resumed(LeadEvent, Resume):
    TOPIC = "lead.resumed"
    TITLE = Text("恢复推进", "Resumed")
    STATUS = Status.OPEN


class LossReason(Term):
    ELSEWHERE = "elsewhere", "落户外地", "Went elsewhere"
    CONDITIONS = "conditions", "政策条件未谈拢", "No agreement on terms"
    LAND = "land", "用地或载体不符", "No fitting land or space"
    FUNDING = "funding", "投资方资金问题", "Investor's funding"
    MARKET = "market", "市场变化，取消投资", "Investment called off"
    NO_ANSWER = "no_answer", "长期联系不上", "No answer"
    UNSUITABLE = "unsuitable", "不符合产业或环保要求", "Does not fit the district"
    OTHER = "other", "其他", "Other"


class Lose(Form):
    noun: ClassVar[str] = "loss"
    verb: ClassVar[str] = "lose"
    title: ClassVar[Text] = Text("标记流失", "Mark lost")

    reason: LossReason = Field(title="流失原因|Reason")
    note: Note | None = Field(None, title="说明|Explanation")


class Lost(LeadEvent, Lose):
    TOPIC = "lead.lost"
    TITLE = Text("流失", "Lost")
    STATUS = Status.LOST

    def changes(self) -> Mapping[str, Any]:
        return {"loss_reason": self.reason, "next_action": None, "next_due": None}

    def sentence(self) -> Text:
        return Text(f"流失：{self.reason.text.zh}", f"Lost: {self.reason.text.en.lower()}")


class Reopen(Form):
    noun: ClassVar[str] = "reopening"
    verb: ClassVar[str] = "reopen"
    title: ClassVar[Text] = Text("重新激活", "Reopen")

    reason: Line = Field(title="原因|Reason")


class Reopened(LeadEvent, Reopen):
    TOPIC = "lead.reopened"
    TITLE = Text("重新激活", "Reopened")
    STATUS = Status.OPEN

    def changes(self) -> Mapping[str, Any]:
        return {"loss_reason": None}

    def sentence(self) -> Text:
        return Text(f"重新激活：{self.reason}", f"Reopened: {self.reason}")


class Merge(Form):
    """The lead is the same project as another one, which goes on with both histories."""

    noun: ClassVar[str] = "merger"
    verb: ClassVar[str] = "merge"
    title: ClassVar[Text] = Text("合并到另一条线索", "Merge into another lead")

    into: UUID = Field(title="保留的线索|Lead that goes on", json_schema_extra={"pick": "lead"})
    reason: Line = Field(title="原因|Reason")


class LeadMerged(LeadEvent, Merge):
    TOPIC = "lead.merged"
    TITLE = Text("合并到另一条线索", "Merged into another lead")

    def correction(self) -> Correction:
        return Correction(of=1, merged=True)


class LeadAbsorbed(LeadEvent):
    """Written to the lead that goes on, in the same append as the other's `LeadMerged`."""

    TOPIC = "lead.absorbed"
    TITLE = Text("并入另一条线索", "Another lead merged in")

    absorbed: UUID
    company: Line = Field(title="企业名称|Company")


class Unmerge(Form):
    noun: ClassVar[str] = "unmerger"
    verb: ClassVar[str] = "unmerge"
    title: ClassVar[Text] = Text("撤销合并", "Undo the merger")

    reason: Line = Field(title="原因|Reason")


class LeadUnmerged(LeadEvent, Unmerge):
    TOPIC = "lead.unmerged"
    TITLE = Text("撤销合并", "Merger undone")

    into: UUID

    def correction(self) -> Correction:
        return Correction(of=1, merged=False)


class LeadReleased(LeadEvent):
    """Written to the lead that had absorbed another, when their merger is undone."""

    TOPIC = "lead.released"
    TITLE = Text("撤销并入的线索", "Merged lead given back")

    absorbed: UUID
