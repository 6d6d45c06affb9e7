"""What was attained in a year, by metric: of the district, and of each channel, leader and industry.

A lead counts on the day it first came so far, under the channel, owner and industry it has at the cut-off; a project on
the day of its milestone, under the leader who answers for it then. Each counts once. Every sum and the list behind it are
made from the same rows, so that they show the same number.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from domain.project import Milestone, ProjectStatus
from domain.project.kinds import SIZES
from domain.target import Metric, OwnerKind
from projections.changes import Point
from projections.funnel_asked import NOW, TODAY_AND_LATER, holds
from projections.interval_lists import general
from projections.paging import EVERYTHING, Page, Scope, paged, place
from projections.sql import Queries, direction

q = Queries(__file__)
FROM: Final = SIZES[0]
"""What makes a project a major one: 5000万 and more."""


class Sum(NamedTuple):
    """How many, and what they are worth in 分."""

    number: int = 0
    fen: int = 0

    def of(self, metric: Metric) -> int:
        """What that metric measures."""
        return self.fen if metric.money else self.number


NOTHING: Final = Sum()


class Behind(NamedTuple):
    """A lead or project that counts, and the day from which it does; `fen` what it adds where an amount is measured."""

    id: UUID
    name: str
    day: date
    fen: int
    channel: UUID | None
    leader: UUID | None
    industry: str


class Span(NamedTuple):
    """The part of a year that is looked at: from its first day to the end of `until`, as it stood at `point`."""

    year: int
    until: date
    point: Point


Owner = tuple[OwnerKind, str | None]
_SETS: Final = {7: OwnerKind.DISTRICT, 3: OwnerKind.CHANNEL, 5: OwnerKind.LEADER, 6: OwnerKind.INDUSTRY}
"""What rows are grouped by, as GROUPING() says it."""


def sums(conn: Connection[Any], metric: Metric, span: Span, scope: Scope = EVERYTHING) -> dict[Owner, Sum]:
    """The sums of everybody at once."""
    query = q["sums"].format(rows=_rows(metric, span))
    found = conn.execute(query, _values(metric, span, scope), prepare=False).fetchall()
    return {
        (_SETS[grouping], None if key is None else str(key)): Sum(number, fen) for grouping, key, number, fen in found
    }


def attained(
    conn: Connection[Any], metric: Metric, span: Span, owner: Owner, scope: Scope = EVERYTHING
) -> Sum:  # fmt: skip
    """The sum of one."""
    query = q["one"].format(rows=_rows(metric, span), whose=q["whose"])
    row = conn.execute(query, _values(metric, span, scope, owner), prepare=False).fetchone()
    return Sum(*row) if row else NOTHING


def behind(
    conn: Connection[Any], metric: Metric, span: Span, owner: Owner, scope: Scope = EVERYTHING, *,
    after: str | None = None, limit: int = 50,
) -> Page[Behind]:  # fmt: skip
    """A page of what one sum counts, the latest first. Raises BadCursor."""
    day, last = place(after, ("date", "uuid"))
    query = q["behind"].format(rows=_rows(metric, span), whose=q["whose"], **direction(down=True))
    values = {**_values(metric, span, scope, owner), "key": day, "id": last, "limit": limit + 1}
    rows = conn.execute(query, values, prepare=False).fetchall()
    return paged(rows, limit, 2, Behind._make, after=after, before=None)


def _rows(metric: Metric, span: Span) -> sql.Composed:
    """The query of what counts for that metric."""
    if metric.stage:
        return entered(span.point)
    name = {Metric.MAJOR_STARTED: "major", Metric.REALISED: "realised"}.get(metric, "milestone")
    return q[name].format(standing=general["standing"])


def entered(point: Point) -> sql.Composed:
    """The query of the leads that first came as far as the stage `order` between `first` and `until`."""
    return q["leads"].format(holds=holds("as_at", "known_at", now=point.known_at is None))


def major() -> sql.Composed:
    """The query of the major projects that started or resumed between `first` and `until`."""
    return q["major"].format(standing=general["standing"])


def _values(metric: Metric, span: Span, scope: Scope, owner: Owner = (OwnerKind.DISTRICT, None)) -> Mapping[str, Any]:
    reached = metric.stage or metric.milestone or Milestone.START
    return {
        **scope.parameters,
        **_narrowed(owner),
        "first": date(span.year, 1, 1),
        "until": span.until,
        "as_at": span.point.as_at or TODAY_AND_LATER,
        "known_at": NOW if span.point.known_at is None else span.point.known_at,
        "order": reached.order,
        "at_least": FROM,
        "active": str(ProjectStatus.ACTIVE),
        "paused": str(ProjectStatus.PAUSED),
    }


def _narrowed(owner: Owner) -> dict[str, Any]:
    kind, key = owner
    fields = {one.field: None for one in OwnerKind if one.field}
    return {f"of_{field}": key if field == kind.field else None for field in fields}
