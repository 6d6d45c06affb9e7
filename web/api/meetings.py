"""Meetings: those held, one with its figures put together again, and pinning one to what is known now."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from crm.access import sees_every_lead_listed
from crm.application import CRM, Done
from crm.meetings import again
from domain.meeting import Meeting, PinMeeting
from projections import meetings
from projections.meetings import MeetingRow
from web.api.body import reads
from web.api.command import Acting, Recorded, once, recorded
from web.api.commands import described
from web.api.problems import CREATE, READ, READ_ONE
from web.api.reading import Answer, Paged, Read, reading, shape
from web.errors import Updating
from web.pages.meeting import of
from web.session import Crm, Who

router = APIRouter(tags=["meetings"])
MeetingOut = shape("MeetingOut", MeetingRow)


class MeetingsAnswer(Answer):
    total: int
    next: str | None
    meetings: list[MeetingOut]  # type: ignore[valid-type]


class FiguresOut(BaseModel):
    """`agrees`: put together again, they have the digest that was kept when the meeting was pinned."""

    agrees: bool
    digest: str = Field(description="SHA-256，按规范 JSON 计算 · of the canonical JSON: keys sorted, no spaces, UTF-8")
    document: dict[str, Any]


class MeetingAnswer(Answer):
    meeting: MeetingOut  # type: ignore[valid-type]
    figures: FiguresOut


@router.get("/meetings", name="api.meetings", response_model=MeetingsAnswer, responses=READ, summary="会议 · Meetings")
def listed(crm: Crm, viewer: Who, query: Annotated[Paged, Query()]) -> dict[str, Any]:
    """最近的在前，含已撤销的 · The latest first, those withdrawn among them."""
    with reading(crm, query) as (conn, position):
        page = meetings.listed(conn, after=query.after, limit=query.limit)
        total = meetings.count(conn)
    rows = _out(crm, page.rows, notes=sees_every_lead_listed(viewer))
    return {"position": position, "total": total, "next": page.next, "meetings": rows}


@router.get(
    "/meetings/{id}", name="api.meeting", response_model=MeetingAnswer, responses=READ_ONE,
    summary="一次会议及其数据 · One meeting with its figures",
)  # fmt: skip
def shown(id: UUID, crm: Crm, viewer: Who, query: Annotated[Read, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        row = of(conn, viewer, id)
        found = again(conn, row)
    if found is None:
        raise Updating
    return {"position": position, "meeting": _out(crm, [row])[0], "figures": found._asdict()}


@router.post(
    "/meetings", name="api.meetings.pin", status_code=201, response_model=Recorded, responses=CREATE,
    **described(PinMeeting),
)  # fmt: skip
def pin(response: Response, crm: Crm, who: Acting, form: Annotated[PinMeeting, reads(PinMeeting)]) -> dict[str, Any]:
    def act() -> Done:
        return crm.pin(who, form)

    return recorded(crm, response, once(crm, who, Meeting, None, form, act))


def _out(crm: CRM, rows: list[MeetingRow], *, notes: bool = True) -> list[dict[str, Any]]:
    opened = crm.open_all([row.note if notes else None for row in rows])
    return [{**row._asdict(), "note": note} for row, note in zip(rows, opened, strict=True)]
