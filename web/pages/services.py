"""Services: the list by both clocks with every filter in the URL, counted by kind, and logging one."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm.access import Viewer
from crm.application import CRM
from crm.exports import Value
from crm.service_table import Named, service_table
from domain.base import Text
from domain.service import Service, ServiceKind, ServiceOutcome
from projections import people, services
from projections.services import ServiceRow
from web.html import page
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import sort_of
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import LOOKED_UP_TOGETHER, context
from web.pages.service_access import known_of, names_about, offers
from web.pages.service_filters import SERVICES, choices
from web.session import Crm, Who

router = APIRouter()


@router.get("/services", name="services")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = SERVICES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        shown = context(
            conn,
            request,
            SERVICES,
            wanted,
            asked,
            choices(conn, wanted.filters.company),
            names=lambda rows: names_of(conn, names_about(conn, viewer, [*rows, wanted.filters])),
        )
        counts = services.counts(conn, wanted.filters.asked(), asked.point)
    return page(
        request, "services/list.html", **shown, counts=counts, kind_of=ServiceKind, outcome_of=ServiceOutcome
    )  # fmt: skip


@router.get("/services/export.{form}", name="services.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("services", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[Value]]:
    wanted = SERVICES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, filters = moment(conn, request.query_params), wanted.filters.asked()
        known = people.names(conn)
        found = services.LIST.every(conn, filters, asked.point, sort=sort_of(request, SERVICES.sorts))
        yield from service_table(_named(conn, viewer, found), known, viewer.language)


def _named(conn: Connection[Any], viewer: Viewer, rows: Iterator[ServiceRow]) -> Iterator[Named]:
    """Each row with the names of whom it is about; some hundreds are looked up in one go."""
    while some := list(islice(rows, LOOKED_UP_TOGETHER)):
        names = names_about(conn, viewer, some)
        yield from ((row, names) for row in some)


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
