"""How events become intervals of the funnel, event by event: where each lead stood on each day, as known from when on."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from projections.activity_days import SHANGHAI
from projections.batch import Batch
from projections.engine import ReadModel
from projections.funnel_asked import q
from projections.funnel_places import STILL_HOLDS, STILL_KNOWN, Place, Span, place_of
from projections.funnel_sums import Axis, Moved, add, start
from projections.histories import Step
from projections.sql import Queries
from projections.target import Target

Row = tuple[Any, ...]
Spans = list[Span]
DAY = timedelta(days=1)


class Funnel(ReadModel):
    name: ClassVar[str] = "funnel"
    sql: ClassVar[Queries] = q
    VERSION: ClassVar[int] = 3

    def project(self, target: Target, batch: Batch) -> None:
        fresh = {step.lead.id for step in batch.steps if step.row.version == 1}
        changes = _Changes(_known(target, {step.lead.id for step in batch.steps} - fresh))
        for step in batch.steps:
            changes.take(step)
        target.put("funnel_interval", changes.rows.values())
        target.put("funnel_late", changes.late)
        add(target, changes.moved)


def _known(target: Target, leads: set[UUID]) -> dict[UUID, Spans]:
    found: dict[UUID, Spans] = defaultdict(list)
    rows = target.rows(q["current"], {"leads": list(leads)}) if leads else ()
    for lead, from_on, to_on, known_from, ended_at, *place in rows:
        found[lead].append(Span(from_on, to_on, Place._make(place), known_from, ended_at))
    return found


class _Changes:
    """What a batch changes: rows of intervals by their key, those recorded late or ahead, and what moved on each axis."""

    def __init__(self, known: dict[UUID, Spans]) -> None:
        self.known = known
        self.rows: dict[tuple[UUID, int, date], Row] = {}
        self.late: list[Row] = []
        self.moved: dict[Axis, Moved] = {"day": {}, "position": {}}

    def take(self, step: Step) -> None:
        had = self.known.get(step.lead.id, [])
        if step.timeline is not None:
            has = _again(step, had)
        elif not step.standing.counts or (has := _onward(step, had)) is had:
            return
        self.known[step.lead.id] = has
        self._keep(step, had, has)

    def _keep(self, step: Step, had: Spans, has: Spans) -> None:
        before, after = set(had), set(has)
        gone, come = before - after, after - before
        ended = {span[3:4] + span[:1]: span for span in come}
        for span in gone:
            if (span.known_from, span.from_on) not in ended:
                self._row(step.lead.id, span, step.row.position)
        for span in come:
            self._row(step.lead.id, span, STILL_KNOWN)
        self._move(step, had, has, gone, come)

    def _row(self, lead: UUID, span: Span, known_to: int) -> None:
        self.rows[lead, span.known_from, span.from_on] = (
            lead, span.known_from, span.from_on, known_to, span.ended_at, span.to_on, *span.place,
        )  # fmt: skip

    def _move(self, step: Step, had: Spans, has: Spans, gone: set[Span], come: set[Span]) -> None:
        days: dict[tuple[date, Place], int] = {}
        for sign, spans in ((-1, gone), (1, come)):
            for span in spans:
                _count(days, (span.from_on, span.place), sign)
                if span.to_on != STILL_HOLDS:
                    _count(days, (span.to_on, span.place), -sign)
        for (day, place), leads in days.items():
            _count(self.moved["day"], (start("day", day.toordinal()), place), leads)
        changed = [day for (day, _), leads in days.items() if leads]
        if changed:
            self._date(step, min(changed), max(changed))
        block = start("position", step.row.position)
        for sign, spans in ((-1, had), (1, has)):
            if spans:
                _count(self.moved["position"], (block, spans[-1].place), sign)

    def _date(self, step: Step, first: date, last: date) -> None:
        """Keep that it was not recorded on the very day it speaks of."""
        recorded = step.row.recorded_at.astimezone(SHANGHAI).date()
        if first != recorded or last != recorded:
            lag = max((recorded - first).days, 0).bit_length()
            self.late.append((step.row.position, step.lead.id, first, last, lag, last > recorded))


def _count(counted: dict[Any, int], key: Any, by: int) -> None:
    counted[key] = counted.get(key, 0) + by


def _onward(step: Step, had: Spans) -> Spans:
    """The spans after a step that comes last; the same list where it changed nothing that the funnel asks."""
    place = place_of(step.standing)
    last = had[-1] if had else None
    if last is None:
        return [Span(step.day, STILL_HOLDS, place, step.row.position)]
    if last.place == place:
        return had
    if last.from_on == step.day:
        return _again(step, had)
    ended = last._replace(to_on=step.day, ended_at=step.row.position)
    return [*had[:-1], ended, Span(step.day, STILL_HOLDS, place, step.row.position)]


def _again(step: Step, had: Spans) -> Spans:
    """The spans after a step that changed the past: those that are as they were stay known."""
    position = step.row.position
    known = {span[:3]: span for span in had}
    open_ended = had[-1] if had else None
    found = []
    for from_on, to_on, place in _periods(_places(step, had)):
        span = known.get((from_on, to_on, place))
        if span is None and open_ended and (from_on, place) == (open_ended.from_on, open_ended.place):
            # It held for good until now: only its end is news.
            span = open_ended._replace(to_on=to_on, ended_at=position)
        elif span is None:
            span = Span(from_on, to_on, place, position, STILL_KNOWN if to_on == STILL_HOLDS else position)
        found.append(span)
    return found


def _places(step: Step, spans: Sequence[Span]) -> list[tuple[date, Place]]:
    """The days on which the lead's place changed, with the place it then took."""
    told = [(step.day, step.standing)] if step.timeline is None else step.timeline
    places = [(span.from_on, span.place) for span in spans] if step.timeline is None else []
    for day, standing in told:
        if not standing.counts:
            continue
        place = place_of(standing)
        if places and places[-1][0] == day:
            places.pop()
        if not places or places[-1][1] != place:
            places.append((day, place))
    return places


def _periods(places: Sequence[tuple[date, Place]]) -> Iterator[tuple[date, date, Place]]:
    ends = [*(day for day, _ in places[1:]), STILL_HOLDS]
    for (day, place), end in zip(places, ends[: len(places)], strict=True):
        yield day, end, place
