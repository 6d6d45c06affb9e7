"""Aggregates that can be corrected, as intervals by both clocks: what each was on every day, as known at every position.

A row holds for the positions from `known_from` up to, not including, `known_to`, and for the days from `from_on` up to,
not including, `to_on`. What is still known has the last position, what still holds the last day: the present is both.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from domain.correctable import Correctable, State
from domain.facts import Fact, known, sequence
from projections.batch import Batch
from projections.engine import ReadModel
from projections.stored import Recorded
from projections.target import Target

STILL_KNOWN: Final = 2**63 - 1
STILL_HOLDS: Final = date.max
Columns = tuple[Any, ...]
"""What a row holds beside key and ends; an array is a tuple here, so that spans can be compared."""


class Span(NamedTuple):
    """What it was from one day up to another."""

    from_on: date
    to_on: date
    columns: Columns


class Intervals(ReadModel):
    """A subclass names the aggregate and its table, and says how a state becomes the columns after the key and the ends."""

    kind: ClassVar[type[Correctable]]
    table: ClassVar[str]

    def columns(self, state: Any, first: Recorded) -> Columns | None:
        """The columns of a state; None for one that counts nowhere. `first` is the row that began it."""
        raise NotImplementedError(type(self))

    def project(self, target: Target, batch: Batch) -> None:
        streams = batch.recorded(self.kind.NAME)
        target.put(self.table, [row for one in streams.items() for row in self._rows(*one, batch.after)])

    def _rows(self, id: UUID, rows: Sequence[tuple[Recorded, Any]], after: int) -> Iterator[tuple[Any, ...]]:
        """Of all intervals of one aggregate those that events after position `after` began or ended."""
        told, since = _Told(self, rows[0][0]), dict[Span, int]()
        for row, event in rows:
            ended, begun = told.with_event(id, event)
            for span in ended:
                known_from = since.pop(span)
                if row.position > after:
                    yield _row(id, span, known_from, row.position)
            since |= dict.fromkeys(begun, row.position)
        yield from (_row(id, span, began, STILL_KNOWN) for span, began in since.items() if began > after)


def _row(id: UUID, span: Span, known_from: int, known_to: int) -> tuple[Any, ...]:
    columns = (list(value) if isinstance(value, tuple) else value for value in span.columns)
    return (id, known_from, span.from_on, known_to, span.to_on, *columns)


Change = tuple[Sequence[Span], Sequence[Span]]
"""The spans that are no longer known, and those that are known instead."""


class _Told:
    """One aggregate as its events are told one by one. An event that comes last only leads the last state on."""

    def __init__(self, model: Intervals, first: Recorded) -> None:
        self._model = model
        self._first = first
        self._events: list[Fact] = []
        self._last: Fact | None = None
        self._state: State = model.kind.START
        self._spans: list[Span] = []

    def with_event(self, id: UUID, event: Fact) -> Change:
        """What is known otherwise once that event is known."""
        self._events.append(event)
        if event.correction() is None and self._goes_on(event):
            return self._take(event)
        before, self._spans = self._spans, []
        self._last, self._state = None, self._model.kind.START
        for fact in known(self._events, id)[0]:
            self._take(fact)
        kept = set(before) & set(self._spans)
        return [span for span in before if span not in kept], [span for span in self._spans if span not in kept]

    def _goes_on(self, event: Fact) -> bool:
        return len(self._events) == 1 or (self._last is not None and sequence(event) > sequence(self._last))

    def _take(self, fact: Fact) -> Change:
        self._last, self._state = fact, self._state.after(fact)
        columns = self._model.columns(self._state, self._first)
        if self._spans and self._spans[-1].to_on == STILL_HOLDS and self._spans[-1].columns == columns:
            return (), ()
        return self._changed(fact.occurred_on, columns)

    def _changed(self, day: date, columns: Columns | None) -> Change:
        """It is otherwise from that day on; what was begun that same day never was."""
        ended = [self._spans.pop()] if self._spans and self._spans[-1].to_on == STILL_HOLDS else []
        begun = [Span(one.from_on, day, one.columns) for one in ended if one.from_on < day]
        if columns is not None and not begun and self._spans and self._spans[-1][1:] == (day, columns):
            ended.append(self._spans.pop())  # back to what it was before that day
            day = ended[-1].from_on
        begun += [Span(day, STILL_HOLDS, columns)] if columns is not None else []
        self._spans += begun
        return ended, begun
