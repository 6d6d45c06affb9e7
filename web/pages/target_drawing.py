"""A target's pace and what was attained, as lines drawn by the server."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from domain.target.pace import YEAR


class PaceChart(NamedTuple):
    """Lines as points of a square of 100 by 100 whose zero is above; `top` is the value at its upper edge."""

    ticks: Sequence[tuple[float, str]]
    today: float
    plan: str
    actual: str
    dots: Sequence[tuple[float, float, date, int]]
    top: int


def at(day: date) -> float:
    """The place of the end of a day within its year, in per cent."""
    first = date(day.year, 1, 1)
    return round(100 * ((day - first).days + 1) / ((date(day.year, 12, 31) - first).days + 1), 2)


def chart(due: Sequence[tuple[date, int]], actual: Sequence[tuple[date, int]], until: date, goal: int) -> PaceChart:
    """What is due and what was attained, both by day; both begin with nothing."""
    top = max([goal, 1, *(value for _, value in actual)])
    year = due[0][0].year
    months = [(at(date(year, month, 1)), f"{year}-{month:02}") for month in range(1, YEAR + 1, 3)]
    dots = [(at(day), _height(value, top), day, value) for day, value in actual]
    here = at(until) if until.year == year else 0.0
    return PaceChart(months, here, _line(due, top), _line(actual, top), dots, top)


def _line(points: Sequence[tuple[date, int]], top: int) -> str:
    return " ".join(["0,100", *(f"{at(day)},{_height(value, top)}" for day, value in points)])


def _height(value: int, top: int) -> float:
    return round(100 - 100 * value / top, 2)
