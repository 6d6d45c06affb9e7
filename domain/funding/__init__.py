"""Funding from above (向上争取): its words (`kinds`), its forms and events (`opening`, `money`), then itself (`funding`)."""

from domain.funding.event import FundingEvent
from domain.funding.funding import Funding
from domain.funding.kinds import FundingKind, FundingStatus
from domain.funding.money import ApproveFunding, DisburseFunding, RejectFunding
from domain.funding.opening import OpenFunding, ReviseFunding
from domain.funding.state import FundingState

__all__ = [
    "ApproveFunding", "DisburseFunding", "Funding", "FundingEvent", "FundingKind", "FundingState", "FundingStatus",
    "OpenFunding", "RejectFunding", "ReviseFunding",
]  # fmt: skip
