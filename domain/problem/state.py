"""What a problem is at the end of a day: a frozen value that each of its facts leads on."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from domain.problem.event import ProblemEvent
from domain.problem.kinds import (
    OPEN,
    SETTLED,
    EscalationLevel,
    ProblemClass,
    ProblemSource,
    ProblemStatus,
    ProblemWay,
    Satisfaction,
    Urgency,
)
from domain.responsibility import together


@dataclass(frozen=True)
class ProblemState:
    """`since_on`: the day it came to stand as it does; `investment` at risk in 分. No `status`: there is none."""

    status: ProblemStatus | None = None
    since_on: date | None = None
    raised_on: date | None = None
    name: str = ""
    source: ProblemSource | None = None
    urgency: Urgency | None = Urgency.NORMAL
    raiser: str | None = None
    project: UUID | None = None
    company: UUID | None = None
    lead: UUID | None = None
    service: UUID | None = None
    content: str | None = None
    investment: int = 0
    jobs: int = 0
    number: str | None = None
    taken_on: date | None = None
    kind: ProblemClass | None = None
    department: str | None = None
    person: UUID | None = None
    due_on: date | None = None
    way: ProblemWay | None = None
    plan: str | None = None
    level: EscalationLevel | None = None
    leader: UUID | None = None
    escalated_on: date | None = None
    solved_on: date | None = None
    result: str | None = None
    confirmed_on: date | None = None
    satisfaction: Satisfaction | None = None
    remark: str | None = None
    reopened: int = 0
    cause: str | None = None
    measure: str | None = None

    def after(self, fact: ProblemEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        """Whether it was raised by then, and that still stands."""
        return self.status is not None

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.status in OPEN

    @property
    def people(self) -> frozenset[UUID]:
        """Whoever answers for it, and the leader it went up to."""
        return together(self.person, self.leader)

    @property
    def settled(self) -> bool:
        """Whether it counts as solved."""
        return self.status in SETTLED

    @property
    def answered(self) -> bool:
        """Whether somebody answers for it."""
        return bool(self.person or self.department)
