"""Services: the list by both clocks with every filter in the URL, counted by kind, and logging one."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm.access import Viewer
from crm.application import CRM
from crm.exports import Value
from crm.service_table import service_table
from domain.base import Text
from domain.service import Service, ServiceKind, ServiceOutcome
from projections import channels, people, services
from projections.services import ServiceFilters, ServiceRow
from web.html import page
from web.pages.facts import Names
from web.pages.filters import Asked, listing, page_of, sort_of
from web.pages.funnel_question import NAMES
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import file_of
from web.pages.service_access import known_of, names_about, offers
from web.pages.service_filters import SORTS, choices, read
from web.session import Crm, Who

router = APIRouter()
AT_ONCE: Final = 1000


@router.get("/services", name="services")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        return page(request, "services/list.html", **_list(conn, request, viewer, wanted))


def _list(conn: Connection[Any], request: Request, viewer: Viewer, wanted: Asked) -> dict[str, Any]:
    asked, filters = moment(conn, request.query_params), wanted.filters.asked()
    found = page_of(conn, request, services.LIST, filters, asked.point, SORTS)
    names = Names(channels.names(conn), people.names(conn), names_about(conn, viewer, [*found.rows, wanted.filters]))
    counts = services.counts(conn, filters, asked.point)
    return {
        **listing(request, "services", wanted, SORTS, found, names, kept=("as_at", "known_at")),
        "question": asked.question,
        "NAMES": NAMES,
        "counts": counts,
        "totals": services.LIST.totals(conn, filters, asked.point),
        "lists": choices(conn, wanted.filters.company),
        "any": bool(found.rows) or bool(services.LIST.page(conn, ServiceFilters().asked(), limit=1).rows),
        "kind_of": ServiceKind,
        "outcome_of": ServiceOutcome,
    }


@router.get("/services/export.{form}", name="services.export")
def export(request: Request, form: Literal["csv", "xlsx"], crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then. CSV is sent as it is read."""
    return file_of("services", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[Value]]:
    wanted = read(request.query_params, viewer.id)
    with crm.pool.connection() as conn, crm.pool.connection() as beside:
        asked, filters = moment(conn, request.query_params), wanted.filters.asked()
        found = services.LIST.every(conn, filters, asked.point, sort=sort_of(request, SORTS))
        known = people.names(beside)
        for first, rows in enumerate(_some(found)):
            table = service_table(rows, known, names_about(beside, viewer, rows), viewer.language)
            yield from table if first == 0 else islice(table, 1, None)


def _some(rows: Iterator[ServiceRow]) -> Iterator[list[ServiceRow]]:
    """The rows as many at a time as their names are asked for together; one empty list where there are none."""
    yield list(islice(rows, AT_ONCE))
    while some := list(islice(rows, AT_ONCE)):
        yield some


GROUPS = (
    (Text("服务", "Service"), ("kind", "subject", "occurred_on", "handled_by")),
    (Text("服务对象", "For whom"), ("company", "project", "lead", "served")),
    (Text("结果", "What came of it"), ("outcome", "result", "note")),
)
add_opening(
    router,
    Opening(
        Service, "/services", "services", "service", GROUPS, offers, known_of,
        Text("在企业、项目或线索的页面上记，对象会自动填好。", "Logged on the page of a firm, project or lead, it is for that one."),
        ("projects.css", "companies.css"),
    ),
)  # fmt: skip
