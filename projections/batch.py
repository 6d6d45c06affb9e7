"""Some stored events in a row, decoded once for all the read models that take them in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.base import Event
from domain.lead.event import LeadEvent
from projections.histories import Histories, Step
from projections.stored import Recorded, decode, of_streams

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What reading a stored event may raise: not its form, an unknown topic or version, an upcaster that fails."""


class Poison(Exception):
    """An event that cannot be taken in. Says where and what, never what stands in it."""

    def __init__(self, row: Recorded, cause: Exception) -> None:
        super().__init__(f"{row.topic} v{row.schema} @{row.position}: {type(cause).__name__}")


class Batch:
    """The events after position `after`, without a gap."""

    def __init__(self, conn: Connection[Any], rows: Sequence[Recorded], after: int, histories: Histories) -> None:
        self.conn = conn
        self.rows = rows
        self.after = after
        self.until = rows[-1].position
        self._histories = histories
        self._events: dict[int, Event] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def halves(self) -> "tuple[Batch, Batch]":
        """The same events in two batches."""
        half = len(self.rows) // 2
        first = Batch(self.conn, self.rows[:half], self.after, self._histories)
        return first, Batch(self.conn, self.rows[half:], first.until, self._histories)

    def events(self, aggregate: str) -> Iterator[tuple[Recorded, Event]]:
        """The events of one kind of aggregate, in order. Raises Poison."""
        return ((row, self._event(row)) for row in self._rows.get(aggregate, ()))

    def streams(self, aggregate: str) -> dict[UUID, list[Event]]:
        """All events so far of each aggregate of that kind that this batch touches. Raises Poison."""
        return {stream: [event for _, event in rows] for stream, rows in self.recorded(aggregate).items()}

    def recorded(self, aggregate: str) -> dict[UUID, list[tuple[Recorded, Event]]]:
        """The same, each with its row. Raises Poison."""
        touched = {row.stream for row, _ in self.events(aggregate)}
        found: dict[UUID, list[tuple[Recorded, Event]]] = defaultdict(list)
        for row in of_streams(self.conn, touched, self.until) if touched else ():
            found[row.stream].append((row, self._event(row)))
        return found

    def history(self, stream: UUID) -> list[Event]:
        """All events so far of one aggregate, touched or not. Raises Poison."""
        return [self._event(row) for row in of_streams(self.conn, [stream], self.until)]

    @cached_property
    def _rows(self) -> dict[str, list[Recorded]]:
        """By kind of aggregate: each read model asks for its own, and there are many."""
        found: dict[str, list[Recorded]] = defaultdict(list)
        for row in self.rows:
            found[row.topic.partition(".")[0]].append(row)
        return found

    @cached_property
    def steps(self) -> list[Step]:
        """What each event of a lead did to the leads it touches, in order. Raises Poison."""
        rows = ((row, event) for row, event in self.events("lead") if isinstance(event, LeadEvent))
        return self._histories.take(list(rows), self.after, self.until, self._load)

    @cached_property
    def last_steps(self) -> dict[UUID, Step]:
        """For each lead touched, the last of its steps."""
        return {step.lead.id: step for step in self.steps}

    def _event(self, row: Recorded) -> Event:
        """The event of a row; the batch's own are kept, those read beside it are not."""
        event = self._events.get(row.position)
        if event is None:
            event = _decoded(row)
            if row.position > self.after:
                self._events[row.position] = event
        return event

    def _load(self, leads: Iterable[UUID], until: int) -> Iterator[LeadEvent]:
        for event in map(self._event, of_streams(self.conn, leads, until)):
            if isinstance(event, LeadEvent):
                yield event


def _decoded(row: Recorded) -> Event:
    try:
        return decode(row)
    except UNREADABLE as error:
        raise Poison(row, error) from None
