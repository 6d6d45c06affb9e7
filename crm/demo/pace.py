"""How much of a life is entered: the demo tells much of everybody, a large district little of most and much of a few."""

from typing import Final, NamedTuple


class Pace(NamedTuple):
    """One lead in `talked` is talked with until its end, every so many days (`between`); of the others only steps are told.

    `late` is the share of that which is entered weeks after it happened. `yearly`: the last full year is told whole, with
    an edition of every occasion and what the report tells of; else all is told of the time before today.
    """

    talked: int
    between: tuple[int, int]
    late: float
    yearly: bool = False


DEMO: Final = Pace(talked=1, between=(9, 45), late=0.12, yearly=True)
LEAN: Final = Pace(talked=13, between=(2, 36), late=0.15)
"""Five events a lead: a million leads make five millions."""
