"""The figures of problems: what is open, by whom and how late; how many were taken and solved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.problem import SETTLED
from domain.rules import Rules
from domain.values import per_cent
from projections.changes import Point
from projections.interval_lists import GROUPED_AT_MOST, PRESENT, clocks, general
from projections.problems import LIST, USUAL, ProblemFilters, q, terms_of


class Open(NamedTuple):
    """How many problems are open in a group, and of these: overdue, due soon, escalated, to be escalated."""

    open: int = 0
    overdue: int = 0
    soon: int = 0
    escalated: int = 0
    to_escalate: int = 0

    def plus(self, other: "Open") -> "Open":
        return Open(*map(sum, zip(self, other, strict=True)))


@dataclass(frozen=True)
class Queue:
    """What is open, by status, class (None: not classified), cause, and who answers: a person, else a department, else nobody."""

    statuses: Mapping[str, Open]
    kinds: Mapping[str | None, Open]
    causes: Mapping[str, Open]
    answering: Mapping[tuple[UUID | None, str | None], Open]

    @property
    def all(self) -> Open:
        return reduce(Open.plus, self.statuses.values(), Open())


_STATUSES, _KINDS, _CAUSES, _ANSWERING = 3, 5, 6, 7
SOON: Final = timedelta(days=3)


def yesterday(today: date) -> date:
    """The last day by which what is overdue was due."""
    return today - timedelta(days=1)


def queue(conn: Connection[Any], today: date, rules: Rules = USUAL, point: Point = PRESENT) -> Queue:
    """Everything that is open, counted in one go."""
    values = {**clocks(point), **terms_of(rules), "today": today, "soon": today + SOON, "most": GROUPED_AT_MOST}
    found: dict[int, dict[Any, Open]] = {_STATUSES: {}, _KINDS: {}, _CAUSES: {}, _ANSWERING: {}}
    for by, name, person, unit, *counted in conn.execute(
        q["counts"].format(standing=general["standing"]), values, prepare=False
    ):
        found[by][(person, unit) if by == _ANSWERING else name] = Open(*counted)
    causes = {name: one for name, one in found[_CAUSES].items() if name}
    return Queue(found[_STATUSES], found[_KINDS], causes, found[_ANSWERING])


class Figures(NamedTuple):
    """How many problems were taken, and how many of these stand as solved: 解决率 = solved ÷ taken."""

    taken: int
    solved: int

    @property
    def rate(self) -> float | None:
        """In per cent, rounded half up to one place; None where none was taken."""
        found = per_cent(self.solved, self.taken)
        return None if found is None else float(found)


def in_year(filters: ProblemFilters, day: date) -> ProblemFilters:
    """The same problems, of those taken in the year of that day and up to it where no time is asked for."""
    return replace(
        filters, taken_from=filters.taken_from or date(day.year, 1, 1), taken_to=filters.taken_to or day
    )  # fmt: skip


def figures(conn: Connection[Any], filters: ProblemFilters, point: Point = PRESENT) -> Figures:
    """Of the problems that match, which have to be such as were taken on some day."""
    if filters.taken_from is None:
        raise ValueError("figures are of problems taken since a day")
    counted = LIST.grouped(conn, "statuses", filters.asked(), point)
    return Figures(sum(n for n, _ in counted.values()), sum(counted.get(one, (0, 0))[0] for one in SETTLED))
