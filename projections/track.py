"""One lead as far as its events have been taken in, so that the next need not fold everything before it again.

The fold is `domain.funnel`'s. An event that is the last in order only goes on from where the lead stood; any other
(entered late, a correction, a merger) folds the lead anew. Which of the two it is makes no difference to the result.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from domain.correctable import sealed_fields
from domain.funnel import Standing, fold, known
from domain.lead.corrections import FactReinstated, FactRetracted
from domain.lead.details import LeadRegistered
from domain.lead.event import LeadEvent
from domain.lead.status import LeadAbsorbed, LeadMerged, LeadReleased, LeadUnmerged

SEALED = sealed_fields(LeadRegistered)


class Track:
    """How many events the lead has, where it stands, the day of its last fact, and what it was merged with.

    `known` is the standing too, unless the lead is void: then what was known of it had its registration not been
    retracted. The events themselves are not kept: most are never asked for again, and there are millions.
    """

    __slots__ = ("absorbed", "day", "id", "joined", "known", "merged_into", "standing", "version")

    def __init__(self, lead: UUID) -> None:
        self.id = lead
        self.version = 0
        self.standing = self.known = Standing()
        self.day = date.min
        self.merged_into: UUID | None = None
        self.absorbed: tuple[UUID, ...] = ()
        self.joined = False

    def note(self, event: LeadEvent) -> None:
        """Count an event of its own."""
        self.version += 1
        match event:
            case LeadMerged():
                self.merged_into = event.into
            case LeadUnmerged():
                self.merged_into = None
            case LeadAbsorbed():
                self.absorbed = (*self.absorbed, event.absorbed)
            case LeadReleased() if event.absorbed in self.absorbed:
                kept = list(self.absorbed)
                kept.remove(event.absorbed)
                self.absorbed = tuple(kept)

    @property
    def alone(self) -> bool:
        """Whether it stands in the funnel, and nothing but its own events says where."""
        return self.standing.counts and not (self.absorbed or self.joined) and self.merged_into is None

    def goes_on(self, event: LeadEvent) -> bool:
        """Whether the event, noted already, simply comes last."""
        return event.occurred_on >= self.day and (self.alone or self.version == 1) and event.correction() is None

    def go_on(self, event: LeadEvent) -> None:
        self.standing = self.known = self.standing.after(event, survivor=self.id)
        self.day = event.occurred_on

    def rest(self) -> None:
        """Let go of sealed texts: the half of what it weighs, and not asked for until an event says them again."""
        standing = _without_sealed(self.standing)
        self.known = standing if self.known is self.standing else _without_sealed(self.known)
        self.standing = standing

    def refold(self, own: Sequence[LeadEvent], joined: Iterable[LeadEvent] = ()) -> list[tuple[date, Standing]]:
        """Fold everything; the lead's standings by day, one for each day on which anything happened."""
        others = list(joined)
        self.joined = bool(others)
        history = known([*own, *others], survivor=self.id)
        days: dict[date, Standing] = {}
        self.standing = Standing()
        for fact, standing in history.standings(self.id):
            days[fact.occurred_on] = self.standing = standing
        self.day = history.facts[-1].occurred_on if history.facts else date.min
        self.known = self.standing if self.standing.counts else _had_it_not_been_retracted(own, self.id)
        return list(days.items())


def _had_it_not_been_retracted(own: Sequence[LeadEvent], lead: UUID) -> Standing:
    return fold((event for event in own if not isinstance(event, FactRetracted | FactReinstated)), survivor=lead)


def _without_sealed(standing: Standing) -> Standing:
    if SEALED.isdisjoint(standing.attributes):
        return standing
    return standing._replace(
        attributes={name: value for name, value in standing.attributes.items() if name not in SEALED}
    )


def mentioned(event: LeadEvent) -> set[UUID]:
    """The other leads that an event is about."""
    match event:
        case LeadMerged() | LeadUnmerged():
            return {event.into}
        case LeadAbsorbed() | LeadReleased():
            return {event.absorbed}
        case _:
            return set()
