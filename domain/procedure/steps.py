"""What a procedure goes through: accepted (papers may be missing), supplemented, granted, refused, withdrawn; and who handles it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Day, Form, Text
from domain.procedure.event import ProcedureEvent
from domain.procedure.kinds import Handling, ProcedureStatus, papers_of
from domain.values import Line, Note, Word

if TYPE_CHECKING:
    from domain.procedure.state import ProcedureState


class AcceptProcedure(Form):
    """The department takes it. With papers missing it does so against the promise to bring them by a day (容缺受理)."""

    noun: ClassVar[str] = "acceptance"
    verb: ClassVar[str] = "accept"
    title: ClassVar[Text] = Text("受理", "Accepted")

    number: Word | None = Field(None, title="受理编号|Number")
    missing: Line | None = Field(
        None, title="容缺材料|Papers missing",
        description="材料齐全不填；多份用顿号分开|left empty where all are there; several are divided by commas",
    )  # fmt: skip
    promised_on: Day | None = Field(
        None,
        title="承诺补齐日期|Promised by",
        description="容缺受理必填；材料齐全不计|needed where papers are missing, else of no account",
    )


class ProcedureAccepted(ProcedureEvent, AcceptProcedure):
    TOPIC = "procedure.accepted"
    TITLE = Text("受理", "Accepted")

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:
        papers = papers_of(self.missing)
        return {
            "status": ProcedureStatus.ACCEPTED,
            "accepted_on": self.occurred_on,
            "number": self.number or was.number,
            "papers": papers,
            "missing": papers,
            "promised_on": self.promised_on,
        }

    def sentence(self) -> Text:
        if not self.missing:
            return self.TITLE
        by = f"{self.promised_on:%Y-%m-%d}" if self.promised_on else "—"
        return Text(
            f"容缺受理：缺{self.missing}，承诺 {by} 前补齐",
            f"Accepted with papers missing: {self.missing}; promised by {by}",
        )


class SupplementProcedure(Form):
    """Papers that were missing are brought."""

    noun: ClassVar[str] = "supplements"
    verb: ClassVar[str] = "supplement"
    title: ClassVar[Text] = Text("补齐材料", "Papers brought")

    papers: Line | None = Field(
        None, title="补交的材料|Papers brought",
        description="全部补齐不填；多份用顿号分开|left empty where all of them are; several are divided by commas",
    )  # fmt: skip
    note: Note | None = Field(None, title="备注|Note")


class ProcedureSupplemented(ProcedureEvent, SupplementProcedure):
    TOPIC = "procedure.supplemented"
    TITLE = Text("补齐材料", "Papers brought")

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:
        brought = papers_of(self.papers) or was.missing
        return {
            "missing": tuple(one for one in was.missing if one not in brought),
            "supplemented_on": self.occurred_on,
        }

    def sentence(self) -> Text:
        if not self.papers:
            return Text("材料全部补齐", "All papers brought")
        return Text(f"补交材料：{self.papers}", f"Papers brought: {self.papers}")


class GrantProcedure(Form):
    """It is done: the permit is issued, the filing made. Where it is done on the spot no acceptance comes before."""

    noun: ClassVar[str] = "grant"
    verb: ClassVar[str] = "grant"
    title: ClassVar[Text] = Text("办结", "Granted")

    document: Line = Field(title="证照或批文编号|Permit or its number")


class ProcedureGranted(ProcedureEvent, GrantProcedure):
    TOPIC = "procedure.granted"
    TITLE = Text("办结", "Granted")

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": ProcedureStatus.GRANTED, "closed_on": self.occurred_on, "document": self.document}

    def sentence(self) -> Text:
        return Text(f"办结：{self.document}", f"Granted: {self.document}")


class RefuseProcedure(Form):
    noun: ClassVar[str] = "refusal"
    verb: ClassVar[str] = "refuse"
    title: ClassVar[Text] = Text("不予许可", "Refused")

    reason: Line = Field(title="不予许可的理由|Reason")


class ProcedureRefused(ProcedureEvent, RefuseProcedure):
    TOPIC = "procedure.refused"
    TITLE = Text("不予许可", "Refused")

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": ProcedureStatus.REFUSED, "closed_on": self.occurred_on, "reason": self.reason}

    def sentence(self) -> Text:
        return Text(f"不予许可：{self.reason}", f"Refused: {self.reason}")


class WithdrawProcedure(Form):
    """The applicant takes it back. (Entered by mistake is a retraction of its application instead.)"""

    noun: ClassVar[str] = "withdrawal"
    verb: ClassVar[str] = "withdraw"
    title: ClassVar[Text] = Text("撤回申请", "Withdrawn")

    reason: Line = Field(title="撤回原因|Reason")


class ProcedureWithdrawn(ProcedureEvent, WithdrawProcedure):
    TOPIC = "procedure.withdrawn"
    TITLE = Text("撤回申请", "Withdrawn")

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": ProcedureStatus.WITHDRAWN, "closed_on": self.occurred_on, "reason": self.reason}

    def sentence(self) -> Text:
        return Text(f"撤回申请：{self.reason}", f"Withdrawn: {self.reason}")


class HandleProcedure(Form):
    """Say which officer handles it for the firm from that day on. It takes the place of whoever did before."""

    noun: ClassVar[str] = "handling"
    verb: ClassVar[str] = "handle"
    title: ClassVar[Text] = Text("落实代办帮办", "Set who handles it")

    way: Handling = Field(title="方式|Way")
    handler: UUID = Field(title="代办人员|Handled by", json_schema_extra={"pick": "person"})


class ProcedureHandled(ProcedureEvent, HandleProcedure):
    TOPIC = "procedure.handled"
    TITLE = Text("落实代办帮办", "Handling set")

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"way": self.way, "handler": self.handler}

    def sentence(self) -> Text:
        return Text(f"落实{self.way.text.zh}", self.way.text.en)
