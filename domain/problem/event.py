"""What every fact of a problem can be asked: what it changes in the problem's state."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from domain.facts import Fact

if TYPE_CHECKING:
    from domain.problem.state import ProblemState


class ProblemEvent(Fact):
    """A fact of a problem. It says what it changes; `ProblemState.after` alone takes that in."""

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}
