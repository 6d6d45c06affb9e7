"""Leads as far as their events have been taken in, so that the next event need not fold everything before it again.

The fold is `domain.funnel`'s. An event that is the last in order only goes on from where the lead stood; any other
(entered late, a correction, a merger) folds the lead anew. Which of the two it is makes no difference to the result.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from domain.funnel import Standing, fold, known
from domain.lead.corrections import FactReinstated, FactRetracted
from domain.lead.event import LeadEvent
from domain.lead.status import LeadAbsorbed, LeadMerged, LeadReleased, LeadUnmerged
from projections.stored import Recorded

EVENTS_KEPT = 20_000

Load = Callable[[Iterable[UUID]], Sequence[LeadEvent]]


class Track:
    """One lead: its events so far, where it stands, the day of its last fact, and what it was merged with."""

    __slots__ = ("absorbed", "day", "events", "id", "joined", "merged_into", "standing")

    def __init__(self, lead: UUID) -> None:
        self.id = lead
        self.events: list[LeadEvent] = []
        self.standing = Standing()
        self.day = date.min
        self.merged_into: UUID | None = None
        self.absorbed: list[UUID] = []
        self.joined: list[LeadEvent] = []

    def note(self, event: LeadEvent) -> None:
        """Keep an event of its own."""
        self.events.append(event)
        match event:
            case LeadMerged():
                self.merged_into = event.into
            case LeadUnmerged():
                self.merged_into = None
            case LeadAbsorbed():
                self.absorbed.append(event.absorbed)
            case LeadReleased() if event.absorbed in self.absorbed:
                self.absorbed.remove(event.absorbed)

    def goes_on(self, event: LeadEvent) -> bool:
        """Whether the event simply comes last."""
        return (
            event.occurred_on >= self.day
            and (self.standing.counts or len(self.events) == 1)
            and not (self.absorbed or self.joined)
            and self.merged_into is None
            and event.correction() is None
        )

    def go_on(self, event: LeadEvent) -> None:
        self.standing = self.standing.after(event, survivor=self.id)
        self.day = event.occurred_on

    def refold(self, joined: Iterable[LeadEvent] = ()) -> list[tuple[date, Standing]]:
        """Fold everything; the lead's standings by day, one for each day on which anything happened."""
        self.joined = list(joined)
        history = known([*self.events, *self.joined], survivor=self.id)
        days: dict[date, Standing] = {}
        self.standing = Standing()
        for fact, standing in history.standings(self.id):
            days[fact.occurred_on] = self.standing = standing
        self.day = history.facts[-1].occurred_on if history.facts else date.min
        return list(days.items())

    @property
    def last_known(self) -> Standing:
        """Where it stands; of a void lead, what was known of it had its registration not been retracted."""
        if self.standing.counts:
            return self.standing
        kept = [event for event in self.events if not isinstance(event, FactRetracted | FactReinstated)]
        return fold(kept, survivor=self.id)


class Step(NamedTuple):
    """What one event (`row`) did to one lead: `standing` from `day` on; with a `timeline`, its past changed as well.

    `known` is the standing too, unless the lead is void: then what was known of it before.
    """

    lead: Track
    row: Recorded
    event: LeadEvent
    standing: Standing
    known: Standing
    day: date
    timeline: list[tuple[date, Standing]] | None


class Histories:
    """The tracks of the leads that had events lately; what is forgotten is read again."""

    def __init__(self) -> None:
        self._tracks: OrderedDict[UUID, Track] = OrderedDict()
        self._position = 0
        self._kept = 0

    def take(self, events: Sequence[tuple[Recorded, LeadEvent]], after: int, until: int, load: Load) -> list[Step]:
        """Take in the events after position `after`; the tracks then stand at `until`."""
        if self._position != after:
            self.forget()
        self._position = -1  # nothing can be built on tracks that were left half-way
        self._fetch(events, load)
        steps = [step for row, event in events for step in self._steps(row, event)]
        self._position = until
        self._forget_oldest()
        return steps

    def forget(self) -> None:
        self._tracks.clear()
        self._kept = 0

    def _steps(self, row: Recorded, event: LeadEvent) -> list[Step]:
        track = self._tracks[row.stream]
        track.note(event)
        self._kept += 1
        touched = [track]
        survivor = self._tracks.get(track.merged_into) if track.merged_into else None
        if survivor is not None and track.id in survivor.absorbed:
            touched.append(survivor)
        return [self._step(lead, row, event) for lead in touched]

    def _step(self, track: Track, row: Recorded, event: LeadEvent) -> Step:
        if track.goes_on(event):
            track.go_on(event)
            return Step(track, row, event, track.standing, track.last_known, track.day, None)
        timeline = track.refold(joined for lead in track.absorbed for joined in self._tracks[lead].events)
        return Step(track, row, event, track.standing, track.last_known, track.day, timeline)

    def _fetch(self, events: Sequence[tuple[Recorded, LeadEvent]], load: Load) -> None:
        """Have a track for every lead that the events touch, and for every lead it was or is being merged with."""
        fresh = {row.stream for row, _ in events if row.version == 1}
        wanted = {row.stream for row, _ in events}
        for _, event in events:
            wanted |= _mentioned(event)
        while wanted:
            missing = wanted - self._tracks.keys()
            self._tracks.update((lead, Track(lead)) for lead in missing)
            self._read(missing - fresh, load)
            for lead in wanted:
                self._tracks.move_to_end(lead)
            wanted = {other for lead in wanted for other in self._related(lead)} - self._tracks.keys()

    def _read(self, leads: set[UUID], load: Load) -> None:
        for event in load(leads) if leads else ():
            self._tracks[event.originator_id].note(event)
            self._kept += 1
        for lead in leads:
            if not self._tracks[lead].absorbed:
                self._tracks[lead].refold()

    def _related(self, lead: UUID) -> Iterable[UUID]:
        track = self._tracks[lead]
        return [*track.absorbed, track.merged_into] if track.merged_into else track.absorbed

    def _forget_oldest(self) -> None:
        while self._kept > EVENTS_KEPT:
            _, track = self._tracks.popitem(last=False)
            self._kept -= len(track.events)


def _mentioned(event: LeadEvent) -> set[UUID]:
    match event:
        case LeadMerged() | LeadUnmerged():
            return {event.into}
        case LeadAbsorbed() | LeadReleased():
            return {event.absorbed}
        case _:
            return set()
