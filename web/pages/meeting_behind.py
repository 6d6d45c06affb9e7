"""The leads behind the numbers of a meeting, on its day and at its position, under the names they had."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection
from pydantic import BaseModel

from crm.application import Unknown
from crm.meetings import one_state
from domain.funnel import Stage, Status
from projections import changes_behind, funnel, meetings, names_then
from projections.changes import KINDS, Point, compare
from projections.changes_behind import Changed, Place, Slot
from projections.funnel import Cell, FunnelLead
from projections.meetings import MeetingRow
from projections.paging import BadCursor, Page
from web.html import page, url_for
from web.pages.comparison_words import CAUSE_TEXTS, PARTS, SIDE_TEXTS, kind_text
from web.pages.funnel_labels import MEASURES
from web.pages.meeting import of
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
Measure = Literal["standing", "reached", "on_hold", "lost", "merged", "registered"]


class Behind(NamedTuple):
    """Leads and their names at the meeting's position."""

    rows: Page[Any]
    total: Any
    names: Mapping[UUID, str]


@router.get("/meetings/{id}/leads", name="meeting.leads")
def leads(
    request: Request, crm: Crm, viewer: Who, id: UUID, measure: Annotated[Measure, Query()] = "registered",
    stage: Annotated[Stage | None, Query()] = None, channel: Annotated[UUID | None, Query()] = None,
    after: Annotated[str | None, Query()] = None,
) -> Response:  # fmt: skip
    """The leads that one figure of the meeting counts."""
    cell = Cell(measure, stage, "channel", str(channel)) if channel else Cell(measure, stage)
    with crm.pool.connection() as conn, one_state(conn):
        row = of(conn, viewer, id)
        found = _counted(conn, row, cell, after)
        named = names_then.channels(conn, [channel], row.known_at) if channel else {}
    words: Words = request.state.words
    parts = [words.t(MEASURES[measure]), words.term(stage) if stage else None, *(one.name for one in named.values())]
    return _page(request, row, found, after, parts)


class Asked(BaseModel):
    """Which moves: of one kind, or into or out of one figure; in the time between, or in what was learned later."""

    part: Literal["learned", "happened"]
    kind: str | None = None
    measure: Measure = "registered"
    stage: Stage | None = None
    side: Literal["came", "left"] | None = None
    after: str | None = None

    @property
    def slot(self) -> Slot:
        return Slot(Cell(self.measure, self.stage), self.side, self.kind)

    def titles(self, words: Words) -> list[str | None]:
        said = [
            words.t(MEASURES[self.measure]) if self.stage else None,
            words.term(self.stage) if self.stage else None,
            words.t(SIDE_TEXTS[self.side]) if self.side else None,
        ]
        return [words.t(PARTS[self.part]), *said, words.t(kind_text(self.kind, self.part)) if self.kind else None]


@router.get("/meetings/{id}/moved", name="meeting.moved")
def moved(request: Request, crm: Crm, viewer: Who, id: UUID, asked: Annotated[Asked, Query()]) -> Response:
    """The leads that moved between the meeting before and this one."""
    if asked.kind not in (None, *KINDS):
        raise Unknown
    with crm.pool.connection() as conn, one_state(conn):
        row = of(conn, viewer, id)
        found = _moved(conn, row, _points(conn, row)[asked.part], asked.slot, asked.after)
    return _page(request, row, found, asked.after, asked.titles(request.state.words), asked.part)


def _page(
    request: Request, row: MeetingRow, found: Behind, after: str | None, parts: Iterable[str | None], part: str = ""
) -> Response:
    return page(
        request, "meetings/leads.html", row=row, rows=found.rows, total=found.total, names=found.names, after=after,
        title=" · ".join(part for part in parts if part), back=url_for(request, "meeting", id=row.id), part=part,
        Status=Status, kind_text=kind_text, CAUSES=CAUSE_TEXTS,
    )  # fmt: skip


def _counted(conn: Connection[Any], row: MeetingRow, cell: Cell, after: str | None) -> Behind:
    when = {"as_at": row.as_at, "known_at": row.known_at}
    try:
        rows: Page[FunnelLead] = funnel.behind(conn, cell, after=after, **when)  # type: ignore[arg-type]
    except BadCursor:
        rows = funnel.behind(conn, cell, **when)  # type: ignore[arg-type]
    total = funnel.count(conn, cell, **when)  # type: ignore[arg-type]
    places = [(lead.channel, lead.owner) for lead in rows.rows]
    return Behind(rows, total, _names(conn, row, [lead.id for lead in rows.rows], places))


def _points(conn: Connection[Any], row: MeetingRow) -> dict[str, tuple[Point, Point]]:
    before = meetings.one(conn, row.previous) if row.previous else None
    if before is None:
        raise Unknown
    then, now = Point(before.as_at, before.known_at), Point(row.as_at, row.known_at)
    between = Point(before.as_at, row.known_at)
    return {"learned": (then, between), "happened": (between, now)}


def _moved(
    conn: Connection[Any], row: MeetingRow, points: tuple[Point, Point], slot: Slot, after: str | None
) -> Behind:
    try:
        rows: Page[Changed] = changes_behind.leads(conn, *points, slot, after=after)
    except BadCursor:
        rows = changes_behind.leads(conn, *points, slot)
    total = changes_behind.tally(compare(conn, *points).moves, slot)
    places = [_place(lead.after or lead.before) for lead in rows.rows]
    return Behind(rows, total, _names(conn, row, [lead.id for lead in rows.rows], places))


def _place(place: Place | None) -> tuple[UUID | None, UUID | None]:
    return (place.channel, place.owner) if place else (None, None)


def _names(
    conn: Connection[Any], row: MeetingRow, leads: Iterable[UUID], places: Iterable[tuple[UUID | None, UUID | None]]
) -> dict[UUID, str]:
    """What the leads' companies, channels and owners were called then."""
    channels, owners = zip(*places, strict=True) if (places := list(places)) else ((), ())
    found = names_then.channels(conn, filter(None, channels), row.known_at)
    return {
        **names_then.companies(conn, leads, row.as_at, row.known_at),
        **{key: channel.name for key, channel in found.items()},
        **names_then.people(conn, filter(None, owners), row.known_at),
    }
