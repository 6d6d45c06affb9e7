"""What comes of a meeting, each on its own day: a loan arranged between bank and firm, a contract between two firms."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Form, Text
from domain.matchmaking.event import MatchmakingEvent
from domain.matchmaking.kinds import OutcomeKind
from domain.values import Amount, Count, Line

if TYPE_CHECKING:
    from domain.matchmaking.state import MatchmakingState


class OutcomeEvent(MatchmakingEvent):
    """A fact that counts among the outcomes: of which kind, for which firm, with whom, how much."""

    KIND: ClassVar[OutcomeKind]

    if TYPE_CHECKING:  # the fields are those of the forms, with their titles
        firm: Line
        company: UUID | None
        amount: Amount

    @property
    def partner(self) -> str:
        """The other side: the bank, or whoever buys."""
        raise NotImplementedError(type(self))

    def changes(self, was: "MatchmakingState") -> Mapping[str, Any]:
        return {"outcomes": (*was.outcomes, self)}


class ArrangeLoan(Form):
    noun: ClassVar[str] = "loans"
    verb: ClassVar[str] = "arrange_loan"
    title: ClassVar[Text] = Text("登记贷款", "Record a loan")

    firm: Line = Field(title="贷款企业|Firm")
    company: UUID | None = Field(None, title="企业|Firm known here", json_schema_extra={"pick": "company"})
    bank: Line = Field(title="银行或机构|Bank")
    amount: Amount = Field(title="贷款金额|Amount")
    product: Line | None = Field(None, title="贷款产品|Product")
    months: Count | None = Field(None, title="期限（月）|Term (months)")


class LoanArranged(OutcomeEvent, ArrangeLoan):
    TOPIC = "matchmaking.loan_arranged"
    TITLE = Text("促成贷款", "Loan arranged")
    KIND = OutcomeKind.LOAN

    @property
    def partner(self) -> str:
        return self.bank

    def sentence(self) -> Text:
        return Text(
            f"{self.bank}向{self.firm}贷款 {self.amount.text.zh}",
            f"{self.amount.text.en} lent to {self.firm} by {self.bank}",
        )


class SignDeal(Form):
    noun: ClassVar[str] = "contracts"
    verb: ClassVar[str] = "sign_deal"
    title: ClassVar[Text] = Text("登记合同", "Record a contract")

    firm: Line = Field(title="供方企业|Supplier")
    company: UUID | None = Field(None, title="企业|Firm known here", json_schema_extra={"pick": "company"})
    buyer: Line = Field(title="需方企业|Buyer")
    amount: Amount = Field(title="合同金额|Amount")
    subject: Line | None = Field(None, title="产品或服务|What is supplied")
    document: Line | None = Field(None, title="合同名称或编号|Contract or its number")


class DealSigned(OutcomeEvent, SignDeal):
    TOPIC = "matchmaking.deal_signed"
    TITLE = Text("促成合同", "Contract made")
    KIND = OutcomeKind.DEAL

    @property
    def partner(self) -> str:
        return self.buyer

    def sentence(self) -> Text:
        return Text(
            f"{self.firm}与{self.buyer}签约 {self.amount.text.zh}",
            f"{self.firm} supplies {self.buyer} for {self.amount.text.en}",
        )
