"""What a firm is at the end of a day: a frozen value that each of its facts leads on."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from domain.company.event import CompanyEvent
from domain.company.kinds import CompanyStatus, Seat, Sector
from domain.responsibility import AnsweredFor, Responsibility
from domain.values import ContactPerson


@dataclass(frozen=True)
class CompanyState(AnsweredFor):
    """`former_names` in the order they were given up; `leads` those it was recognised in. No `status`: there is none."""

    status: CompanyStatus | None = None
    registered_on: date | None = None
    name: str = ""
    former_names: tuple[str, ...] = ()
    credit_code: str | None = None
    sector: Sector | None = None
    seat: Seat | None = None
    address: str | None = None
    parent: UUID | None = None
    summary: str | None = None
    contacts: tuple[ContactPerson, ...] = ()
    leads: tuple[UUID, ...] = ()
    responsibility: Responsibility | None = None

    def after(self, fact: CompanyEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        """Whether it was registered by then, and that still stands."""
        return self.status is not None

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, and those it went by before."""
        return (self.name, *self.former_names)
