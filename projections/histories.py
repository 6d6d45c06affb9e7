"""What each event did to the leads it touches: their tracks so far, and their events where these are folded anew."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from domain.funnel import Standing
from domain.lead.event import LeadEvent
from projections.stored import Recorded
from projections.track import Track, mentioned

TRACKS_KEPT = 40_000
"""At some four kilobytes each. Twice as many would all but end reading again where a million leads are told of in three
years, and be more than a rebuild in two processes may take."""
READ_AT_ONCE = 2_000
"""Leads whose events are held at the same time while they are folded."""

Load = Callable[[Iterable[UUID], int], Iterable[LeadEvent]]
"""The events of leads up to a position, in order."""


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
        self._events: dict[UUID, list[LeadEvent]] = {}
        self._position = 0

    def take(self, events: Sequence[tuple[Recorded, LeadEvent]], after: int, until: int, load: Load) -> list[Step]:
        """Take in the events after position `after`; the tracks then stand at `until`."""
        if self._position != after:
            self.forget()
        self._position = -1  # nothing can be built on tracks that were left half-way
        self._fetch(events, after, load)
        self._hold(self._folded_anew(events), after, load)
        steps = [step for row, event in events for step in self._steps(row, event, load)]
        self._events.clear()
        self._position = until
        self._let_go({step.lead.id for step in steps})
        return steps

    def forget(self) -> None:
        self._tracks.clear()
        self._events.clear()

    def _steps(self, row: Recorded, event: LeadEvent, load: Load) -> list[Step]:
        track = self._tracks[row.stream]
        track.note(event)
        if row.stream in self._events:
            self._events[row.stream].append(event)
        if track.merged_into is None:
            return [self._step(track, row, event, load)]
        survivor = self._tracks[track.merged_into]
        touched = [track, survivor] if track.id in survivor.absorbed else [track]
        return [self._step(lead, row, event, load) for lead in touched]

    def _step(self, track: Track, row: Recorded, event: LeadEvent, load: Load) -> Step:
        timeline = None
        if track.goes_on(event):
            track.go_on(event)
        else:
            # Most were foreseen, and are held already.
            self._hold([track.id, *track.absorbed], row.position, load)
            joined = (told for lead in track.absorbed for told in self._events[lead])
            timeline = track.refold(self._events[track.id], joined)
        return Step(track, row, event, track.standing, track.known, track.day, timeline)

    def _folded_anew(self, events: Sequence[tuple[Recorded, LeadEvent]]) -> set[UUID]:
        """The leads that cannot simply go on, as far as is seen beforehand: their events are read all at once."""
        found: set[UUID] = set()
        days: dict[UUID, date] = {}
        for row, event in events:
            lead, track = row.stream, self._tracks[row.stream]
            late = event.occurred_on < days.get(lead, track.day)
            if late or event.correction() is not None or not (track.alone or track.version == 0):
                found.add(lead)
                found.update(self._related(lead), mentioned(event))
            else:
                days[lead] = event.occurred_on
        return found

    def _hold(self, leads: Iterable[UUID], until: int, load: Load) -> None:
        """Have the events of the leads at hand, up to position `until`, for the rest of the batch."""
        missing = [lead for lead in leads if lead not in self._events]
        if missing:
            self._events.update((lead, []) for lead in missing)
            for event in load(missing, until):
                self._events[event.originator_id].append(event)

    def _fetch(self, events: Sequence[tuple[Recorded, LeadEvent]], after: int, load: Load) -> None:
        """Have a track for every lead that the events touch, and for every lead it was or is being merged with."""
        fresh = {row.stream for row, _ in events if row.version == 1}
        wanted = {row.stream for row, _ in events}
        for _, event in events:
            wanted |= mentioned(event)
        while wanted:
            missing = self._missing(wanted)
            self._tracks.update((lead, Track(lead)) for lead in missing)
            self._read(list(missing - fresh), after, load)
            for lead in wanted:
                self._tracks.move_to_end(lead)
            wanted = self._missing(other for lead in wanted for other in self._related(lead))

    def _missing(self, leads: Iterable[UUID]) -> set[UUID]:
        return {lead for lead in leads if lead not in self._tracks}  # not by -, which looks at every track there is

    def _read(self, leads: Sequence[UUID], after: int, load: Load) -> None:
        for first in range(0, len(leads), READ_AT_ONCE):
            found: dict[UUID, list[LeadEvent]] = defaultdict(list)
            for event in load(leads[first : first + READ_AT_ONCE], after):
                found[event.originator_id].append(event)
            for lead, own in found.items():
                track = self._tracks[lead]
                for event in own:
                    track.note(event)
                if not track.absorbed:
                    track.refold(own)

    def _related(self, lead: UUID) -> Iterable[UUID]:
        track = self._tracks[lead]
        return track.absorbed if track.merged_into is None else (*track.absorbed, track.merged_into)

    def _let_go(self, touched: Iterable[UUID]) -> None:
        for lead in touched:
            self._tracks[lead].rest()
        while len(self._tracks) > TRACKS_KEPT:
            self._tracks.popitem(last=False)
