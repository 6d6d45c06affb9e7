"""A procedure (手续): its words (`kinds`), its forms and events (`opening`, `steps`), then itself (`procedure`)."""

from domain.procedure.event import ProcedureEvent
from domain.procedure.kinds import Handling, ProcedureKind, ProcedureStatus
from domain.procedure.opening import OpenProcedure, ReviseProcedure
from domain.procedure.procedure import Procedure
from domain.procedure.state import ProcedureState
from domain.procedure.steps import (
    AcceptProcedure,
    GrantProcedure,
    HandleProcedure,
    RefuseProcedure,
    SupplementProcedure,
    WithdrawProcedure,
)

__all__ = [
    "AcceptProcedure", "GrantProcedure", "HandleProcedure", "Handling", "OpenProcedure", "Procedure", "ProcedureEvent",
    "ProcedureKind", "ProcedureState", "ProcedureStatus", "RefuseProcedure", "ReviseProcedure", "SupplementProcedure",
    "WithdrawProcedure",
]  # fmt: skip
