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
from web.fields import Picks
from web.html import page
from web.pages.facts import names_of
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import context
from web.pages.site_filters import SITES, choices
from web.session import Crm, Who

router = APIRouter()


@router.get("/sites", name="sites")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = SITES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        taker = _taker(conn, wanted.filters.taker)
        shown = context(conn, request, SITES, wanted, asked, choices(), names=lambda _rows: names_of(conn, taker))
        by_kind = sites.space(conn, wanted.filters.asked(), asked.point.as_at or clock.today(), asked.point)
    return page(
        request, "sites/list.html", **shown, by_kind={kind: sums for kind, sums in by_kind.items() if sums.sites},
        sums=sites.together(by_kind.values()), kind_of=SiteKind, terms_of=SiteTerms,
    )  # fmt: skip


def _taker(conn: Connection[Any], taker: Any) -> dict[Any, str]:
    """The name of whoever the list is narrowed to."""
    lead, project = (leads.one(conn, taker), projects.LIST.one(conn, taker)) if taker else (None, None)
    name = lead.company if lead else project.name if project else ""
    return {taker: name} if name else {}


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
