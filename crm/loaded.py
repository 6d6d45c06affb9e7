"""Aggregates as they were loaded last: of one that is asked for again only what has happened since is read.

It is memory of this process and nothing else. Every look asks the database whether the last event known is still the one that is
stored, what came after it, and whether a key was destroyed that anything of it is sealed under. So what is given out is
never older than the ledger, and tells nothing that was erased.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Final, NamedTuple
from uuid import UUID

from crm.appending import Row
from crm.store import Mapper, Recorder
from domain.base import Aggregate, Event
from projections.stored import SEALED

MOST_EVENTS: Final = 10_000
"""Held in all, about; at some two kilobytes each."""
IDLE_SECONDS: Final = 600.0


class _Held(NamedTuple):
    """Never changed once it is held: what is given out is a copy, and what goes on is a copy that takes its place."""

    aggregate: Aggregate
    last: Row
    subjects: frozenset[UUID]
    used: float

    @property
    def events(self) -> int:
        return self.last.originator_version


class Loaded:
    """The aggregates that this process has at hand."""

    def __init__(self, mapper: Mapper, recorder: Recorder) -> None:
        self._mapper = mapper
        self._recorder = recorder
        self._held: OrderedDict[UUID, _Held] = OrderedDict()
        self._events = 0
        self._changing = Lock()

    def get(self, id: UUID) -> Aggregate | None:
        """The aggregate as it stands now, to decide with; None where there is none."""
        held = self._brought_up(self._held.get(id)) or self._read(id)
        if held is None:
            return None
        self._hold(id, held)
        return held.aggregate.copy()

    def forget(self, subjects: Iterable[UUID]) -> None:
        """Let go of whatever is sealed under keys of these."""
        gone = set(subjects)
        with self._changing:
            for one in [one for one, held in self._held.items() if not gone.isdisjoint(held.subjects)]:
                self._let_go(one)

    def _brought_up(self, held: _Held | None) -> _Held | None:
        if held is None:
            return None
        found = self._recorder.select_since(held.last, held.subjects)
        if found[:1] != [held.last]:  # erased in part, or not the history that was read
            self._mapper.keys.forget(held.subjects)
            return None
        later = found[1:]
        return self._taken_in(held.aggregate.copy(), later, held.subjects) if later else held

    def _read(self, id: UUID) -> _Held | None:
        rows = self._recorder.select_events(id)
        return self._taken_in(None, rows, frozenset()) if rows else None

    def _taken_in(self, aggregate: Aggregate | None, rows: Sequence[Row], known: frozenset[UUID]) -> _Held:
        subjects = {UUID(subject.decode()) for row in rows for subject in _SUBJECT.findall(row.state)}
        readable = self._mapper.keys.at_hand(subjects)
        taken = folded(aggregate, map(self._mapper.to_domain_event, rows))
        if taken is None:
            raise LookupError("no events")
        return _Held(taken, rows[-1], known | readable, 0.0)

    def _hold(self, id: UUID, held: _Held) -> None:
        now = time.monotonic()
        with self._changing:
            self._events += held.events - (self._held[id].events if id in self._held else 0)
            self._held[id] = held._replace(used=now)
            self._held.move_to_end(id)
            while len(self._held) > 1:
                oldest, before = next(iter(self._held.items()))
                if self._events <= MOST_EVENTS and now - before.used <= IDLE_SECONDS:
                    return
                self._let_go(oldest)

    def _let_go(self, id: UUID) -> None:
        self._events -= self._held.pop(id).events


_SUBJECT = re.compile(SEALED.encode() + rb"([0-9a-f]{32}):")


def folded(aggregate: Aggregate | None, events: Iterable[Event]) -> Aggregate | None:
    """The library's own fold asks of every event whether it can be folded; that costs more than folding it."""
    for event in events:
        aggregate = event.mutate(aggregate)
    return aggregate
