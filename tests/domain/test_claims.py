"""First claim (首报首谈): a later claim, what is ruled on it, and who is protected until when."""

import pytest

from domain.base import Refused
from domain.lead import Claim, ClaimOutcome, EnterNegotiation, Lead, Retract, RuleClaim
from domain.lead.claims import Protection, protection, talks_since
from domain.lead.possible import possible
from domain.rules import FirstClaim
from domain.values import Money
from tests.domain.conftest import CENTRE, MISSION, contact, contract, day, lead_after


def negotiation(when: str) -> EnterNegotiation:
    return EnterNegotiation(subject="供地条件", occurred_on=day(when))


def refused(lead: Lead, form: RuleClaim) -> str:
    with pytest.raises(Refused) as raised:
        lead.rule_claim(form)
    return raised.value.key


def test_a_claim_is_ruled_on_once_and_the_credit_goes_where_the_ruling_says(registered):
    def ruling(outcome: str, on: str = "1-12") -> RuleClaim:
        return RuleClaim(channel=MISSION, outcome=ClaimOutcome(outcome), reason="按接洽记录", occurred_on=day(on))

    assert refused(registered, ruling("moved")) == "ruling.none"
    registered.claim(Claim(channel=MISSION, reason="推介会上首次接触", occurred_on=day("1-9")))
    assert RuleClaim in possible(registered)
    assert refused(registered, ruling("moved", "1-8")) == "ruling.early"
    registered.rule_claim(ruling("moved"))
    assert registered.attribute("channel") == MISSION
    assert registered.at(day("1-11")).attributes["channel"] == CENTRE
    assert refused(registered, ruling("kept")) == "ruling.none"
    assert RuleClaim not in possible(registered)


def test_a_ruling_that_is_retracted_leaves_the_credit_where_it_was(registered):
    registered.claim(Claim(channel=MISSION, reason="推介会上首次接触", occurred_on=day("1-9")))
    registered.rule_claim(
        RuleClaim(channel=MISSION, outcome=ClaimOutcome.MOVED, reason="按接洽记录", occurred_on=day("1-12"))
    )
    registered.retract(Retract(fact=3, reason="未经会议", occurred_on=day("2-1")))
    assert registered.attribute("channel") == CENTRE
    assert [claim.channel for claim in registered.unruled] == [MISSION]


def test_who_reports_and_negotiates_a_large_project_first_is_protected_for_the_term():
    rules = FirstClaim(threshold=Money(minor=5_000_0000_00), term_days=90)
    small = lead_after(negotiation("1-10"))
    assert talks_since(small.standings()) == day("1-10")
    assert protection(small.standings(), rules) is None
    large = lead_after(negotiation("1-10"), contract("2-1", "6000万"))
    assert protection(large.standings(), rules) == Protection(CENTRE, day("2-1"), day("5-1"))
    assert talks_since(lead_after(contact("1-8")).standings()) is None
