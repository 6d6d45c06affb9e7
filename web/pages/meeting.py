"""One meeting: its figures put together again, compared with the meeting before, every number opening its leads."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm.access import SYSTEM, Viewer, demand, sees_every_lead_listed
from crm.application import CRM, Unknown
from crm.meetings import Regenerated, again, one_state
from domain.channel import ChannelKind
from domain.funnel import STAGES
from domain.meeting import Meeting, PinMeeting
from projections import meetings, people
from projections.meetings import MeetingRow
from web.errors import Updating
from web.html import page, url_for
from web.pages.comparison_words import CAUSE_TEXTS, PARTS, kind_text
from web.pages.funnel_drawing import HEIGHT, WIDTH, bands
from web.pages.meeting_words import group_of, kinds_of, steps, way_of
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
MEASURED: Final = ("standing", "reached")


def _known(_crm: CRM, meeting: Meeting) -> dict[str, Any]:
    return {"name": meeting.name}


add_commands(
    router,
    Sheets(Meeting, "/meetings", "meeting", knows=_known, dated=False, apart=frozenset({PinMeeting.noun})),
)


class Looked(NamedTuple):
    """A meeting, and its figures put together again."""

    row: MeetingRow
    figures: Regenerated


def looked_at(conn: Connection[Any], viewer: Viewer, id: UUID) -> Looked:
    """The meeting as its pages need it, inside `one_state`. Raises Unknown, Forbidden, Updating."""
    row = of(conn, viewer, id)
    figures = again(conn, row)
    if figures is None:
        raise Updating
    return Looked(row, figures)


def of(conn: Connection[Any], viewer: Viewer, id: UUID) -> MeetingRow:
    """The meeting's row, for those who may see lists of all leads. Raises Unknown, Forbidden."""
    demand(
        sees_every_lead_listed(viewer),
        "会议材料列出全区线索，您目前只能查看本渠道的线索。",
        "A meeting's paper lists leads of every channel; you may see those of your own.",
    )
    row = meetings.one(conn, id)
    if row is None:
        raise Unknown
    return row


@router.get("/meetings/{id}", name="meeting")
def show(request: Request, crm: Crm, viewer: Who, id: UUID) -> Response:
    with crm.pool.connection() as conn, one_state(conn):
        row, figures = looked_at(conn, viewer, id)
        previous = meetings.one(conn, row.previous) if row.previous else None
        following, names = meetings.following(conn, id), people.names(conn)
    document = figures.document
    since = document["since"]
    story = [(recorded, event, "" if recorded.actor == SYSTEM else names.get(recorded.actor, "—"))
             for recorded, event in crm.history(id)]  # fmt: skip
    return page(
        request, "meetings/meeting.html", row=row, figures=figures, document=document, previous=previous,
        following=following, story=story, note=crm.open(row.note) if row.note else None,
        total=group_of(document["total"]), box=(WIDTH, HEIGHT), bands=bands(group_of(document["total"]).stages),
        href=links(request, id), moved=moved_links(request, id), Kind=ChannelKind,
        parts=[(part, PARTS[part], kinds_of(since[part])) for part in ("happened", "learned")] if since else [],
        closing=[(measure, steps(document, measure)) for measure in MEASURED] if since else [],
        kind_text=kind_text, CAUSES=CAUSE_TEXTS, STAGES=STAGES, way_of=way_of,
    )  # fmt: skip


def links(request: Request, id: UUID) -> Callable[..., str]:
    """`href(measure, stage=…, channel=…)`: the leads behind a figure, on the meeting's day and at its position."""

    def href(measure: str, stage: str | None = None, channel: str | None = None) -> str:
        return url_for(request, "meeting.leads", id=id, measure=measure, stage=stage, channel=channel)

    return href


def moved_links(request: Request, id: UUID) -> Callable[..., str]:
    """`moved(part, kind=…)`: the leads that moved so."""

    def href(part: str, **slot: str | None) -> str:
        return url_for(request, "meeting.moved", id=id, part=part, **slot)

    return href
