"""Which dispatch is looked at: one that is prepared, compared with the last meeting; or a meeting's, as it was pinned."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Request
from psycopg import Connection

from crm import clock
from crm.application import Unknown
from crm.meetings import again, basis_of
from projections import dispatch, meetings, pack
from projections.changes import Point
from projections.dispatch import Document
from projections.interval_lists import NOW, PRESENT
from projections.meetings import MeetingRow
from projections.moves import Between
from web.errors import Updating


class Asked(NamedTuple):
    """The meeting looked at (None: the next one is prepared), the one it follows, the two points, the day of the later."""

    row: MeetingRow | None
    before: MeetingRow | None
    between: Between
    day: date

    @property
    def kept(self) -> dict[str, str]:
        """What every link keeps."""
        return {"meeting": str(self.row.id)} if self.row else {}


class Looked(NamedTuple):
    """What the dispatch looks at. `agrees`: it is what lay on the table; None where nothing was pinned of it."""

    asked: Asked
    document: Document
    agrees: bool | None
    clocks: Mapping[str, str]


def meeting_of(request: Request) -> UUID | None:
    """The meeting that the address names. Raises Unknown for what is none."""
    said = request.query_params.get("meeting", "").strip()
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Unknown from None


def asked(conn: Connection[Any], meeting: UUID | None) -> Asked:
    """That meeting, or the one to be prepared. Raises Unknown for a meeting that there is not."""
    row = meetings.one(conn, meeting) if meeting else None
    if meeting and row is None:
        raise Unknown
    if row is None:
        today = clock.today()
        before = meetings.preceding(conn, today, NOW)
        old = _point(before) if before else dispatch.half_a_month_before(PRESENT, today)
        return Asked(None, before, Between(old, PRESENT), today)
    before = meetings.one(conn, row.previous) if row.previous else None
    return Asked(row, before, pack.between(conn, basis_of(row)), row.as_at)


def looked_at(conn: Connection[Any], meeting: UUID | None) -> Looked:
    """The document, inside `one_state`. Raises Unknown, Updating."""
    question = asked(conn, meeting)
    if question.row is None:
        return Looked(question, dispatch.put_together(conn, question.between, question.day), None, {})
    found = again(conn, question.row)
    if found is None:
        raise Updating
    own = found.document.get("dispatch")
    clocks = {"as_at": question.day.isoformat(), "known_at": found.document["ledger"]["recorded_at"] or ""}
    if own is None:  # pinned before there was a dispatch: its figures rest on the same records, and no digest
        return Looked(question, pack.dispatched(conn, basis_of(question.row)), None, clocks)
    return Looked(question, own, found.agrees, clocks)


def _point(row: MeetingRow) -> Point:
    return Point(row.as_at, row.known_at)
