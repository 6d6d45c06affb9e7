"""The sums of the funnel: how many leads came to a place and left it, by day and by block of positions.

Spans of both axes are powers of two, each sixteen times the one below: a few dozen of them reach from the beginning up
to any day or position. Whatever the batches, a span's sum is that of all that happened in it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple

from projections.funnel_asked import q
from projections.funnel_figures import band_of
from projections.funnel_places import Place
from projections.target import Target

Axis = Literal["day", "position"]
SPANS: Final[dict[Axis, tuple[int, ...]]] = {"day": (0, 4, 8), "position": (13, 17, 21)}
"""The bits of each axis' spans, smallest first."""
WHOLE: Final[dict[Axis, tuple[int, ...]]] = {"day": (0, 4, 8), "position": (9, 13, 17, 21)}
"""The same of the dimension "none", which has few sums, however many spans."""

Row = tuple[Any, ...]


class Move(NamedTuple):
    """A lead that came to a place (`leads` is 1) or left it (-1), at a day or position of an axis."""

    axis: Axis
    at: int
    place: Place
    leads: int


def sizes(axis: Axis, dimension: str) -> tuple[int, ...]:
    return (WHOLE if dimension == "none" else SPANS)[axis]


def spans(axis: Axis, dimension: str, past: int) -> Iterator[tuple[int, int, int]]:
    """The largest spans that together reach from the beginning up to `past`, as (bits, first, past the last).

    What is left over is less than the smallest span.
    """
    begun = 0
    for bits in reversed(sizes(axis, dimension)):
        yield bits, begun >> bits, past >> bits
        begun = past >> bits << bits


def add(target: Target, moves: Iterable[Move]) -> None:
    """Add what a batch moved to every span that it lies in."""
    rows = _by_dimension(moves)
    if rows:
        target.load("funnel_sum", rows)
        axes, smallest, bits = map(list, zip(*_widths(), strict=True))
        target.run(q["add"], {"axes": axes, "smallest": smallest, "bits": bits})
        target.run(q["level"])


def _widths() -> set[tuple[Axis, int, int]]:
    return {(axis, one[axis][0], bits) for one in (SPANS, WHOLE) for axis in one for bits in one[axis]}


def _by_dimension(moves: Iterable[Move]) -> list[Row]:
    """Rows of `funnel_sum`, their spans the smallest."""
    found: dict[Row, list[int]] = {}
    known: dict[int, list[tuple[str, str]]] = {}
    for move in moves:
        place = move.place
        # The same object comes again and again, and hashing all that it holds is slow.
        keys = known.get(id(place)) or known.setdefault(id(place), dimensions(place))
        few, many = WHOLE[move.axis][0], SPANS[move.axis][0]
        for dimension, key in keys:
            bits = many if dimension != "none" else few
            row = (move.axis, dimension, key, bits, move.at >> bits, place.status, place.stage, place.reached)
            sums = found.get(row)
            if sums is None:
                found[row] = sums = [0, 0]
            sums[0] += move.leads
            sums[1] += move.leads * place.amount_fen
    return [(*row, leads, fen) for row, (leads, fen) in found.items() if leads or fen]


def dimensions(place: Place) -> list[tuple[str, str]]:
    """What a place is counted under: each dimension with its key, "" where the lead has none."""
    return [
        ("none", ""),
        ("channel", str(place.channel)),
        ("occasion", str(place.occasion or "")),
        ("country", place.country),
        ("region", place.region or ""),
        ("industry", place.industry),
        ("owner", str(place.owner or "")),
        ("month", place.registered_on.isoformat()[:7]),
        ("band", str(band_of(place.amount_fen))),
    ]
