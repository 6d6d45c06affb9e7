"""What every fact of a firm can be asked: what it changes in the firm's state."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from domain.facts import Fact

if TYPE_CHECKING:
    from domain.company.state import CompanyState


class CompanyEvent(Fact):
    """A fact of a firm. It says what it changes; `CompanyState.after` alone takes that in."""

    def changes(self, was: "CompanyState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}
