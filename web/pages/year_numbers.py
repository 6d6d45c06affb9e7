"""The numbers that yearly figures are made of: each is asked once, and leads to what it counts.

A number that a list can show is the total of that list: its address says what is counted, so the two cannot differ.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from projections.changes import Point
from projections.paging import EVERYTHING, Scope
from web.pages.company_filters import COMPANIES
from web.pages.matchmaking_filters import OUTCOMES
from web.pages.problem_filters import PROBLEMS
from web.pages.procedure_filters import PROCEDURES
from web.pages.project_filters import PROJECTS
from web.pages.record_list import RecordList
from web.pages.service_filters import SERVICES


@dataclass(frozen=True)
class Cut:
    """The year that is asked about, up to and with `until`; `over`: it ends there. `scope`: the leads the viewer may see."""

    year: int
    until: date
    over: bool
    viewer: UUID
    scope: Scope = EVERYTHING

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def point(self) -> Point:
        """The end of the year; while that is to come, all that is known."""
        return Point(self.until if self.over else None)

    @property
    def planned_on(self) -> date:
        """The day by which a year's plan stands: the end of February."""
        return min(date(self.year, 2, 28), self.until)

    def filled(self, params: Mapping[str, str]) -> dict[str, str]:
        """The parameters of an address with the year's days in them, and the day as at which it is asked."""
        days = {"year": self.year, "first": self.first, "until": self.until, "planned_on": self.planned_on}
        ended = {"as_at": self.until.isoformat()} if self.over else {}
        return ended | {name: text.format(**days) for name, text in params.items()}


class Found(NamedTuple):
    """A number; with `more`, counting stopped there."""

    number: int
    more: bool = False


class Row(NamedTuple):
    """One of what a number counts: what it adds, and the page (route and id) where it is shown."""

    name: str
    day: date | None
    adds: int
    route: str
    id: UUID


Params = Callable[[Cut], Mapping[str, Any]]


@dataclass(frozen=True)
class Number:
    """How it is asked, and the route and parameters of what is behind it."""

    ask: Callable[[Connection[Any], Cut], Found]
    route: str
    params: Params


# ── totals of lists ─────────────────────────────────────────────────────────────────────────────────────────────────


LISTS: Final[Mapping[str, RecordList]] = {
    one.of: one for one in (PROJECTS, PROBLEMS, PROCEDURES, SERVICES, COMPANIES, OUTCOMES)
}
"""The lists whose totals are figures, by route."""


def wanted(cut: Cut, route: str, params: Mapping[str, str]) -> tuple[dict[str, Any], Point]:
    """What the list of that route is asked with these parameters, and as at which day."""
    typed = cut.filled(params)
    asked = LISTS[route].read(typed, cut.viewer)
    if asked.errors:
        raise LookupError(f"{route} does not understand {sorted(asked.errors)}")
    day = typed.get("as_at")
    return asked.filters.asked(), Point(date.fromisoformat(day) if day else None)


def listed(route: str, **params: str) -> Number:
    """How many a list shows with these parameters; `{first}`, `{until}`, `{year}`, `{planned_on}` are those of the year."""

    def ask(conn: Connection[Any], cut: Cut) -> Found:
        totals = LISTS[route].rows.totals(conn, *wanted(cut, route, params))
        return Found(totals.count, totals.more)

    return Number(ask, route, lambda cut: cut.filled(params))


def distinct(group: str, leads_to: str, route: str, **params: str) -> Number:
    """By how many different ones (as `group` of the list's read model says) what a list shows is grouped."""

    def ask(conn: Connection[Any], cut: Cut) -> Found:
        groups = LISTS[route].rows.grouped(conn, group, *wanted(cut, route, params))
        return Found(len(groups.keys() - {None}))

    return Number(ask, leads_to, lambda cut: cut.filled(params if leads_to == route else {}))


# ── rows of their own ───────────────────────────────────────────────────────────────────────────────────────────────

Rows = Callable[[Connection[Any], Cut], Iterable[Row]]
OWN: Final[dict[str, Rows]] = {}
"""What no list shows, by its name: the page behind the number lists these rows."""


def summed(name: str, rows: Rows) -> Number:
    """The sum of what rows of their own add."""
    OWN[name] = rows
    return Number(
        lambda conn, cut: Found(sum(row.adds for row in rows(conn, cut))), "reports.year.behind",
        lambda cut: {"figure": name, "year": cut.year},
    )  # fmt: skip
