"""The yearly figures as they stand: each with its numbers, the cut-off and what its source printed of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection

from crm import clock
from crm.access import Viewer
from projections import indicators
from projections.indicators import IndicatorFilters, IndicatorRow
from web.pages.filters import year_of
from web.pages.leads import scope_of
from web.pages.year_figures import CHAPTERS, Chapter, Figure
from web.pages.year_numbers import Cut, Found
from web.words import Words


class Line(NamedTuple):
    """A figure's numbers; `printed`: the figure of that name as another source gives it."""

    figure: Figure
    part: Found
    whole: Found | None
    printed: IndicatorRow | None

    @property
    def rate(self) -> str | None:
        """In per cent, rounded half up to one decimal; None for what is no rate, or has nothing below."""
        return (
            Words("zh", date.min).percent(self.part.number, self.whole.number)
            if self.whole and self.whole.number
            else None
        )


class Report(NamedTuple):
    """A year's figures by chapter, and those that are only quoted."""

    cut: Cut
    chapters: list[tuple[Chapter, list[Line]]]
    quoted: list[IndicatorRow]

    @property
    def lines(self) -> Iterator[tuple[Chapter, Line]]:
        return ((chapter, line) for chapter, lines in self.chapters for line in lines)


def cut_of(params: Mapping[str, str], viewer: Viewer) -> Cut:
    """The year asked for, or this one; never beyond today."""
    today = clock.today()
    try:
        year = year_of(params.get("year", "").strip())
    except ValueError:
        year = today.year
    return cut(year, viewer)


def cut(year: int, viewer: Viewer) -> Cut:
    """That year up to its end, or to today where it goes on; of a year to come nothing has happened yet."""
    today, last = clock.today(), date(year, 12, 31)
    return Cut(
        year, min(today, last) if year <= today.year else date(year, 1, 1), last < today, viewer.id, scope_of(viewer)
    )


def report(conn: Connection[Any], asked: Cut) -> Report:
    """Every figure of the year, each asked by its own definition."""
    found = list(indicators.LIST.every(conn, IndicatorFilters(year=asked.year).asked(), sort="name"))
    printed = {row.name: row for row in found}
    chapters = [(one, [_line(conn, figure, asked, printed) for figure in one.figures]) for one in CHAPTERS]
    shown = {figure.name.zh for chapter in CHAPTERS for figure in chapter.figures}
    return Report(asked, chapters, [row for row in found if row.name not in shown])


def _line(conn: Connection[Any], figure: Figure, asked: Cut, printed: Mapping[str, IndicatorRow]) -> Line:
    whole = figure.whole.ask(conn, asked) if figure.whole else None
    return Line(figure, figure.part.ask(conn, asked), whole, printed.get(figure.name.zh))
