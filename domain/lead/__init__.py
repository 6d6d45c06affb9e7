"""The lead: its forms and events (`details`, `progress`, `status`, `work`, `claims`, `corrections`), then itself (`lead`)."""

from domain.lead.claims import Claim, ClaimOutcome, RuleClaim
from domain.lead.corrections import CorrectDate, CorrectDetails, Reinstate, Retract
from domain.lead.details import DetailsChanged, LeadDetails, Register, Revise, ReviseInvestment
from domain.lead.event import LeadEvent
from domain.lead.lead import Lead
from domain.lead.progress import (
    Contact,
    ContactKind,
    ContactOutcome,
    EnterNegotiation,
    Land,
    LandingKind,
    MoveBack,
    SignContract,
    SignIntent,
    VisitSite,
)
from domain.lead.status import Hold, Lose, LossReason, Merge, Reopen, Resume, Unmerge
from domain.lead.work import (
    AddNote,
    Assign,
    AttachDocument,
    CompleteNextAction,
    Judge,
    SetNextAction,
    Verdict,
)

__all__ = [
    "AddNote", "Assign", "AttachDocument", "Claim", "ClaimOutcome", "CompleteNextAction", "Contact", "ContactKind", "ContactOutcome",
    "CorrectDate", "CorrectDetails", "DetailsChanged", "EnterNegotiation", "Hold", "Judge", "Land", "LandingKind",
    "Lead", "LeadDetails", "LeadEvent", "Lose", "LossReason", "Merge", "MoveBack", "Register", "Reinstate", "Reopen",
    "Resume", "Retract", "Revise", "ReviseInvestment", "RuleClaim", "SetNextAction", "SignContract", "SignIntent", "Unmerge",
    "Verdict", "VisitSite",
]  # fmt: skip
