"""Who did what, for auditors and admins, and what came of each import. How it comes about: `activity_rows`."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.base import EVENTS
from domain.lead import corrections
from projections.paging import Page, paged, place
from projections.sql import Queries

q = Queries(__file__)

CORRECTIONS = frozenset(topic for topic, kind in EVENTS.items() if kind.__module__ == corrections.__name__)
"""The topics that correct another fact."""
OFFICE_OPENS, OFFICE_CLOSES = time(8, 30), time(17, 30)
"""Office hours, Monday to Friday on the Shanghai clock. Statutory holidays, and working weekends, are not known here."""
MANY = 20
"""So many events of one person within one minute of the clock are no longer entered one by one: they are bulk."""
LATE_DAYS = 7
"""Entered more than so many days after the day of the fact, an event counts as late where nobody says otherwise."""


class ActivityRow(NamedTuple):
    """One event. `title` is what it is about, by the name it then had; `late_days` from the day of the fact to its entry.

    `outside` office hours; `bulk`: one of many that came by an import, a book handed over, or within one minute.
    """

    position: int
    recorded_at: datetime
    occurred_on: date
    actor: UUID
    role: str
    stream: UUID
    aggregate: str
    topic: str
    version: int
    origin: UUID | None
    late_days: int
    title: str
    channel: UUID | None
    correction: bool
    outside: bool
    bulk: bool


class ActorSummary(NamedTuple):
    """What one person recorded: events, leads brought in, corrections, entries more than LATE_DAYS late, and so on."""

    actor: UUID
    events: int
    leads: int
    corrections: int
    late: int
    outside: int
    bulk: int
    first_at: datetime
    last_at: datetime


class OriginRow(NamedTuple):
    """What came of one origin: its events, and the leads it brought in."""

    origin: UUID
    actor: UUID
    events: int
    leads: int
    first_position: int
    last_position: int
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class ActivityFilters:
    """What is asked for; None leaves it open. `late_over`: entered more than that many days after it happened.

    `recorded_from` and `recorded_to`, `occurred_from` and `occurred_to` both belong to what is asked for.
    """

    actor: UUID | None = None
    role: str | None = None
    aggregate: str | None = None
    topic: str | None = None
    stream: UUID | None = None
    streams: list[UUID] | None = None
    channel: UUID | None = None
    origin: UUID | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    occurred_from: date | None = None
    occurred_to: date | None = None
    late_over: int | None = None
    corrections: bool = False
    outside: bool = False
    bulk: bool = False


def actors(conn: Connection[Any], first: date, last: date) -> list[ActorSummary]:
    """What everybody recorded from one day to another, on the Shanghai calendar, busiest first."""
    rows = conn.execute(q["actors"], {"first": first, "last": last}).fetchall()
    return [ActorSummary._make(row) for row in rows]


def origins(conn: Connection[Any], *, after: str | None = None, limit: int = 50) -> Page[OriginRow]:
    """Imports and other things done in bulk, latest first. Raises BadCursor."""
    (at,) = place(after, ("int",))
    rows = conn.execute(q["origins"], {"at": at, "limit": limit + 1}).fetchall()
    return paged(rows, limit, 1, OriginRow._make, after=after, before=None)
