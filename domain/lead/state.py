"""What a lead is after its events: its facts in order, where it stands, what is attached to it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, Self
from uuid import UUID

from domain.base import Aggregate, Event
from domain.funnel import Fact, History, Standing, known, sequence
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
        self._take_in(event)
        match event:
            case status.LeadMerged():
                self.merged_into = event.into
            case status.LeadUnmerged():
                self.merged_into = None
            case status.LeadAbsorbed():
                self.absorbed[event.absorbed] = event.company
            case status.LeadReleased():
                self.absorbed.pop(event.absorbed, None)
                if self.joined.pop(event.absorbed, None) is not None:
                    self._forget()
            case work.DocumentAttached():
                self.documents[event.sha256] = event
            case work.LeadClaimed():
                self.claims.append(event)

    def join(self, others: Mapping[UUID, Sequence[LeadEvent]]) -> Self:
        """The lead with the histories of the leads merged into it (loaded by whoever loaded this one)."""
        if others or self.joined:
            self.joined = dict(others)
            self._forget()
        return self

    def copy(self) -> Self:
        """The same, to go on with; where it stands is worked out once for all copies."""
        _ = self._standings
        return super().copy()

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

    def _take_in(self, event: LeadEvent) -> None:
        """A fact changes nothing that happened before it; what is known otherwise is worked out anew.

        That of a merged or void lead is too: their facts do not stand where they happened.
        """
        known_now = self.__dict__.get("history")
        if known_now is None or known_now.merged or not known_now.facts or event.correction():
            self._forget()
            return
        facts = known_now.facts
        place = bisect_right(facts, sequence(event), key=sequence)
        if "_standings" in self.__dict__:
            before = self._standings[:place]
            later = [event, *facts[place:]]
            self._standings = [*before, *self._going_on(before[-1][1] if before else Standing(), later)]
        self.history = History([*facts[:place], event, *facts[place:]], merged=False)

    def _going_on(self, standing: Standing, facts: Iterable[Fact]) -> Iterator[tuple[date, Standing]]:
        for fact in facts:
            standing = standing.after(fact, survivor=self.id)
            yield fact.occurred_on, standing

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
