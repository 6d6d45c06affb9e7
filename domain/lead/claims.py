"""First claim (首报首谈): another channel claims the lead, somebody rules on it; who is protected, and until when."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from pydantic import Field

from domain.base import Form, Term, Text
from domain.funnel import Fact, Stage, Standing
from domain.lead.event import LeadEvent
from domain.rules import FirstClaim
from domain.values import Line, Money


class Claim(Form):
    """A later channel says that it, too, brought this project. Credit stays where it is until it is ruled otherwise."""

    noun: ClassVar[str] = "claims"
    verb: ClassVar[str] = "claim"
    title: ClassVar[Text] = Text("申报引荐", "Claim")

    channel: UUID = Field(title="申报渠道|Claiming channel", json_schema_extra={"pick": "channel"})
    reason: Line = Field(title="依据|Grounds")


class LeadClaimed(LeadEvent, Claim):
    TOPIC = "lead.claimed"
    TITLE = Text("另一渠道申报引荐", "Claimed by another channel")


class ClaimOutcome(Term):
    KEPT = "kept", "维持原引荐渠道", "The credit stays"
    MOVED = "moved", "改归申报渠道", "The credit goes to who claimed"


class RuleClaim(Form):
    """What is ruled on a claim. Where the credit moves, the lead is the claiming channel's from that day on."""

    noun: ClassVar[str] = "rulings"
    verb: ClassVar[str] = "rule_claim"
    title: ClassVar[Text] = Text("裁定首报首谈", "Rule on a claim")

    channel: UUID = Field(title="申报渠道|Claiming channel", json_schema_extra={"pick": "channel"})
    outcome: ClaimOutcome = Field(title="裁定|Ruling")
    reason: Line = Field(title="依据|Grounds")


class ClaimRuled(LeadEvent, RuleClaim):
    TOPIC = "lead.claim_ruled"
    TITLE = Text("裁定首报首谈", "Ruled on a claim")

    def changes(self) -> Mapping[str, Any]:
        """An occasion is of the channel that held it, so it does not go along."""
        return {"channel": self.channel, "occasion": None} if self.outcome is ClaimOutcome.MOVED else {}

    def sentence(self) -> Text:
        said = self.outcome.text
        return Text(f"裁定首报首谈：{said.zh}（{self.reason}）", f"Ruled on a claim: {said.en} ({self.reason})")


class Protection(NamedTuple):
    """The channel that holds the first claim, protected from one day to another, both within."""

    channel: UUID
    since: date
    until: date


def talks_since(standings: Iterable[tuple[Fact, Standing]]) -> date | None:
    """The day on which the lead first came to talks: whoever reported it has then reported and negotiated."""
    return next((fact.occurred_on for fact, then in standings if _in_talks(then)), None)


def protection(standings: Iterable[tuple[Fact, Standing]], rules: FirstClaim) -> Protection | None:
    """Who is protected, as the credit stands; from the first day of talks on a project that is large enough."""
    told = list(standings)
    since = next(
        (fact.occurred_on for fact, then in told if _in_talks(then) and _worth(then) >= rules.threshold.fen), None
    )
    if since is None:
        return None
    return Protection(told[-1][1].attributes["channel"], since, since + timedelta(days=rules.term_days - 1))


def _in_talks(then: Standing) -> bool:
    return then.reached is not None and then.reached.order >= Stage.NEGOTIATING.order


def _worth(then: Standing) -> int:
    amount: Money | None = then.attributes.get("amount")
    return amount.fen if amount else 0
