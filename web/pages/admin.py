"""The administrators' desk: an overview, who is signed in, and what was done lately. Auditors read it."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection

from crm.access import SYSTEM
from domain.base import EVENTS, Text
from domain.person import Role
from projections import activity_asked, channels, people
from projections.activity import ActivityFilters, ActivityRow
from projections.paging import BadCursor, Page
from projections.people import PersonRow
from web.fields import Choice
from web.html import page, url_for
from web.pages.health import positions
from web.pages.leads import scope_of
from web.session import Crm, Doors, Who

router = APIRouter()
TABS: tuple[tuple[str, Text], ...] = (
    ("admin", Text("概览", "Overview")),
    ("admin.people", Text("人员", "People")),
    ("admin.settings", Text("时限与可见范围", "Clocks and reading rights")),
    ("admin.tokens", Text("接口密钥", "API tokens")),
    ("admin.activity", Text("操作记录", "Activity")),
    ("channels", Text("渠道", "Channels")),
)

READ_MODELS: Mapping[str, Text] = {
    "leads": Text("线索列表", "Leads"),
    "funnel": Text("漏斗", "Funnel"),
    "agenda": Text("待办与时限", "Agenda"),
    "channels": Text("渠道", "Channels"),
    "people": Text("人员", "People"),
    "activity": Text("操作记录", "Activity"),
}


def tabs(request: Request, now: str) -> list[tuple[str, str, bool, None]]:
    """The administrators' pages as far as the viewer may open them."""
    viewer, said = request.state.viewer, request.state.words.t
    return [(said(text), url_for(request, name), name == now, None) for name, text in TABS if viewer.may_open(name)]


@router.get("/admin", name="admin")
def overview(request: Request, crm: Crm, doors: Doors) -> Response:
    with crm.pool.connection() as conn:
        everybody = people.listed(conn, active=None)
        names = {person.id: person.name for person in everybody}
    head, projections = positions(crm)
    return page(
        request, "admin/overview.html", tabs=tabs(request, "admin"), active=[one for one in everybody if one.active],
        role_pairs=_roles(request, everybody), names=names,
        sessions=doors.sessions(), tokens=[one for one in doors.tokens() if one.revoked_at is None],
        head=head, projections=projections, read_models=READ_MODELS,
    )  # fmt: skip


def _roles(request: Request, everybody: list[PersonRow]) -> list[tuple[str, str]]:
    """How many at work act in each role."""
    words = request.state.words
    return [
        (words.term(role), words.number(sum(role in one.roles for one in everybody if one.active))) for role in Role
    ]


@router.get("/admin/activity", name="admin.activity")
def done_lately(
    request: Request,
    crm: Crm,
    viewer: Who,
    actor: Annotated[str, Query()] = "",
    topic: Annotated[str, Query()] = "",
    after: Annotated[str | None, Query()] = None,
) -> Response:
    """Every event, the latest first: who recorded what of whom, and how late."""
    filters = ActivityFilters(actor=_reference(actor), topic=topic if topic in EVENTS else None)
    with crm.pool.connection() as conn:
        rows = _activity(conn, filters, scope_of(viewer), after)
        known = people.listed(conn, active=None)
        names: dict[UUID, str] = {**channels.names(conn), **{one.id: one.name for one in known}, SYSTEM: ""}
    return page(
        request, "admin/activity.html", tabs=tabs(request, "admin.activity"), rows=rows, names=names, after=after,
        actor=actor, topic=topic, titles={topic: kind.TITLE for topic, kind in EVENTS.items()}, Role=Role,
        people=[Choice(str(one.id), Text(one.name, one.name)) for one in known], links=_links(request, rows.rows),
        topics=[Choice(topic, kind.TITLE) for topic, kind in sorted(EVENTS.items())],
    )  # fmt: skip


def _activity(conn: Connection[Any], filters: ActivityFilters, scope: Any, after: str | None) -> Page[ActivityRow]:
    try:
        return activity_asked.listed(conn, filters, scope=scope, after=after)
    except BadCursor:
        return activity_asked.listed(conn, filters, scope=scope)


def _links(request: Request, rows: list[ActivityRow]) -> Mapping[UUID, str]:
    """The page of whatever an event is about."""
    routes = {"lead": "lead.history", "channel": "channel", "person": "admin.person"}
    return {
        row.stream: url_for(request, routes[row.aggregate], id=row.stream) for row in rows if row.aggregate in routes
    }


def _reference(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
