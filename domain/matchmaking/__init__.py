"""Matchmaking meetings (产需对接、银企对接): forms and events (`meeting`, `outcomes`), then itself (`matchmaking`).

An aggregate of its own and no channel: no lead comes from it, and each contract and each loan is a fact of its own day.
"""

from domain.matchmaking.event import MatchmakingEvent
from domain.matchmaking.kinds import MatchmakingKind, OutcomeKind
from domain.matchmaking.matchmaking import Matchmaking
from domain.matchmaking.meeting import HoldMatchmaking, MeetFirms, MetFirm, ReviseMatchmaking
from domain.matchmaking.outcomes import ArrangeLoan, DealSigned, LoanArranged, SignDeal
from domain.matchmaking.state import MatchmakingState

__all__ = [
    "ArrangeLoan", "DealSigned", "HoldMatchmaking", "LoanArranged", "Matchmaking", "MatchmakingEvent", "MatchmakingKind",
    "MatchmakingState", "MeetFirms", "MetFirm", "OutcomeKind", "ReviseMatchmaking", "SignDeal",
]  # fmt: skip
