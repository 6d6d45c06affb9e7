"""The explorer over all events, for auditors and overseers: read-only, every condition in the URL, one page at a time."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from psycopg import Connection

from crm.access import SYSTEM, Viewer
from domain.base import Text
from domain.person import Role
from projections import activity, activity_asked, engine, leads
from projections.activity import ActivityRow
from projections.activity_asked import Found, Question
from projections.paging import BadCursor
from web.fields import Choice
from web.html import page, url_for
from web.pages.audit_question import LABELS, LATENESS, Asked, asked, type_name, types
from web.pages.facts import Names, names_of
from web.pages.leads import scope_of
from web.session import Crm, Who
from web.words import SHANGHAI

router = APIRouter()
COMPANIES = 200
"""The leads of a name that are looked through at most."""
_PAGES = {"lead": "lead.history", "person": "admin.person"}
"""Where one of a kind is told of; of all others at the route of their own name, if there is one."""


@router.get("/audit", name="audit")
def explored(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    question = asked(request.query_params)
    with crm.pool.connection() as conn:
        return page(request, "audit/events.html", **_list(conn, request, viewer, question))


def _list(conn: Connection[Any], request: Request, viewer: Viewer, question: Asked) -> dict[str, Any]:
    streams, more = _streams(conn, question)
    put = activity_asked.question(conn, question.with_streams(streams), scope_of(viewer))
    after = request.query_params.get("after") or None
    found = _found(conn, put, after)
    names = names_of(conn)
    return {
        "asked": question,
        "labels": LABELS,
        "chips": list(question.chips(names)),
        "rows": found.page.rows,
        "following": found.page.next,
        "looked": found.looked,
        "total": activity_asked.counted(conn, put, found if after is None else None),
        "order": put.order,
        "too_many": COMPANIES if more else None,
        "position": engine.reached(conn),
        **lists(names),
        **spoken(request, viewer, names, found.page.rows),
    }


def _streams(conn: Connection[Any], question: Asked) -> tuple[list[UUID] | None, bool]:
    """The leads whose company is called so; and whether there are more of them."""
    if not question.search or "q" in question.errors:
        return None, False
    found = leads.named(conn, question.search, COMPANIES + 1)
    return found[:COMPANIES], len(found) > COMPANIES


def _found(conn: Connection[Any], put: Question, after: str | None) -> Found:
    try:
        return activity_asked.found(conn, put, after=after)
    except BadCursor:
        return activity_asked.found(conn, put)


def lists(names: Names) -> dict[str, Any]:
    """What the conditions offer, and what they mean."""
    return {
        "types": types(),
        "people": [Choice(str(one), Text(name, name)) for one, name in names.people.items()]
        + [Choice(str(SYSTEM), Text("系统", "The system"))],
        "roles": [Choice(role.value, role.text) for role in Role],
        "channels": [Choice(str(one), Text(name, name)) for one, name in names.channels.items()],
        "lateness": [Choice(str(n), Text(f"{n} 天", f"{n} days")) for n in LATENESS],
        "hours": (activity.OFFICE_OPENS, activity.OFFICE_CLOSES),
        "many": activity.MANY,
        "late_days": activity.LATE_DAYS,
        "scan": activity_asked.SCAN,
    }


def spoken(request: Request, viewer: Viewer, names: Names, rows: list[ActivityRow]) -> dict[str, Any]:
    """How rows are said: who, in which role, what it was, and the page of what it is about."""
    return {
        "names": names,
        "SYSTEM": SYSTEM,
        "SHANGHAI": SHANGHAI,
        "type_name": type_name,
        "role_name": {role.value: role.text for role in Role},
        "links": _links(request, viewer, rows),
    }


def _links(request: Request, viewer: Viewer, rows: list[ActivityRow]) -> Mapping[int, str]:
    """By position, the page of what an event is about; a lead's is opened at that event."""
    found: dict[int, str] = {}
    for row in rows:
        name = _PAGES.get(row.aggregate, row.aggregate)
        if name in request.app.state.routes and viewer.may_open(name):
            there = {"version": row.version} if row.aggregate == "lead" else {}
            found[row.position] = url_for(request, name, id=row.stream, **there) + (f"#v{row.version}" if there else "")
    return found


@router.get("/admin/activity", name="admin.activity")
def moved(request: Request) -> Response:
    """Where the list of events stood before there was an explorer."""
    given = request.query_params
    asked_for = {"actor": given.get("actor", ""), "type": given.get("topic", "")}
    return RedirectResponse(url_for(request, "audit", **asked_for), 308)
