"""What every fact of a funding can be asked: what it changes in the funding's state."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from domain.facts import Fact

if TYPE_CHECKING:
    from domain.funding.state import FundingState


class FundingEvent(Fact):
    """A fact of a funding. It says what it changes; `FundingState.after` alone takes that in."""

    def changes(self, was: "FundingState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}
