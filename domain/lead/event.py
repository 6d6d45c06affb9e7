"""What every fact of a lead can be asked: its effect on the funnel, or the fact it corrects."""

from collections.abc import Mapping
from typing import Any, ClassVar

from domain.facts import Fact
from domain.funnel import Effect, Stage, Status


class LeadEvent(Fact):
    """A fact of a lead. It declares what it does to the funnel; `domain.funnel` alone takes that in."""

    RAISES: ClassVar[Stage | None] = None
    STATUS: ClassVar[Status | None] = None

    def changes(self) -> Mapping[str, Any]:
        """The attributes of the lead that this fact sets."""
        return {}

    def effect(self) -> Effect:
        """What the fact does to the lead's standing."""
        return Effect(raises=self.RAISES, status=self.STATUS, changes=self.changes())
