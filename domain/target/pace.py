"""The pace of a target: which share of the year's goal is due by the end of each month, and by any day between."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Final

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov")
"""The months whose share may be set; by the end of December all of it is due."""
YEAR: Final = 12
ALL: Final = 100

Pace = Sequence[int | None]
"""For each of MONTHS the share in per cent due by its end; None where it follows evenly from the months around it."""


def shares(pace: Pace) -> list[Fraction]:
    """The share in per cent due by the end of each month, from 0 before January to all of it in December."""
    fixed = {0: 0, YEAR: ALL} | {month: share for month, share in enumerate(pace, 1) if share is not None}
    known = sorted(fixed.items())
    found = [Fraction(0)]
    for (since, low), (until, high) in pairwise(known):
        found += [low + Fraction(high - low, until - since) * step for step in range(1, until - since + 1)]
    return found


def due(goal: int, pace: Pace, year: int, day: date) -> int:
    """What is due by the end of a day, evenly within its month, rounded half up."""
    if day.year != year:
        return 0 if day.year < year else goal
    by_month = shares(pace)
    before, after = by_month[day.month - 1], by_month[day.month]
    share = before + (after - before) * Fraction(day.day, monthrange(year, day.month)[1])
    return int(goal * share / ALL + Fraction(1, 2))


def falling(pace: Pace) -> int | None:
    """The place in MONTHS of the first share that is less than an earlier one; None where none is."""
    highest = 0
    for place, share in enumerate(pace):
        if share is not None and share < highest:
            return place
        highest = max(highest, share or 0)
    return None
