"""What is asked of the rates, read from an address: the period in which cohorts begin, how they are split, both clocks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from psycopg import Connection

from crm import clock
from crm.access import Viewer
from domain.base import Text
from projections import rates
from projections.changes import Point
from projections.rates import BY
from web.pages.facts import Names
from web.pages.filters import Asked, Filter, asked, year_of
from web.pages.leads import scope_of
from web.pages.moments import Moment, moment, rules_at

BY_TEXTS: Final[Mapping[str, Text]] = {
    "none": Text("不分列", "Not split"),
    "channel": Text("渠道", "Channel"),
    "month": Text("月份", "Month"),
}
NO_GROUP: Final = "none"
"""What an address says of those that are in no group."""
_BACKWARDS: Final = Text("不能早于起始日期。", "It cannot lie before the first day.")


class Period(NamedTuple):
    """What was read: a year, or days; how it is split."""

    year: int | None = None
    day_from: date | None = None
    day_to: date | None = None
    by: str = "none"


class Question(NamedTuple):
    """The rates asked for: as typed, by which clocks, and as the read model takes it."""

    typed: Asked
    moment: Moment
    asked: rates.Asked
    by: str

    @property
    def carried(self) -> dict[str, str]:
        """What a link to a list or a file carries on."""
        return {**self.typed.typed, **self.moment.question.days}

    @property
    def cut_off(self) -> date:
        return self.asked.point.as_at or clock.today()


def _by(text: str) -> str:
    if text not in BY:
        raise ValueError(text)
    return text


def _said(text: str, _names: Names) -> Text:
    return BY_TEXTS[text]


FILTERS: Final[Mapping[str, Filter]] = {
    "year": Filter(Text("年度", "Year"), "year", year_of),
    "day_from": Filter(Text("起始日期", "From"), "day_from", date.fromisoformat),
    "day_to": Filter(Text("截止日期", "To"), "day_to", date.fromisoformat),
    "by": Filter(Text("分列", "Split by"), "by", _by, _said),
}


def read(conn: Connection[Any], params: Mapping[str, str], viewer: Viewer) -> Question:
    """Where nothing is asked for: the year of the cut-off, not split."""
    at = moment(conn, params)
    typed = asked(params, FILTERS, Period)
    period: Period = typed.filters
    first, last = _days(period, at.point.as_at or clock.today())
    if first > last:
        typed = replace(typed, errors={**typed.errors, "day_to": _BACKWARDS})
        last = date(first.year, 12, 31)
    excluded = sorted(rules_at(conn, at.point).counting.excluded)
    return Question(typed, at, rates.Asked(first, last, at.point, scope_of(viewer), excluded), period.by)


def _days(period: Period, cut_off: date) -> tuple[date, date]:
    year = period.year or (period.day_from or period.day_to or cut_off).year
    return period.day_from or date(year, 1, 1), period.day_to or date(year, 12, 31)


def this_year(conn: Connection[Any], viewer: Viewer) -> rates.Asked:
    """The rates of the present year, as it stands."""
    excluded = sorted(rules_at(conn, Point()).counting.excluded)
    today = clock.today()
    return rates.Asked(date(today.year, 1, 1), date(today.year, 12, 31), Point(), scope_of(viewer), excluded)
