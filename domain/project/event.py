"""What every fact of a project can be asked: what it changes in the project's state."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from domain.facts import Fact

if TYPE_CHECKING:
    from domain.project.state import ProjectState


class ProjectEvent(Fact):
    """A fact of a project. It says what it changes; `ProjectState.after` alone takes that in."""

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}
