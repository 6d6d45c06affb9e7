"""What becomes of an application: approved with an amount, paid out in parts, or rejected; and who answers for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from domain.base import Form, Text
from domain.funding.event import FundingEvent
from domain.funding.kinds import FundingStatus
from domain.responsibility import Taken
from domain.values import Amount, Line

if TYPE_CHECKING:
    from domain.funding.state import FundingState


class ApproveFunding(Form):
    """Approved from above, with the amount. More approved later is another application."""

    noun: ClassVar[str] = "approval"
    verb: ClassVar[str] = "approve"
    title: ClassVar[Text] = Text("登记批复", "Approved")

    amount: Amount = Field(title="批复金额|Approved amount")
    document: Line = Field(title="批复或下达文号|Number of the approval")


class FundingApproved(FundingEvent, ApproveFunding):
    TOPIC = "funding.approved"
    TITLE = Text("批复", "Approved")

    def changes(self, was: "FundingState") -> Mapping[str, Any]:  # noqa: ARG002
        return {
            "status": FundingStatus.APPROVED,
            "approved_on": self.occurred_on,
            "approved": self.amount.fen,
            "document": self.document,
        }

    def sentence(self) -> Text:
        return Text(
            f"批复 {self.amount.text.zh}（{self.document}）", f"{self.amount.text.en} approved ({self.document})"
        )


class DisburseFunding(Form):
    """A part of it arrives: with the project, or with the firm. Never more than was approved."""

    noun: ClassVar[str] = "disbursements"
    verb: ClassVar[str] = "disburse"
    title: ClassVar[Text] = Text("登记拨付", "Record a payment")

    amount: Amount = Field(title="拨付金额|Paid out")
    document: Line | None = Field(None, title="拨付凭证或文号|Voucher or document")
    note: Line | None = Field(None, title="用途|What for")


class FundingDisbursed(FundingEvent, DisburseFunding):
    TOPIC = "funding.disbursed"
    TITLE = Text("拨付", "Paid out")

    def changes(self, was: "FundingState") -> Mapping[str, Any]:
        return {"disbursed": was.disbursed + self.amount.fen, "disbursed_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(f"拨付 {self.amount.text.zh}", f"{self.amount.text.en} paid out")


class RejectFunding(Form):
    """It will not be approved. (Entered by mistake is a retraction of its application instead.)"""

    noun: ClassVar[str] = "rejection"
    verb: ClassVar[str] = "reject"
    title: ClassVar[Text] = Text("登记未获批", "Rejected")

    reason: Line = Field(title="原因|Reason")


class FundingRejected(FundingEvent, RejectFunding):
    TOPIC = "funding.rejected"
    TITLE = Text("未获批", "Rejected")

    def changes(self, was: "FundingState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": FundingStatus.REJECTED, "rejected_on": self.occurred_on, "reason": self.reason}

    def sentence(self) -> Text:
        return Text(f"未获批：{self.reason}", f"Rejected: {self.reason}")


class FundingAnswered(Taken, FundingEvent):
    TOPIC = "funding.responsibility_taken"

    def changes(self, was: "FundingState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"responsibility": self.taken()}
