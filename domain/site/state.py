"""What a site is at the end of a day: how much is on offer, and who holds what of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from domain.responsibility import AnsweredFor, Responsibility
from domain.site.event import SiteEvent
from domain.site.kinds import Hold, SiteKind, SiteTerms

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Holding:
    """Space held for somebody, by the number of the fact that began it; `area_m2` is what is left of it."""

    number: int
    how: Hold
    area_m2: Decimal
    since: date
    lead: UUID | None = None
    project: UUID | None = None
    company: UUID | None = None
    firm: str | None = None
    note: str | None = None
    until: date | None = None
    terms: SiteTerms | None = None
    rent_from: date | None = None


@dataclass(frozen=True)
class SiteState(AnsweredFor):
    """`limit_m2`: how much of it is on offer, None for all. Not there while `opened_on` is None."""

    opened_on: date | None = None
    name: str = ""
    kind: SiteKind | None = None
    area_m2: Decimal = NOTHING
    limit_m2: Decimal | None = None
    place: str | None = None
    operator: str | None = None
    use: str | None = None
    ready_on: date | None = None
    terms: SiteTerms = SiteTerms.LEASE
    terms_note: str | None = None
    floor_load_t: Decimal | None = None
    height_m: Decimal | None = None
    power_kva: Decimal | None = None
    features: str | None = None
    holdings: tuple[Holding, ...] = ()
    responsibility: Responsibility | None = None

    def after(self, fact: SiteEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        """Whether it was registered by then, and that still stands."""
        return self.opened_on is not None

    @property
    def offered(self) -> Decimal:
        """The area on offer, what is taken of it included."""
        return self.area_m2 if self.limit_m2 is None else self.limit_m2

    @property
    def reserved(self) -> Decimal:
        return self._area(Hold.RESERVED)

    @property
    def occupied(self) -> Decimal:
        return self._area(Hold.OCCUPIED)

    @property
    def free(self) -> Decimal:
        return self.offered - self.reserved - self.occupied

    @property
    def over(self) -> Decimal:
        """By how much more is offered, or taken, than there is; nothing where all is well."""
        return max(self.offered - self.area_m2, -self.free, NOTHING)

    def held(self, number: int | None) -> Holding | None:
        """The holding of that number."""
        return next((one for one in self.holdings if one.number == number), None)

    def holding(self, fact: Any, how: Hold, before: Holding | None = None, **more: Any) -> Holding:
        """The holding that a fact begins: for whom it names, else for whom it was held `before`."""
        whom = fact if fact.somebody or before is None else before
        return Holding(
            fact.originator_version, how, fact.area_m2, fact.occurred_on, whom.lead, whom.project, whom.company, whom.firm,
            fact.note, **more,
        )  # fmt: skip

    def less(self, held: Holding, area: Decimal) -> tuple[Holding, ...]:
        """The holdings with so much of that one given back."""
        return tuple(self._less(held, area))

    def _less(self, held: Holding, area: Decimal) -> Iterator[Holding]:
        for one in self.holdings:
            if one is not held:
                yield one
            elif one.area_m2 > area:
                yield replace(one, area_m2=one.area_m2 - area)

    def _area(self, how: Hold) -> Decimal:
        return sum((one.area_m2 for one in self.holdings if one.how is how), NOTHING)
