"""Sites: the list by both clocks with its sums by kind, and registering one."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Text
from domain.site import Site, SiteKind, SiteTerms
from projections import leads, projects, sites
from projections.paging import BadCursor, Page
from projections.sites import SiteRow
from web.fields import Picks
from web.html import page
from web.pages.facts import names_of
from web.pages.filters import Asked, listing, sort_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, moment
from web.pages.opening import Opening, add_opening
from web.pages.site_filters import MORE, SORTS, choices, read
from web.session import Crm, Who

router = APIRouter()


@router.get("/sites", name="sites")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = read(request.query_params, viewer.id, clock.today())
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        context = _list(conn, request, wanted, asked)
    return page(request, "sites/list.html", **context)


def _list(conn: Connection[Any], request: Request, wanted: Asked, asked: Moment) -> dict[str, Any]:
    found, filters = _page(conn, request, wanted, asked), wanted.filters.asked()
    by_kind = sites.space(conn, filters, asked.point.as_at or clock.today(), asked.point)
    anything = sites.SiteFilters().asked()
    names = names_of(conn, _taker(conn, wanted.filters.taker))
    return {
        **listing(request, "sites", wanted, SORTS, found, names, kept=("as_at", "known_at")),
        "carried": {**wanted.typed, **asked.question.days},
        "question": asked.question,
        "NAMES": NAMES,
        "more_in_force": bool(set(wanted.typed) & MORE),
        "totals": sites.LIST.totals(conn, filters, asked.point),
        "by_kind": {kind: sums for kind, sums in by_kind.items() if sums.sites},
        "sums": sites.together(by_kind.values()),
        "lists": choices(),
        "any": bool(found.rows) or bool(sites.LIST.totals(conn, anything, asked.point).count),
        "kind_of": SiteKind,
        "terms_of": SiteTerms,
    }


def _taker(conn: Connection[Any], taker: Any) -> dict[Any, str]:
    """The name of whoever the list is narrowed to."""
    lead, project = (leads.one(conn, taker), projects.LIST.one(conn, taker)) if taker else (None, None)
    name = lead.company if lead else project.name if project else ""
    return {taker: name} if name else {}


def _page(conn: Connection[Any], request: Request, wanted: Asked, asked: Moment) -> Page[SiteRow]:
    filters, sort = wanted.filters.asked(), sort_of(request, SORTS)
    after, before = (request.query_params.get(name) or None for name in ("after", "before"))
    try:
        return sites.LIST.page(conn, filters, asked.point, sort=sort, after=after, before=before)
    except BadCursor:
        return sites.LIST.page(conn, filters, asked.point, sort=sort)


# ── registering one ─────────────────────────────────────────────────────────────────────────────────────────────────


def _offers(_crm: CRM, _viewer: Viewer, _given: Mapping[str, str]) -> Picks:
    return {}


def _knows(_crm: CRM, _viewer: Viewer, _given: Mapping[str, str]) -> Mapping[str, Any]:
    return {"kind": SiteKind.PARK, "terms": SiteTerms.LEASE}


GROUPS = (
    (Text("载体", "The site"), ("name", "kind", "place", "operator", "use")),
    (Text("面积与供应", "Area and terms"), ("area_m2", "offered_m2", "ready_on", "terms", "terms_note")),
    (Text("条件", "Features"), ("floor_load_t", "height_m", "power_kva", "features")),
    (Text("登记", "Record"), ("occurred_on",)),
)
add_opening(
    router,
    Opening(
        Site, "/sites", "sites", "site", GROUPS, _offers, _knows,
        Text("园区、楼宇按建筑面积，地块按用地面积，单位都是平方米。",
             "Parks and buildings by floor, plots by ground, in square metres."),
        ("projects.css", "sites.css"),
    ),
)  # fmt: skip
