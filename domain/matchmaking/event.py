"""What every fact of a matchmaking meeting can be asked: what it changes in its state."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from domain.facts import Fact

if TYPE_CHECKING:
    from domain.matchmaking.state import MatchmakingState


class MatchmakingEvent(Fact):
    """A fact of a meeting. It says what it changes; `MatchmakingState.after` alone takes that in."""

    def changes(self, was: "MatchmakingState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}
