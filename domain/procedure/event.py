"""What every fact of a procedure can be asked: what it changes in the procedure's state."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from domain.facts import Fact

if TYPE_CHECKING:
    from domain.procedure.state import ProcedureState


class ProcedureEvent(Fact):
    """A fact of a procedure. It says what it changes; `ProcedureState.after` alone takes that in."""

    def changes(self, was: "ProcedureState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}
