"""What every fact of a site can be asked: what it changes in the site's state."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from domain.facts import Fact

if TYPE_CHECKING:
    from domain.site.state import SiteState


class SiteEvent(Fact):
    """A fact of a site. It says what it changes; `SiteState.after` alone takes that in."""

    def changes(self, was: "SiteState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}
