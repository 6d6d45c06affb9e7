"""What is kept of a milestone, and of a winter."""

from dataclasses import dataclass, replace
from datetime import date

from domain.project.kinds import WinterWay


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone of one project: the day first planned, the day planned now, how often that was moved, and the day reached."""

    first_planned: date | None = None
    planned: date | None = None
    moved: int = 0
    reached: date | None = None

    def planned_for(self, day: date) -> "Mark":
        """The same milestone, planned for that day from now on."""
        if self.planned is None:
            return replace(self, first_planned=day, planned=day)
        return replace(self, planned=day, moved=self.moved + 1)

    def reached_on(self, day: date) -> "Mark":
        return replace(self, reached=day)


NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Winter:
    """How the site goes through a winter."""

    way: WinterWay
    enclosed_by: date | None = None
    works: str | None = None
    waits_until: date | None = None
