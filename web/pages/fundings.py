"""Funding from above: the list by both clocks with its sums, every one of which opens; its file, and recording an application."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.funding_table import funding_table
from domain.base import Text
from domain.funding import Funding, FundingKind, FundingStatus
from projections import fundings
from web.fields import Picks
from web.html import page
from web.pages import attached
from web.pages.dated_lists import DatedList, sent
from web.pages.filters import sort_of
from web.pages.funding_filters import MORE, SORTS, choices, read
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.session import Crm, Who

router = APIRouter()


@router.get("/funding", name="fundings")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:  # noqa: ARG001 - everybody sees all of them
    """The list; htmx asks for `#results` alone."""
    wanted = read(request.query_params)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rows = DatedList("fundings", fundings.LIST, SORTS, MORE, lambda conn, rows: attached.names(
            conn, [wanted.filters.project, *(row.project for row in rows)], asked.point))  # fmt: skip
        context = rows.shown(conn, request, wanted, asked)
        sums = fundings.sums(conn, wanted.filters.asked(), asked.point)
    return page(
        request, "funding/list.html", **context, sums=sums, sum=fundings.together(sums or {}), kind_of=FundingKind,
        status_of=FundingStatus, lists=choices(clock.today().year),
    )  # fmt: skip


@router.get("/funding/export.{form}", name="fundings.export")
def export(request: Request, form: Literal["csv", "xlsx"], crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return sent(_table(request, crm, viewer), form, "funding")


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = read(request.query_params)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rows = fundings.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort_of(request, SORTS))
        people = attached.names(conn, ()).people
        yield from funding_table(attached.looked_up(conn, rows, asked.point), people, viewer.language)


# ── recording one ───────────────────────────────────────────────────────────────────────────────────────────────────


def _offers(crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Picks:
    project = attached.project_given(crm, given)
    return attached.offers(crm, project.id if project else None)


def _knows(crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """For a project everything that is known of it already."""
    project = attached.project_given(crm, given)
    if project is None:
        return {}
    known = {"project": project.id, "applicant": project.state.investor, "company": project.state.company}
    return known | {"name": project.state.name, "kind": KINDS.get(str(project.state.kind))}


KINDS = {str(kind): kind for kind in FundingKind}
"""Kinds of funding by the kinds of project that are called so: a special-bond project is funded by a special bond."""
GROUPS = (
    (Text("申报", "Application"), ("name", "kind", "department", "requested", "document", "occurred_on")),
    (Text("为谁争取", "For whom"), ("project", "company", "applicant")),
)
add_opening(
    router,
    Opening(
        Funding, "/funding", "fundings", "funding", GROUPS, _offers, _knows,
        Text("申报上报当天登记；批复、拨付随后在这笔资金的页面上登记。",
             "Recorded on the day it is sent up; approval and payments follow on its own page."),
        ("projects.css",),
    ),
)  # fmt: skip
