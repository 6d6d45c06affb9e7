"""Services: the list by both clocks with every filter in the URL, counted by kind, and logging one."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm.access import Viewer
from domain.base import Text
from domain.service import Service, ServiceKind, ServiceOutcome
from projections import services
from projections.services import ServiceFilters
from web.html import page
from web.pages.facts import names_of
from web.pages.filters import Asked, listing, page_of
from web.pages.funnel_question import NAMES
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.service_access import known_of, names_about, offers
from web.pages.service_filters import SORTS, choices, read
from web.session import Crm, Who

router = APIRouter()


@router.get("/services", name="services")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        return page(request, "services/list.html", **_list(conn, request, viewer, wanted))


def _list(conn: Connection[Any], request: Request, viewer: Viewer, wanted: Asked) -> dict[str, Any]:
    asked, filters = moment(conn, request.query_params), wanted.filters.asked()
    found = page_of(conn, request, services.LIST, filters, asked.point, SORTS)
    names = names_of(conn, names_about(conn, viewer, [*found.rows, wanted.filters]))
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
