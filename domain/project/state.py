"""What a project is at the end of a day: a frozen value that each of its facts leads on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self
from uuid import UUID

from domain.project.event import ProjectEvent
from domain.project.kinds import MILESTONES, Milestone, ProjectKind, ProjectStatus, StartKind
from domain.project.marks import NO_MARK, Mark, Winter
from domain.responsibility import AnsweredFor, Responsibility
from domain.values import Industry, Money


@dataclass(frozen=True)
class ProjectState(AnsweredFor):
    """`investment` as contracted with every increase, in 分; `increased` which increases when. No `status`: there is none."""

    status: ProjectStatus | None = None
    opened_on: date | None = None
    name: str = ""
    kind: ProjectKind | None = None
    investor: str | None = None
    company: UUID | None = None
    lead: UUID | None = None
    channel: UUID | None = None
    industry: Industry | None = None
    place: str | None = None
    content: str | None = None
    planned_year: int = 0
    start: StartKind | None = None
    document: str | None = None
    contracted: Money | None = None
    investment: int = 0
    increased: tuple[tuple[date, int], ...] = ()
    marks: Mapping[Milestone, Mark] = field(default_factory=dict)
    physical: int | None = None
    invested: int | None = None
    fixed: int | None = None
    reported_on: date | None = None
    pause_reason: str | None = None
    paused_until: date | None = None
    winter: Winter | None = None
    responsibility: Responsibility | None = None

    def after(self, fact: ProjectEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        """Whether it was opened by then, and that still stands."""
        return self.status is not None

    @property
    def open(self) -> bool:
        """Whether there is work on it to be done, now or once it is resumed."""
        return self.status in (ProjectStatus.ACTIVE, ProjectStatus.PAUSED)

    def mark(self, milestone: Milestone) -> Mark:
        return self.marks.get(milestone, NO_MARK)

    def marked(self, milestone: Milestone, mark: Mark) -> Mapping[Milestone, Mark]:
        """The milestones with that one changed."""
        return {**self.marks, milestone: mark}

    @property
    def at(self) -> Milestone | None:
        """The furthest milestone reached."""
        return next((one for one in reversed(MILESTONES) if self.mark(one).reached), None)

    @property
    def ahead(self) -> Iterator[Milestone]:
        """The milestones not reached yet."""
        return (one for one in MILESTONES if self.mark(one).reached is None)

    @property
    def next(self) -> Milestone | None:
        """Of the milestones planned and not reached the one planned for the earliest day."""
        planned = [(day, one.order, one) for one in self.ahead if (day := self.mark(one).planned)]
        return min(planned)[2] if planned else None
