"""The target of a year: its words (`kinds`), what is due by when (`pace`), its forms and events (`facts`), then itself."""

from domain.target.facts import DropTarget, ReviseTarget, SetTarget, TargetDetails, TargetEvent
from domain.target.kinds import Metric, OwnerKind
from domain.target.pace import MONTHS, due, shares
from domain.target.target import Target, TargetState, possible

__all__ = [
    "MONTHS", "DropTarget", "Metric", "OwnerKind", "ReviseTarget", "SetTarget", "Target", "TargetDetails",
    "TargetEvent", "TargetState", "due", "possible", "shares",
]  # fmt: skip
