"""The aggregate: which facts may happen to a matchmaking meeting."""

from typing import ClassVar

from domain.base import Form, Refused
from domain.correctable import Correctable
from domain.facts import Fact
from domain.matchmaking import meeting, outcomes
from domain.matchmaking.event import MatchmakingEvent
from domain.matchmaking.state import MatchmakingState
from domain.responsibility import TakeResponsibility
from domain.revising import differing
from domain.values import normalised_name


class Matchmaking(Correctable):
    """One meeting, and all that has come of it since."""

    NAME: ClassVar[str] = "matchmaking"
    FACT: ClassVar[type[Fact]] = MatchmakingEvent
    START: ClassVar[MatchmakingState] = MatchmakingState()
    CREATES: ClassVar[type[Form] | None] = meeting.HoldMatchmaking

    @property
    def name(self) -> str:
        """What it is called; once it is void, what it was recorded as."""
        name: str = self.state.name or (self.events[0].name if self.events else "")
        return name

    def open(self, form: meeting.HoldMatchmaking) -> None:
        self.record(meeting.MatchmakingHeld, form)

    def revise(self, form: meeting.ReviseMatchmaking) -> None:
        only = differing(form.details, self.state, ("name", "kind"))
        self.record(meeting.MatchmakingRevised, meeting.ReviseMatchmaking(details=only, occurred_on=form.occurred_on))

    def meet(self, form: meeting.MeetFirms) -> None:
        names = [normalised_name(one.name) for one in form.firms]
        if len(set(names)) < len(names):
            raise Refused("firms.twice", "同一企业填了两次。", "A firm is named twice.", field="firms")
        known = next((one.name for one in form.firms if normalised_name(one.name) in self.state.firms), None)
        if known is not None:
            raise Refused("firms.known", "{firm}已登记参会。", "{firm} is recorded already.", field="firms", firm=known)
        self.record(meeting.FirmsMet, form)

    def arrange_loan(self, form: outcomes.ArrangeLoan) -> None:
        self.record(outcomes.LoanArranged, form)

    def sign_deal(self, form: outcomes.SignDeal) -> None:
        if normalised_name(form.firm) == normalised_name(form.buyer):
            raise Refused("deal.same", "供需双方是同一企业。", "Supplier and buyer are the same.", field="buyer")
        self.record(outcomes.DealSigned, form)

    def take_responsibility(self, form: TakeResponsibility) -> None:
        self.record(meeting.MatchmakingResponsibilityTaken, form)
