"""Funding from above: the list by both clocks with its sums, every one of which opens; its file, and recording an application."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.funding_table import funding_table
from domain.base import Text
from domain.funding import Funding, FundingKind, FundingStatus
from projections import fundings, people
from web.html import page
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import sort_of
from web.pages.funding_filters import FUNDINGS, choices
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import context, whose, with_names
from web.pages.record_picks import hangs_on_given, project_given
from web.session import Crm, Who

router = APIRouter()


@router.get("/funding", name="fundings")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = FUNDINGS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        shown = context(
            conn, request, FUNDINGS, wanted, asked, choices(clock.today().year),
            names=lambda rows: names_of(conn, whose(conn, [*rows, wanted.filters], asked.point)),
        )  # fmt: skip
        sums = fundings.sums(conn, wanted.filters.asked(), asked.point)
    return page(
        request, "funding/list.html", **shown, sums=sums, sum=fundings.together(sums or {}), kind_of=FundingKind, status_of=FundingStatus
    )  # fmt: skip


@router.get("/funding/export.{form}", name="fundings.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("funding", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = FUNDINGS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rows = fundings.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort_of(request, FUNDINGS.sorts))
        yield from funding_table(with_names(conn, rows, asked.point), people.names(conn), viewer.language)


# ── recording one ───────────────────────────────────────────────────────────────────────────────────────────────────


def _knows(crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """For a project everything that is known of it already."""
    project = project_given(crm, given)
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
        Funding, "/funding", "fundings", "funding", GROUPS, hangs_on_given, _knows,
        Text("申报上报当天登记；批复、拨付随后在这笔资金的页面上登记。",
             "Recorded on the day it is sent up; approval and payments follow on its own page."),
        ("projects.css",),
    ),
)  # fmt: skip
