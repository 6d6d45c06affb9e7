"""The slider over the funnel: one stop a month, from that of the first registration up to today."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from fastapi import Request
from psycopg import Connection

from crm import clock
from projections import funnel, funnel_past
from projections.paging import Scope, Totals
from web.html import url_for
from web.pages.funnel_question import Question, end_of, month_end, month_number
from web.words import SHANGHAI, Words


class Stop(NamedTuple):
    """A stop of the slider: the number of its month, the day it shows, and what that is called."""

    month: int
    day: date
    label: str


class Replay(NamedTuple):
    """The slider as it is drawn: its stops, the one it stands at, and where a step leads (None at an end)."""

    stops: list[Stop]
    at: Stop
    label: str
    before: str | None
    after: str | None


class Clocks(NamedTuple):
    """How many leads count otherwise as known then than as known today; since when there are records, if only later."""

    apart: Totals
    since: date | None


def replay(request: Request, question: Question, first: date | None) -> Replay | None:
    """The slider for this question; None where nothing was ever registered."""
    today, words = clock.today(), request.state.words
    if first is None or first > today:
        return None
    stops = [_stop(month, today, words) for month in range(month_number(first), month_number(today) + 1)]
    day = question.as_at or today
    place = min(max(month_number(day), stops[0].month), stops[-1].month) - stops[0].month
    at, step = stops[place], _stepper(request, question)
    # A day inside a month stands before that month's own stop, and after the one before it.
    after = at if day < at.day else next(iter(stops[place + 1 :]), None)
    before = at if day > at.day else stops[place - 1] if place else None
    label = at.label if day == at.day else words.day(day)
    return Replay(stops, at, label, before and step(before), after and step(after))


def _stop(month: int, today: date, words: Words) -> Stop:
    day = month_end(month, today)
    label = words.t("今天 {day}", "Today, {day}", day=words.day(day)) if day == today else words.day(day)
    return Stop(month, day, label)


def _stepper(request: Request, question: Question) -> Callable[[Stop], str]:
    def step(stop: Stop) -> str:
        day = stop.day.isoformat()
        known = {"known_at": day} if question.then else {}
        return url_for(request, "funnel", **{**question.kept, "as_at": day, **known})

    return step


def clocks(conn: Connection[Any], question: Question, scope: Scope) -> Clocks | None:
    """Both clocks compared, for a past day or for what was known on one; None where they are one and the same."""
    day = question.as_at or clock.today()
    moment = question.known_at or end_of(day)
    if moment >= clock.now():
        return None
    position = funnel.position_at(conn, moment)
    began = funnel_past.recorded_since(conn)
    asked: dict[str, Any] = {"group_by": question.group_by, "filters": question.filters, "scope": scope}
    return Clocks(_apart(conn, question.as_at, position, asked), _shanghai(began) if began and began > moment else None)


def _apart(conn: Connection[Any], as_at: date | None, position: int, asked: dict[str, Any]) -> Totals:
    if not position:  # nothing was known: whatever is known today is more
        return Totals(funnel.funnel(conn, as_at=as_at, **asked).total.registered, 0)
    return funnel_past.apart(conn, as_at, position, **asked)


def _shanghai(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
