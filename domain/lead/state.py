"""What a lead is after its events: its facts in order, where it stands, what is attached to it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any, ClassVar, Self
from uuid import UUID

from domain import corrections
from domain.base import Event, Refused
from domain.correctable import Correctable
from domain.facts import Fact
from domain.funnel import History, Standing
from domain.lead import claims, status, work
from domain.lead.event import LeadEvent


class LeadState(Correctable):
    """`events` are the lead's own, `joined` those of the leads merged into it."""

    FACT: ClassVar[type[Fact]] = LeadEvent
    START: ClassVar[Standing] = Standing()

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.joined: dict[UUID, Sequence[LeadEvent]] = {}
        self.merged_into: UUID | None = None
        self.documents: dict[str, work.DocumentAttached] = {}
        self.claims: list[claims.LeadClaimed] = []

    def apply(self, event: Event) -> None:
        super().apply(event)
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
            case claims.LeadClaimed():
                self.claims.append(event)

    def join(self, others: Mapping[UUID, Sequence[LeadEvent]]) -> Self:
        """The lead with the histories of the leads merged into it (loaded by whoever loaded this one)."""
        if others or self.joined:
            self.joined = dict(others)
            self._forget()
        return self

    @property
    def rulings(self) -> Mapping[UUID, claims.ClaimRuled]:
        """What was ruled, by the channel that had claimed."""
        return {fact.channel: fact for fact in self.facts if isinstance(fact, claims.ClaimRuled)}

    @property
    def unruled(self) -> list[claims.LeadClaimed]:
        """The claims that nobody has ruled on."""
        ruled = self.rulings
        return [fact for fact in self.facts if isinstance(fact, claims.LeadClaimed) and fact.channel not in ruled]

    @property
    def everything(self) -> list[LeadEvent]:
        """Its own events and those of the leads merged into it."""
        return [*self.events, *(event for events in self.joined.values() for event in events)]

    @property
    def history(self) -> History:
        """Its facts as they are now known, in order."""
        return History(*self._known)

    @cached_property
    def _states(self) -> list[tuple[date, Any]]:
        return [(fact.occurred_on, standing) for fact, standing in self.history.standings(self.id)]

    def _after(self, state: Standing, fact: LeadEvent) -> Standing:
        return state.after(fact, survivor=self.id)

    def standings(self) -> Iterator[tuple[LeadEvent, Standing]]:
        """Every fact with the standing it led to."""
        return zip(self.facts, map(itemgetter(1), self._states), strict=True)

    @property
    def standing(self) -> Standing:
        """Where it stands after everything known."""
        standing: Standing = self.state
        return standing

    def at(self, day: date) -> Standing:
        """Where it stood at the end of `day`, as now known."""
        standing: Standing = super().at(day)
        return standing

    @property
    def begun_on(self) -> date | None:
        return self.standing.registered_on

    def attribute(self, name: str) -> Any:
        """The present value of an attribute (channel, owner, company, …); None when never set."""
        return self.standing.attributes.get(name)

    # ── what corrections of a lead ask beside ───────────────────────────────────────────────────────────────────────

    def retract(self, form: corrections.Retract) -> None:
        if self._fact(form.fact).originator_version == 1 and self.absorbed:
            raise Refused(
                "correction.has_absorbed",
                "有线索已并入本条，请先撤销合并，再撤销登记。",
                "Other leads were merged into this one; undo that before you retract its registration.",
                field="fact",
            )
        super().retract(form)

    def _not_merged(self) -> None:
        if self.merged_into is not None:
            raise Refused(
                "lead.merged",
                "这条线索已合并到另一条，请到那一条操作。",
                "This lead is merged; work on the one that goes on.",
            )

    def _recorded_fact(self, version: int) -> Fact:
        if self.merged_into is not None:
            raise Refused(
                "correction.merged",
                "这条线索已合并到另一条，请先撤销合并，再更正。",
                "This lead is merged into another; unmerge it first, then correct.",
            )
        return super()._recorded_fact(version)
