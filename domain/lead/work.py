"""The work on a lead that moves no stage: owner, judgement, next action, notes, documents."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Day, Form, Term, Text
from domain.lead.event import LeadEvent
from domain.lead.progress import NextAction
from domain.values import Count, Line, Note


class Assign(Form):
    """Give the lead an owner, or hand it over to another. Credit, stage and follow-ups stay as they are."""

    noun: ClassVar[str] = "assignment"
    verb: ClassVar[str] = "assign"
    title: ClassVar[Text] = Text("指派 / 移交", "Assign / hand over")

    owner: UUID = Field(title="负责人|Owner", json_schema_extra={"pick": "person"})
    reason: Line | None = Field(None, title="原因|Reason")


class LeadAssigned(LeadEvent, Assign):
    TOPIC = "lead.assigned"
    TITLE = Text("指派负责人", "Owner assigned")

    previous: UUID | None = None

    def changes(self) -> Mapping[str, Any]:
        return {"owner": self.owner}

    def sentence(self) -> Text:
        return Text("移交给新的负责人", "Handed over") if self.previous else self.TITLE


class Verdict(Term):
    PURSUE = "pursue", "跟进", "Pursue"
    DECLINE = "decline", "不跟进", "Do not pursue"


class Judge(Form):
    """Is the lead worth pursuing?"""

    noun: ClassVar[str] = "judgement"
    verb: ClassVar[str] = "judge"
    title: ClassVar[Text] = Text("研判", "Judge")

    verdict: Verdict = Field(title="结论|Verdict")
    reason: Line = Field(title="理由|Reason")


class LeadJudged(LeadEvent, Judge):
    TOPIC = "lead.judged"
    TITLE = Text("研判", "Judged")

    def changes(self) -> Mapping[str, Any]:
        return {"verdict": self.verdict, "judged_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(
            f"研判：{self.verdict.text.zh}（{self.reason}）", f"Judged: {self.verdict.text.en.lower()} ({self.reason})"
        )


class SetNextAction(Form):
    noun: ClassVar[str] = "next-action"
    verb: ClassVar[str] = "set_next_action"
    title: ClassVar[Text] = Text("安排下一步", "Set next action")

    next_action: Note = Field(title="下一步|Next action")
    next_due: Day = Field(title="截止日期|Due")


class NextActionSet(LeadEvent, SetNextAction):
    TOPIC = "lead.next_action_set"
    TITLE = Text("安排下一步", "Next action set")

    def changes(self) -> Mapping[str, Any]:
        return {"next_action": self.next_action, "next_due": self.next_due}


class CompleteNextAction(Form, NextAction):
    """The next action is done; say what comes after it, where something does."""

    noun: ClassVar[str] = "next-action-done"
    verb: ClassVar[str] = "complete_next_action"
    title: ClassVar[Text] = Text("办结", "Done")

    result: Note | None = Field(None, title="办理结果|Result")


class NextActionDone(LeadEvent, CompleteNextAction):
    TOPIC = "lead.next_action_done"
    TITLE = Text("办结下一步", "Next action done")

    def changes(self) -> Mapping[str, Any]:
        return {"next_action": self.next_action, "next_due": self.next_due}


class AddNote(Form):
    noun: ClassVar[str] = "notes"
    verb: ClassVar[str] = "add_note"
    title: ClassVar[Text] = Text("添加备注", "Add note")

    note: Note = Field(title="备注|Note")


class NoteAdded(LeadEvent, AddNote):
    TOPIC = "lead.note_added"
    TITLE = Text("备注", "Note")


class AttachDocument(Form):
    """A file's name and fingerprint; its content is kept apart, sealed, and can be fetched by the fingerprint."""

    noun: ClassVar[str] = "documents"
    verb: ClassVar[str] = "attach_document"
    title: ClassVar[Text] = Text("上传附件", "Attach document")

    name: Note = Field(title="文件名|File name")
    sha256: Line
    size: Count
    media_type: Line


class DocumentAttached(LeadEvent, AttachDocument):
    TOPIC = "lead.document_attached"
    TITLE = Text("上传附件", "Document attached")
