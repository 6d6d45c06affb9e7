"""What a lead is after its events: its facts in order, where it stands, what is attached to it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from domain.base import Aggregate, Event
from domain.funnel import History, Standing, fold, known
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
        for stale in ("history", "standing"):
            self.__dict__.pop(stale, None)
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
        self.__dict__.pop("history", None)
        self.__dict__.pop("standing", None)
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
    def standing(self) -> Standing:
        """Where it stands after everything known."""
        return fold(self.everything, survivor=self.id)

    def at(self, day: date) -> Standing:
        """Where it stood at the end of `day`, as now known."""
        return fold(self.everything, day, survivor=self.id)

    def attribute(self, name: str) -> Any:
        """The present value of an attribute (channel, owner, company, …); None when never set."""
        return self.standing.attributes.get(name)
