"""What a lead is after its events: its facts in order, where it stands, what is attached to it."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, Self
from uuid import UUID

from domain.base import Aggregate, Event
from domain.funnel import History, Standing, known
from domain.lead import status, work
from domain.lead.event import LeadEvent


class LeadState(Aggregate):
    """`events` are the lead's own, `joined` those of the leads merged into it."""

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.events: list[LeadEvent] = []
        self.joined: dict[UUID, Sequence[LeadEvent]] = {}
        self.absorbed: dict[UUID, str] = {}
        self.merged_into: UUID | None = None
        self.documents: dict[str, work.DocumentAttached] = {}
        self.claims: list[work.LeadClaimed] = []

    def apply(self, event: Event) -> None:
        if not isinstance(event, LeadEvent):
            raise TypeError(f"{event.TOPIC} is no fact of a lead")
        self.events.append(event)
        self._forget()
        match event:
            case status.LeadMerged():
                self.merged_into = event.into
            case status.LeadUnmerged():
                self.merged_into = None
            case status.LeadAbsorbed():
                self.absorbed[event.absorbed] = event.company
            case status.LeadReleased():
                self.absorbed.pop(event.absorbed, None)
                self.joined.pop(event.absorbed, None)
            case work.DocumentAttached():
                self.documents[event.sha256] = event
            case work.LeadClaimed():
                self.claims.append(event)

    def join(self, others: Mapping[UUID, Sequence[LeadEvent]]) -> Self:
        """The lead with the histories of the leads merged into it (loaded by whoever loaded this one)."""
        self.joined = dict(others)
        self._forget()
        return self

    @property
    def everything(self) -> list[LeadEvent]:
        """Its own events and those of the leads merged into it."""
        return [*self.events, *(event for events in self.joined.values() for event in events)]

    @cached_property
    def history(self) -> History:
        """Its facts as they are now known, in order."""
        return known(self.everything, survivor=self.id)

    @cached_property
    def _standings(self) -> list[tuple[date, Standing]]:
        """Where it stood after each of its facts, by day: folded once for all that a command or a page asks of it."""
        return [(fact.occurred_on, standing) for fact, standing in self.history.standings(self.id)]

    def _forget(self) -> None:
        self.__dict__.pop("history", None)
        self.__dict__.pop("_standings", None)

    @property
    def standing(self) -> Standing:
        """Where it stands after everything known."""
        return self._standings[-1][1] if self._standings else Standing()

    def at(self, day: date) -> Standing:
        """Where it stood at the end of `day`, as now known."""
        past = bisect_right(self._standings, day, key=itemgetter(0))
        return self._standings[past - 1][1] if past else Standing()

    def attribute(self, name: str) -> Any:
        """The present value of an attribute (channel, owner, company, …); None when never set."""
        return self.standing.attributes.get(name)
