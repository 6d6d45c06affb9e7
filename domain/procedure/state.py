"""What a procedure is at the end of a day: a frozen value that each of its facts leads on."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from domain.procedure.event import ProcedureEvent
from domain.procedure.kinds import OPEN, Handling, ProcedureKind, ProcedureStatus
from domain.responsibility import together


@dataclass(frozen=True)
class ProcedureState:
    """`papers` were missing when it was accepted, `missing` are so still. No `status`: there is no such procedure."""

    status: ProcedureStatus | None = None
    kind: ProcedureKind | None = None
    item: str | None = None
    department: str = ""
    project: UUID | None = None
    company: UUID | None = None
    applicant: str | None = None
    number: str | None = None
    applied_on: date | None = None
    accepted_on: date | None = None
    closed_on: date | None = None
    papers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    promised_on: date | None = None
    supplemented_on: date | None = None
    document: str | None = None
    reason: str | None = None
    way: Handling | None = None
    handler: UUID | None = None

    def after(self, fact: ProcedureEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        """Whether it was applied for by then, and that still stands."""
        return self.status is not None

    @property
    def people(self) -> frozenset[UUID]:
        """Whoever handles it."""
        return together(self.handler)

    @property
    def open(self) -> bool:
        """Whether the department has still to decide."""
        return self.status in OPEN

    @property
    def owed(self) -> bool:
        """Whether promised papers are still to be brought: what is refused or withdrawn owes none."""
        return bool(self.missing) and self.status in (ProcedureStatus.ACCEPTED, ProcedureStatus.GRANTED)

    @property
    def name(self) -> str:
        """What it is called: as it was named, or as its kind."""
        return self.item or (self.kind.text.zh if self.kind else "")
