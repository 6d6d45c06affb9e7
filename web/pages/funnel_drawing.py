"""The funnel's shape: per stage a band that tapers towards the next one, and within it what stands there now."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from projections.funnel import Figures

WIDTH: Final = 400
HEIGHT: Final = 56
_THINNEST: Final = 6
_MOUTH: Final = 0.9
"""How much of its width the last band keeps at its lower end."""


class Band(NamedTuple):
    """One stage of the drawing: its figures, those of the next stage, and two polygons in a WIDTH × HEIGHT box."""

    figures: Figures
    following: Figures | None
    outline: str
    core: str


def bands(stages: Sequence[Figures], scale: int = 0) -> list[Band]:
    """The bands from the widest stage down, in proportion to how many leads reached each.

    `scale`: so many are as wide as the box, where they are more than those drawn; months in a row share one scale.
    """
    widest = max((scale, *(figures.reached for figures in stages)))
    widths = [_width(figures.reached, widest) for figures in stages]
    lower = [*widths[1:], widths[-1] * _MOUTH] if widths else []
    following: list[Figures | None] = [*stages[1:], None]
    return [
        Band(figures, after, _trapezium(upper, below), _core(figures, upper, below))
        for figures, after, upper, below in zip(stages, following, widths, lower, strict=True)
    ]


def _width(count: int, widest: int) -> float:
    return max(WIDTH * count / widest, _THINNEST) if count else 0.0


def _core(figures: Figures, upper: float, below: float) -> str:
    """What stands at the stage, as its share of the band. After falling back more may stand than the band is wide."""
    share = min(figures.standing / figures.reached, 1) if figures.reached else 0
    return _trapezium(upper * share, below * share) if share else ""


def _trapezium(upper: float, below: float) -> str:
    middle = WIDTH / 2
    corners = (
        (middle - upper / 2, 0),
        (middle + upper / 2, 0),
        (middle + below / 2, HEIGHT),
        (middle - below / 2, HEIGHT),
    )
    return " ".join(f"{x:.1f},{y}" for x, y in corners)
