"""The log of readings: what auditors looked at, and what anybody took out as a file."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import readings
from crm.readings import Filters, Reading, takes_out
from domain.base import AGGREGATES, Text
from domain.correctable import Correctable
from domain.person import Role
from projections import leads
from projections.leads import LeadRow
from projections.paging import BadCursor
from web.fields import Choice
from web.html import page, url_for
from web.links import routes
from web.pages.audit_question import UNREADABLE
from web.pages.audit_route_words import route_name
from web.pages.facts import Names, names_of
from web.session import Crm
from web.words import SHANGHAI

router = APIRouter()
KINDS: Final[dict[str, Text]] = {
    "page": Text("页面", "Pages"),
    "api": Text("接口", "API"),
    "file": Text("导出与下载", "Files taken out"),
}
LABELS: Final[dict[str, Text]] = {
    "person": Text("谁", "Who"),
    "kind": Text("方式", "How"),
    "from": Text("从哪天", "From"),
    "to": Text("到哪天", "To"),
}


@router.get("/audit/readings", name="audit.readings")
def listed(request: Request, crm: Crm) -> Response:
    """Latest first; htmx asks for `#results` alone."""
    given = request.query_params
    asked = {name: given.get(name, "").strip() for name in LABELS}
    filters = filters_of(asked, routes(request.app))
    with crm.pool.connection() as conn:
        try:
            found = readings.listed(conn, filters, after=given.get("after") or None)
        except BadCursor:
            found = readings.listed(conn, filters)
        total, everybody, names = readings.counted(conn, filters), readings.readers(conn), names_of(conn)
        known = leads.some(conn, list({row.subject for row in found.rows if row.subject}))
    return page(
        request, "audit/readings.html", rows=found.rows, following=found.next, total=total, asked=asked, names=names,
        people=[Choice(str(one), _name(names.people.get(one))) for one in everybody],
        kinds=[Choice(kind, text) for kind, text in KINDS.items()], said=route_name, kind_of=kind_of, KINDS=KINDS,
        labels=LABELS, errors=errors_of(asked),
        about={row.position: _about(request, row, known, names) for row in found.rows},
        role_name={role.value: role.text for role in Role},
    )  # fmt: skip


def filters_of(asked: dict[str, str], known: Iterable[str]) -> Filters:
    """What the form's values ask of the log; what cannot be read asks nothing."""
    first, last = _day(asked["from"]), _day(asked["to"])
    return Filters(
        person=_uuid(asked["person"]),
        routes=[name for name in known if kind_of(name) == asked["kind"]] if asked["kind"] in KINDS else None,
        recorded_from=datetime.combine(first, time(), SHANGHAI) if first else None,
        recorded_to=datetime.combine(last + timedelta(days=1), time(), SHANGHAI) if last else None,
    )


def errors_of(asked: dict[str, str]) -> dict[str, Text]:
    """What of the form's values could not be read, and so asks nothing."""
    read = {
        "person": _uuid(asked["person"]), "kind": asked["kind"] in KINDS, "from": _day(asked["from"]), "to": _day(asked["to"]),
    }  # fmt: skip
    return {name: UNREADABLE for name, found in read.items() if asked[name] and not found}


def kind_of(route: str) -> str:
    """Whether a route is a page, a read of the API, or hands out a file."""
    return "file" if takes_out(route) else "api" if route.startswith("api.") else "page"


_RECORDS: Final = frozenset(kind.NAME for kind in AGGREGATES.values() if issubclass(kind, Correctable))
"""Kinds whose page is called as they are."""


class About(NamedTuple):
    """What was looked at: its name, and its page where it has one."""

    name: str
    link: str


def _about(request: Request, row: Reading, known: Mapping[UUID, LeadRow], names: Names) -> About:
    subject, viewer = row.subject, request.state.viewer
    if subject is None:
        return About("", "")
    if subject in known:
        return About(known[subject].company, url_for(request, "lead", id=subject))
    if subject in names.channels:
        return About(names.channels[subject], url_for(request, "channel", id=subject))
    if subject in names.people:
        return About(names.people[subject], url_for(request, "admin.person", id=subject))
    kind = row.route.removeprefix("api.").partition(".")[0]
    if kind in _RECORDS:
        return About(str(subject)[:8], url_for(request, kind, id=subject))
    imported = row.route.removeprefix("api.").startswith("import.") or row.route == "import"
    there = url_for(request, "import", id=subject) if imported and viewer.may_open("import") else ""
    return About(str(subject)[:8], there)


def _name(name: str | None) -> Text:
    return Text(name, name) if name else Text("命令行", "Command line")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) and text < "9999" else None
    except ValueError:
        return None
