"""The sums of the funnel: how many leads came to a place and left it, by day and by block of positions.

Spans of both axes are powers of two, each sixteen times the one below: a few dozen of them reach from the beginning up
to any day or position. Whatever the batches, a span's sum is that of all that happened in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from projections.funnel_asked import q
from projections.funnel_figures import band_of
from projections.funnel_places import Place
from projections.target import Target

Axis = Literal["day", "position"]
SPANS: Final[dict[Axis, tuple[int, ...]]] = {"day": (0, 4, 8), "position": (13, 17, 21)}
"""The bits of each axis' spans, smallest first."""

Row = tuple[Any, ...]
Moved = dict[tuple[int, Place], int]
"""By the start of the smallest span and a place: how many leads more have it."""


def spans(axis: Axis, past: int) -> Iterator[tuple[int, int, int]]:
    """The largest spans that together reach from the beginning up to `past`, as (bits, first, past the last).

    What is left over is less than the smallest span.
    """
    begun = 0
    for bits in reversed(SPANS[axis]):
        yield bits, begun >> bits, past >> bits
        begun = past >> bits << bits


def start(axis: Axis, at: int) -> int:
    """The smallest span that a day or position lies in."""
    return at >> SPANS[axis][0]


def add(target: Target, moved: Mapping[Axis, Moved]) -> None:
    """Add what a batch moved to every span that it lies in."""
    rows = [row for axis, one in moved.items() for row in _by_dimension(axis, one)]
    if rows:
        target.load("funnel_sum", rows)
        widths = [(axis, bits, bits - sizes[0]) for axis, sizes in SPANS.items() for bits in sizes]
        axes, bits, shifts = map(list, zip(*widths, strict=True))
        target.run(q["add"], {"axes": axes, "bits": bits, "shifts": shifts})
        target.run(q["level"])


def _by_dimension(axis: Axis, moved: Moved) -> Iterable[Row]:
    """Rows of `funnel_sum`, their spans the smallest; `bits` is left to the query that adds them."""
    counted: dict[Row, int] = {}
    worth: dict[Row, int] = {}
    for (begun, place), leads in moved.items():
        if leads:
            fen = leads * place.amount_fen
            for dimension, key in dimensions(place):
                row = (axis, dimension, key, 0, begun, place.status, place.stage, place.reached)
                counted[row] = counted.get(row, 0) + leads
                worth[row] = worth.get(row, 0) + fen
    return [(*row, leads, worth[row]) for row, leads in counted.items() if leads or worth[row]]


def dimensions(place: Place) -> Iterator[tuple[str, str]]:
    """What a place is counted under: each dimension with its key, "" where the lead has none."""
    yield "none", ""
    yield "channel", str(place.channel)
    yield "occasion", str(place.occasion or "")
    yield "country", place.country
    yield "region", place.region or ""
    yield "industry", place.industry
    yield "owner", str(place.owner or "")
    yield "month", place.registered_on.isoformat()[:7]
    yield "band", str(band_of(place.amount_fen))
