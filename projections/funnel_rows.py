"""How events become intervals of the funnel, event by event: where each lead stood on each day, as known from when on."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from domain.funnel import Standing
from projections.batch import Batch
from projections.engine import ReadModel
from projections.funnel_asked import q
from projections.funnel_figures import band_of
from projections.histories import Step
from projections.sql import Queries
from projections.target import Target

STILL_KNOWN = 2**63 - 1
STILL_HOLDS = date.max


class Place(NamedTuple):
    """All that the funnel asks of a lead's standing."""

    status: str
    stage: int
    reached: int
    channel: UUID
    occasion: UUID | None
    owner: UUID | None
    country: str
    region: str | None
    industry: str
    amount_fen: int
    registered_on: date


class Span(NamedTuple):
    """A place held from one day up to another, known from a position on."""

    from_on: date
    to_on: date
    place: Place
    known_from: int


Row = tuple[Any, ...]


class Funnel(ReadModel):
    name: ClassVar[str] = "funnel"
    sql: ClassVar[Queries] = q
    VERSION: ClassVar[int] = 2

    def project(self, target: Target, batch: Batch) -> None:
        fresh = {step.lead.id for step in batch.steps if step.row.version == 1}
        before = _known(target, {step.lead.id for step in batch.steps} - fresh)
        now = {lead: list(spans) for lead, spans in before.items()}
        rows: dict[tuple[UUID, int, date], Row] = {}
        for step in batch.steps:
            spans = now.get(step.lead.id, [])
            now[step.lead.id] = list(_taken_in(step, spans, rows))
        target.put("funnel_interval", rows.values())
        _move(target, before, now)


def _known(target: Target, leads: set[UUID]) -> dict[UUID, list[Span]]:
    found: dict[UUID, list[Span]] = defaultdict(list)
    for lead, from_on, to_on, known_from, *place in target.rows(q["current"], {"leads": list(leads)}) if leads else ():
        found[lead].append(Span(from_on, to_on, Place._make(place), known_from))
    return found


def _taken_in(step: Step, spans: Sequence[Span], rows: dict[tuple[UUID, int, date], Row]) -> Iterator[Span]:
    """The lead's spans after the step. What is new, and what ends to be known, is put into `rows`."""
    lead, position = step.lead.id, step.row.position
    known = {span[:3]: span for span in spans}
    for from_on, to_on, place in _periods(_places(step, spans)):
        span = known.pop((from_on, to_on, place), None)
        if span is None:
            span = Span(from_on, to_on, place, position)
            rows[lead, position, from_on] = _row(lead, span, STILL_KNOWN)
        yield span
    for span in known.values():
        rows[lead, span.known_from, span.from_on] = _row(lead, span, position)


def _places(step: Step, spans: Sequence[Span]) -> list[tuple[date, Place]]:
    """The days on which the lead's place changed, with the place it then took."""
    told = [(step.day, step.standing)] if step.timeline is None else step.timeline
    places = [(span.from_on, span.place) for span in spans] if step.timeline is None else []
    for day, standing in told:
        if not standing.counts:
            continue
        place = _place(standing)
        if places and places[-1][0] == day:
            places.pop()
        if not places or places[-1][1] != place:
            places.append((day, place))
    return places


def _periods(places: Sequence[tuple[date, Place]]) -> Iterator[tuple[date, date, Place]]:
    ends = [*(day for day, _ in places[1:]), STILL_HOLDS]
    for (day, place), end in zip(places, ends[: len(places)], strict=True):
        yield day, end, place


def _place(standing: Standing) -> Place:
    now = standing.attributes
    amount = now.get("amount")
    return Place(
        str(standing.status),
        standing.stage.order if standing.stage else 0,
        standing.reached.order if standing.reached else 0,
        now["channel"],
        now.get("occasion"),
        now.get("owner"),
        now["country"],
        now.get("region"),
        str(now["industry"]),
        amount.fen if amount else 0,
        standing.registered_on or date.min,
    )


def _row(lead: UUID, span: Span, known_to: int) -> Row:
    return (lead, span.known_from, span.from_on, known_to, span.to_on, *span.place)


# ── the movements of each day ───────────────────────────────────────────────────────────────────────────────────────


def _move(target: Target, before: Mapping[UUID, Sequence[Span]], now: Mapping[UUID, Sequence[Span]]) -> None:
    """Change the daily movements by what differs between the spans before and now."""
    leads: Counter[Row] = Counter()
    for lead, spans in now.items():
        had, has = ({span[:3] for span in held} for held in (before.get(lead, ()), spans))
        for change, periods in ((1, has - had), (-1, had - has)):
            for from_on, to_on, place in periods:
                leads[from_on, place] += change
                if to_on != STILL_HOLDS:
                    leads[to_on, place] -= change
    rows = list(_daily(leads))
    if rows:
        target.load("funnel_daily", rows)
        target.run(q["move"])
        target.run(q["level"])


def _daily(moved: Mapping[Row, int]) -> Iterable[Row]:
    counted: Counter[Row] = Counter()
    worth: Counter[Row] = Counter()
    for (day, place), leads in moved.items():
        if not leads:
            continue
        for dimension, key in dimensions(place):
            row = (dimension, key, day, place.status, place.stage, place.reached)
            counted[row] += leads
            worth[row] += leads * place.amount_fen
    return [(*row, leads, worth[row]) for row, leads in counted.items() if leads or worth[row]]


def dimensions(place: Place) -> Iterator[tuple[str, str]]:
    """What a place is counted under: each dimension with its key, "" where the lead has none."""
    yield "none", ""
    for name in ("channel", "occasion", "country", "region", "industry", "owner"):
        value = getattr(place, name)
        yield name, "" if value is None else str(value)
    yield "month", place.registered_on.isoformat()[:7]
    yield "band", str(band_of(place.amount_fen))
