"""What may be asked of a procedure as it stands now: for menus, so that nobody is offered what would be refused.

The guards in `procedure` decide; a test holds this list against them.
"""

from collections.abc import Iterator

from domain import corrections
from domain.base import Form
from domain.procedure import opening, steps
from domain.procedure.kinds import ProcedureStatus
from domain.procedure.procedure import Procedure

_ALWAYS = (opening.ReviseProcedure, corrections.CorrectDate, corrections.CorrectDetails, corrections.Retract,
           corrections.Reinstate)  # fmt: skip
_OPEN = (steps.GrantProcedure, steps.RefuseProcedure, steps.WithdrawProcedure, steps.HandleProcedure)


def possible(procedure: Procedure) -> frozenset[type[Form]]:
    """The forms that the procedure would take if they are filled in rightly and dated today."""
    return frozenset(_possible(procedure)) if procedure.state.exists else frozenset({corrections.Reinstate})


def _possible(procedure: Procedure) -> Iterator[type[Form]]:
    state = procedure.state
    yield from _ALWAYS
    if state.owed:
        yield steps.SupplementProcedure
    if state.open:
        yield from _OPEN
    if state.status is ProcedureStatus.APPLIED:
        yield steps.AcceptProcedure
