"""What every fact of a lead can be asked: its effect on the funnel, or the fact it corrects."""

from collections.abc import Mapping
from typing import Any, ClassVar

from domain.base import REPLAY, Event
from domain.funnel import Correction, Effect, Stage, Status


class LeadEvent(Event):
    """A fact of a lead. It declares what it does to the funnel; `domain.funnel` alone takes that in."""

    RAISES: ClassVar[Stage | None] = None
    STATUS: ClassVar[Status | None] = None

    def changes(self) -> Mapping[str, Any]:
        """The attributes of the lead that this fact sets."""
        return {}

    def effect(self) -> Effect:
        """What the fact does to the lead's standing."""
        return Effect(raises=self.RAISES, status=self.STATUS, changes=self.changes())

    def correction(self) -> Correction | None:
        """What it says of another fact; None for a fact of its own."""
        return None

    def corrected(self, correction: Correction) -> "LeadEvent":
        """The fact as it is now known to have been."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        values |= correction.details or {}
        values["occurred_on"] = correction.occurred_on or self.occurred_on
        made = type(self).model_validate(values, context=REPLAY)
        return made if self.position is None else made.placed(self.position)
