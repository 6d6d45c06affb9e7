"""What an application for funding is at the end of a day: a frozen value that each of its facts leads on."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from domain.funding.event import FundingEvent
from domain.funding.kinds import FundingKind, FundingStatus
from domain.responsibility import AnsweredFor, Responsibility


@dataclass(frozen=True)
class FundingState(AnsweredFor):
    """`requested`, `approved` and `disbursed` in 分; the last is all that was paid out by then. No `status`: there is none."""

    status: FundingStatus | None = None
    name: str = ""
    kind: FundingKind | None = None
    department: str | None = None
    project: UUID | None = None
    company: UUID | None = None
    applicant: str | None = None
    applied_on: date | None = None
    requested: int = 0
    application: str | None = None
    approved_on: date | None = None
    approved: int = 0
    document: str | None = None
    rejected_on: date | None = None
    reason: str | None = None
    disbursed: int = 0
    disbursed_on: date | None = None
    responsibility: Responsibility | None = None

    def after(self, fact: FundingEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        """Whether it was applied for by then, and that still stands."""
        return self.status is not None

    @property
    def left(self) -> int:
        """What of the approved amount is still to come, in 分."""
        return self.approved - self.disbursed
