"""Meetings (会议): the half-monthly dispatch and others like it, each pinned to what was known when it was held.

A meeting keeps a day, a position of the ledger and the digest of the figures that lay on the table. The figures
themselves are computed again from the events up to that position; the digest tells whether they are still the same.
"""

import re
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Aggregate, Day, Event, Form, Payload, Refused, Text, day_of
from domain.values import Line, Note, checked


def _sha256(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise Refused("digest.form", "不是 SHA-256 摘要。", "This is no SHA-256 digest.")
    return text


class PinMeeting(Form):
    """Keep a meeting's figures: those of the end of `as_at`, as known now, compared with the meeting before."""

    noun: ClassVar[str] = "meetings"
    verb: ClassVar[str] = "pin"
    title: ClassVar[Text] = Text("固定为会议", "Pin a meeting")

    name: Line = Field(title="会议名称|Name of the meeting")
    as_at: Day = Field(title="数据截至|Figures as at")
    note: Note | None = Field(None, title="备注|Note")


class Pinned(Payload):
    """What the figures of a meeting rest on; nobody types it in.

    `known_at`: the last position of the ledger they take in. `edition`: by which rules they are put together. `figures`:
    the SHA-256 of their canonical JSON. `previous`: the meeting they are compared with.
    """

    known_at: int = Field(title="依据至第几号记录|Rests on records up to no.")
    edition: int = Field(1, title="编制规则版本|Edition of the rules")
    figures: Annotated[str, checked(_sha256)] = Field(title="数据摘要|Digest of the figures")
    previous: UUID | None = Field(None, title="上次会议|The meeting before")


class MeetingPinned(Event, PinMeeting, Pinned):
    TOPIC = "meeting.pinned"
    TITLE = Text("固定会议数据", "Meeting pinned")

    def sentence(self) -> Text:
        return Text(
            f"固定会议数据：{self.name}，截至 {self.as_at}，依据至第 {self.known_at} 号记录",
            f"Meeting pinned: {self.name}, as at {self.as_at}, resting on records up to no. {self.known_at}",
        )


class RenameMeeting(Form):
    """Give the meeting another name; its paper goes on saying under which it was held."""

    noun: ClassVar[str] = "name"
    verb: ClassVar[str] = "rename"
    title: ClassVar[Text] = Text("修改会议名称", "Rename the meeting")

    name: Line = Field(title="会议名称|Name of the meeting")


class MeetingRenamed(Event, RenameMeeting):
    TOPIC = "meeting.renamed"
    TITLE = Text("修改会议名称", "Meeting renamed")

    def sentence(self) -> Text:
        return Text(f"会议名称改为：{self.name}", f"Meeting renamed: {self.name}")


class WithdrawMeeting(Form):
    """Say that the meeting was pinned by mistake. It stays in the list, struck through, and is compared with no more."""

    noun: ClassVar[str] = "withdrawal"
    verb: ClassVar[str] = "withdraw"
    title: ClassVar[Text] = Text("撤销会议", "Withdraw the meeting")

    reason: Line = Field(title="撤销原因|Reason")


class MeetingWithdrawn(Event, WithdrawMeeting):
    TOPIC = "meeting.withdrawn"
    TITLE = Text("撤销会议", "Meeting withdrawn")

    def sentence(self) -> Text:
        return Text(f"撤销会议：{self.reason}", f"Meeting withdrawn: {self.reason}")


class Meeting(Aggregate):
    """One meeting; `pinned` is what it was made with."""

    NAME: ClassVar[str] = "meeting"
    CREATES: ClassVar[type[Form] | None] = PinMeeting

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.name = ""
        self.pinned: MeetingPinned | None = None
        self.withdrawn = False

    def apply(self, event: Event) -> None:
        match event:
            case MeetingPinned():
                self.pinned, self.name = event, event.name
            case MeetingRenamed():
                self.name = event.name
            case MeetingWithdrawn():
                self.withdrawn = True

    def pin(self, form: PinMeeting, rests: Pinned) -> None:
        if form.as_at > day_of(form):
            raise Refused(
                "meeting.later",
                "数据截至日期不能晚于会议当天。",
                "The figures cannot be of a day after the meeting.",
                field="as_at",
            )
        self.record(MeetingPinned, form, **rests.model_dump())

    def rename(self, form: RenameMeeting) -> None:
        self._stands()
        if form.name == self.name:
            raise Refused("meeting.name", "名称没有改动。", "The name is the same.", field="name")
        self.record(MeetingRenamed, form)

    def withdraw(self, form: WithdrawMeeting) -> None:
        self._stands()
        self.record(MeetingWithdrawn, form)

    def _stands(self) -> None:
        if self.withdrawn:
            raise Refused("meeting.withdrawn", "会议已撤销。", "The meeting was withdrawn.")
