"""Who did what, for auditors and admins, and what came of each import. How it comes about: `activity_rows`."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.base import EVENTS
from domain.lead import corrections
from projections.paging import EVERYTHING, Page, Scope, paged, place
from projections.sql import Queries, direction

q = Queries(__file__)

CORRECTIONS = tuple(sorted(topic for topic, kind in EVENTS.items() if kind.__module__ == corrections.__name__))
"""The topics that correct another fact."""


class ActivityRow(NamedTuple):
    """One event. `title` is what it is about, by the name it then had; `late_days` from the day of the fact to its entry."""

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


class ActorSummary(NamedTuple):
    """What one person did: events, leads touched, entries later than their day, first and last moment."""

    actor: UUID
    events: int
    leads: int
    late: int
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
    """What is asked for; None leaves it open. `late_over`: entered more than that many days after it happened."""

    actor: UUID | None = None
    aggregate: str | None = None
    topic: str | None = None
    stream: UUID | None = None
    channel: UUID | None = None
    origin: UUID | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    occurred_from: date | None = None
    occurred_to: date | None = None
    late_over: int | None = None
    corrections: bool = False


ALL = ActivityFilters()


def listed(
    conn: Connection[Any],
    filters: ActivityFilters = ALL,
    *,
    scope: Scope = EVERYTHING,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[ActivityRow]:
    """A page of events, latest first. Raises BadCursor."""
    (at,) = place(before if before is not None else after, ("int",))
    values = {**asdict(filters), **scope.parameters, "topics": _topics(filters), "at": at, "limit": limit + 1}
    query = q["listed"].format(asked=q["asked"], **direction(down=before is None))
    rows = conn.execute(query, values, prepare=False).fetchall()
    return paged(rows, limit, 1, ActivityRow._make, after=after, before=before)


def _topics(filters: ActivityFilters) -> list[str] | None:
    wanted = CORRECTIONS if filters.corrections else None
    if filters.topic is None:
        return None if wanted is None else list(wanted)
    return [filters.topic] if wanted is None or filters.topic in wanted else []


def by_actor(conn: Connection[Any], recorded_from: datetime, recorded_to: datetime) -> list[ActorSummary]:
    """What everybody did between two moments, busiest first."""
    values = {"recorded_from": recorded_from, "recorded_to": recorded_to}
    return [ActorSummary._make(row) for row in conn.execute(q["by_actor"], values).fetchall()]


def origins(conn: Connection[Any], *, after: str | None = None, limit: int = 50) -> Page[OriginRow]:
    """Imports and other things done in bulk, latest first. Raises BadCursor."""
    (at,) = place(after, ("int",))
    rows = conn.execute(q["origins"], {"at": at, "limit": limit + 1}).fetchall()
    return paged(rows, limit, 1, OriginRow._make, after=after, before=None)
