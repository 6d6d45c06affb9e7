"""Meetings: when they were, what their figures rest on, which stands before which."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.base import Event
from domain.meeting import MeetingPinned, MeetingRenamed, MeetingWithdrawn
from projections.batch import Batch
from projections.engine import ReadModel
from projections.paging import Page, paged, place
from projections.sql import Queries, direction
from projections.target import Target

q = Queries(__file__)


class MeetingRow(NamedTuple):
    """`pinned_as` is the name it was pinned under, `note` sealed as stored, `withdrawn` the reason why."""

    id: UUID
    name: str
    pinned_as: str
    held_on: date
    as_at: date
    known_at: int
    edition: int
    figures: str
    previous: UUID | None
    note: str | None
    withdrawn_on: date | None
    withdrawn: str | None


class Meetings(ReadModel):
    name: ClassVar[str] = "meetings"
    sql: ClassVar[Queries] = q

    def project(self, target: Target, batch: Batch) -> None:
        rows = (_row(meeting, events) for meeting, events in batch.streams("meeting").items())
        target.put("meeting", [row for row in rows if row is not None])


def _row(id: UUID, events: Sequence[Event]) -> MeetingRow | None:
    row: MeetingRow | None = None
    for event in events:
        match event:
            case MeetingPinned():
                row = _pinned(id, event)
            case MeetingRenamed() if row is not None:
                row = row._replace(name=event.name)
            case MeetingWithdrawn() if row is not None:
                row = row._replace(withdrawn_on=event.occurred_on, withdrawn=event.reason)
    return row


def _pinned(id: UUID, event: MeetingPinned) -> MeetingRow:
    return MeetingRow(
        id, event.name, event.name, event.occurred_on, event.as_at, event.known_at, event.edition, event.figures,
        event.previous, event.note, None, None,
    )  # fmt: skip


def listed(
    conn: Connection[Any], *, after: str | None = None, before: str | None = None, limit: int = 50
) -> Page[MeetingRow]:
    """Meetings, the latest first, those withdrawn among them. Raises BadCursor."""
    as_at, known_at, meeting = place(before if before is not None else after, ("date", "int", "uuid"))
    query = q["listed"].format(**direction(down=before is None))
    rows = conn.execute(query, {"as_at": as_at, "known_at": known_at, "id": meeting, "limit": limit + 1}).fetchall()
    return paged(rows, limit, 3, MeetingRow._make, after=after, before=before)


def count(conn: Connection[Any]) -> int:
    row = conn.execute(q["count"]).fetchone()
    return int(row[0]) if row else 0


def one(conn: Connection[Any], id: UUID) -> MeetingRow | None:
    row = conn.execute(q["one"], {"id": id}).fetchone()
    return MeetingRow._make(row) if row else None


def preceding(conn: Connection[Any], as_at: date, known_at: int) -> MeetingRow | None:
    """The meeting that one of that day and position follows: the last before it that was not withdrawn."""
    row = conn.execute(q["before"], {"as_at": as_at, "known_at": known_at}).fetchone()
    return MeetingRow._make(row) if row else None


def following(conn: Connection[Any], id: UUID) -> MeetingRow | None:
    """A meeting that was compared with this one."""
    row = conn.execute(q["after"], {"id": id}).fetchone()
    return MeetingRow._make(row) if row else None


def ready(conn: Connection[Any]) -> int | None:
    """The position up to which figures can be put together; None when what they are read from has stopped."""
    position, stopped = conn.execute(q["ready"]).fetchone() or (None, True)
    return None if stopped or position is None else int(position)
