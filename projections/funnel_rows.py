"""How events become intervals of the funnel, event by event: where each lead stood on each day, as known from when on."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from projections.activity_days import SHANGHAI
from projections.batch import Batch
from projections.engine import ReadModel
from projections.funnel_asked import q
from projections.funnel_places import STILL_HOLDS, STILL_KNOWN, Place, Span, place_of
from projections.funnel_sums import Move, add
from projections.histories import Step
from projections.sql import Queries
from projections.target import Target

Row = tuple[Any, ...]
Spans = list[Span]
Period = tuple[date, date, Place]


class Funnel(ReadModel):
    name: ClassVar[str] = "funnel"
    sql: ClassVar[Queries] = q
    VERSION: ClassVar[int] = 3
    WEIGHT: ClassVar[int] = 9

    def project(self, target: Target, batch: Batch) -> None:
        fresh = {step.lead.id for step in batch.steps if step.row.version == 1}
        changes = _Changes(_known(target, {step.lead.id for step in batch.steps} - fresh))
        for step in batch.steps:
            changes.take(step)
        target.put("funnel_interval", changes.rows.values())
        target.put("funnel_late", changes.late)
        add(target, changes.moves)


def _known(target: Target, leads: set[UUID]) -> dict[UUID, Spans]:
    found: dict[UUID, Spans] = defaultdict(list)
    rows = target.rows(q["current"], {"leads": list(leads)}) if leads else ()
    for lead, from_on, to_on, known_from, ended_at, *place in rows:
        found[lead].append(Span(from_on, to_on, Place._make(place), known_from, ended_at))
    return found


class _Changed(NamedTuple):
    """The spans of a lead after a step: those that are gone with it, those that have come, and all."""

    gone: Sequence[Span]
    come: Sequence[Span]
    all: Spans


class _Changes:
    """What a batch changes: rows of intervals by their key, those recorded late or ahead, and what moved on each axis."""

    def __init__(self, known: dict[UUID, Spans]) -> None:
        self.known = known
        self.rows: dict[tuple[UUID, int, date], Row] = {}
        self.late: list[Row] = []
        self.moves: list[Move] = []

    def take(self, step: Step) -> None:
        had = self.known.get(step.lead.id, [])
        changed = _onward(step, had) if step.timeline is None else _again(step, had)
        if changed is not None:
            self.known[step.lead.id] = changed.all
            self._keep(step, changed)
            self._move(step, had, changed)

    def _keep(self, step: Step, changed: _Changed) -> None:
        kept = {(span.known_from, span.from_on) for span in changed.come}
        for span in changed.gone:
            if (span.known_from, span.from_on) not in kept:
                self._row(step.lead.id, span, step.row.position)
        for span in changed.come:
            self._row(step.lead.id, span, STILL_KNOWN)

    def _row(self, lead: UUID, span: Span, known_to: int) -> None:
        self.rows[lead, span.known_from, span.from_on] = (
            lead, span.known_from, span.from_on, known_to, span.ended_at, span.to_on, *span.place,
        )  # fmt: skip

    def _move(self, step: Step, had: Spans, changed: _Changed) -> None:
        days = _turns(changed)
        self.moves += [Move("day", day.toordinal(), place, leads) for day, place, leads in days]
        for sign, spans in ((-1, had), (1, changed.all)):
            if spans:
                self.moves.append(Move("position", step.row.position, spans[-1].place, sign))
        if days:
            self._date(step, min(day for day, _, _ in days), max(day for day, _, _ in days))

    def _date(self, step: Step, first: date, last: date) -> None:
        """Keep that it was not recorded on the very day it speaks of."""
        recorded = step.row.recorded_at.astimezone(SHANGHAI).date()
        if first != recorded or last != recorded:
            lag = max((recorded - first).days, 0).bit_length()
            self.late.append((step.row.position, step.lead.id, first, last, lag, last > recorded))


def _turns(changed: _Changed) -> list[tuple[date, Place, int]]:
    """On which days one lead more (1) or less (-1) turns to a place than before."""
    turned: list[tuple[date, Place, int]] = []
    for sign, spans in ((-1, changed.gone), (1, changed.come)):
        for span in spans:
            _turn(turned, span.from_on, span.place, sign)
            if span.to_on != STILL_HOLDS:
                _turn(turned, span.to_on, span.place, -sign)
    return turned


def _turn(turned: list[tuple[date, Place, int]], day: date, place: Place, leads: int) -> None:
    """Add one turn, or take back its opposite."""
    opposite = (day, place, -leads)
    if opposite in turned:
        turned.remove(opposite)
    else:
        turned.append((day, place, leads))


def _onward(step: Step, had: Spans) -> _Changed | None:
    """After a step that comes last; None where it changes nothing that the funnel asks."""
    if not step.standing.counts:
        return None
    place, day, position = place_of(step.standing), step.day, step.row.position
    come = Span(day, STILL_HOLDS, place, position)
    if not had:
        return _Changed([], [come], [come])
    last = had[-1]
    if last.place == place:
        return None
    if last.from_on == day:
        return _again(step, had)
    ended = last._replace(to_on=day, ended_at=position)
    return _Changed([last], [ended, come], [*had[:-1], ended, come])


def _again(step: Step, had: Spans) -> _Changed | None:
    """After a step that may have changed the past: those spans that are as they were stay known."""
    known = {span[:3]: span for span in had}
    last = had[-1] if had else None
    found = [known.get(period) or _span(period, last, step.row.position) for period in _periods(_places(step, had))]
    before, after = set(had), set(found)
    if before == after:
        return None
    return _Changed([one for one in had if one not in after], [one for one in found if one not in before], found)


def _span(period: Period, last: Span | None, position: int) -> Span:
    from_on, to_on, place = period
    if last and (last.from_on, last.place) == (from_on, place) and last.to_on == STILL_HOLDS:
        # It held for good until now: only its end is news.
        return last._replace(to_on=to_on, ended_at=position)
    return Span(from_on, to_on, place, position, STILL_KNOWN if to_on == STILL_HOLDS else position)


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


def _periods(places: Sequence[tuple[date, Place]]) -> Iterator[Period]:
    ends = [*(day for day, _ in places[1:]), STILL_HOLDS]
    for (day, place), end in zip(places, ends[: len(places)], strict=True):
        yield day, end, place
