"""Funding as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Mapping
from typing import Any

from crm.application import CRM
from domain.funding import Funding, FundingState
from domain.funding.opening import FundingDetails
from domain.values import Money
from web.fields import Picks
from web.pages.answering import in_force
from web.pages.record_picks import hangs_on


def offers_for(crm: CRM, funding: Funding) -> Picks:
    """People at work and projects; those of the funding itself stay in the lists."""
    return hangs_on(crm, funding.state.project, funding.state.company, funding)


def values(_crm: CRM, funding: Funding) -> Mapping[str, Any]:
    """What is in force, by the names its forms use; an approval opens with what was asked for."""
    state: FundingState = funding.state
    asked = Money(minor=state.requested) if not state.approved and state.requested else None
    return in_force(funding, FundingDetails) | ({"amount": asked} if asked else {})
