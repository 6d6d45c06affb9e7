"""Meetings: which were held, and pinning one to what is known now."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from crm import clock
from crm.access import sees_every_lead_listed
from crm.application import Done
from domain.base import Text
from domain.meeting import PinMeeting
from projections import meetings
from projections.paging import BadCursor
from web.commands import by, done, submit
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.session import Crm, Posted, Who

router = APIRouter()


@router.get("/meetings", name="meetings")
def listed(
    request: Request, crm: Crm, viewer: Who,
    after: Annotated[str | None, Query()] = None, before: Annotated[str | None, Query()] = None,
) -> Response:  # fmt: skip
    with crm.pool.connection() as conn:
        try:
            rows = meetings.listed(conn, after=after, before=before)
        except BadCursor:
            rows, after = meetings.listed(conn), None
        total = meetings.count(conn)
    readable = sees_every_lead_listed(viewer)
    return page(request, "meetings/list.html", rows=rows, total=total, after=after, readable=readable)


@router.get("/meetings/new", name="meetings.new")
def new(request: Request, as_at: Annotated[str, Query()] = "") -> Response:
    shown = view(PinMeeting, url_for(request, "meetings.pin"), values={"as_at": as_at or clock.today().isoformat()})
    return page(request, "meetings/new.html", form=shown)


@router.post("/meetings", name="meetings.pin")
def pin(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
    def act(form: PinMeeting) -> Done:
        return crm.pin(by(viewer, posted), form)

    answer = submit(PinMeeting, posted, act, action=url_for(request, "meetings.pin"))
    if isinstance(answer, FormView):
        return fragment(request, "meetings/new.html", "sheet", status=answer.status, form=answer)
    return done(
        request, answer, url_for(request, "meeting", id=answer.id),
        Text("会议数据已固定，可以打印材料。", "The meeting is pinned; its paper can be printed."),
    )  # fmt: skip
