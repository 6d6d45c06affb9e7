"""The weekly watch (周监测): every project under way as it stands, beside what it was at the end of the week before."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from projections import projects
from projections.changes import Point
from projections.projects import ProjectRow

AT_ONCE: Final = 500


class Watched(NamedTuple):
    """A project on a day, and what it was when the week before ended; None where it was not there."""

    row: ProjectRow
    was: ProjectRow | None
    day: date

    @property
    def physical(self) -> int:
        """By how many points its physical progress changed this week."""
        return (self.row.physical or 0) - ((self.was.physical if self.was else 0) or 0)

    @property
    def invested(self) -> int:
        """What was invested this week, in 分."""
        return (self.row.invested or 0) - ((self.was.invested if self.was else 0) or 0)

    @property
    def silent(self) -> int:
        """For how many days nothing was reported; since it was opened where nothing ever was."""
        return (self.day - (self.row.reported_on or self.row.opened_on)).days

    @property
    def missing(self) -> bool:
        """Whether nothing was reported this week."""
        return self.row.reported_on is None or self.row.reported_on <= week_before(self.day)


def monday(day: date) -> date:
    """The day on which the week began."""
    return day - timedelta(days=day.weekday())


def week_before(day: date) -> date:
    """The last day of the week before."""
    return monday(day) - timedelta(days=1)


def watched(conn: Connection[Any], rows: Sequence[ProjectRow], point: Point, day: date) -> list[Watched]:
    """Those projects beside what they were, by the same knowledge."""
    then = Point(week_before(day), point.known_at)
    was: dict[UUID, ProjectRow] = projects.LIST.some(conn, [row.id for row in rows], then) if rows else {}
    return [Watched(row, was.get(row.id), day) for row in rows]


def every(conn: Connection[Any], rows: Iterable[ProjectRow], point: Point, day: date) -> Iterator[Watched]:
    """The same of any number of them, some at a time."""
    for some in some_at_a_time(rows):
        yield from watched(conn, some, point, day)


def some_at_a_time(rows: Iterable[ProjectRow]) -> Iterator[list[ProjectRow]]:
    """The rows in pieces that can be looked up together."""
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some
