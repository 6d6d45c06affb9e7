"""Procedures: the list by both clocks with every filter in the URL, its file, and recording an application."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.procedure_table import procedure_table
from domain.base import Text
from domain.procedure import Handling, Procedure, ProcedureKind, ProcedureStatus
from projections import procedures
from web.fields import Picks
from web.html import page
from web.pages import attached
from web.pages.dated_lists import DatedList, sent
from web.pages.filters import sort_of
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.procedure_filters import MORE, SORTS, choices, read
from web.session import Crm, Who

router = APIRouter()


@router.get("/procedures", name="procedures")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:  # noqa: ARG001 - everybody sees all of them
    """The list; htmx asks for `#results` alone."""
    wanted = read(request.query_params, clock.today())
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rows = DatedList("procedures", procedures.LIST, SORTS, MORE, lambda conn, rows: attached.names(
            conn, [wanted.filters.project, *(row.project for row in rows)], asked.point))  # fmt: skip
        context = {**rows.shown(conn, request, wanted, asked), "lists": choices(conn)}
    return page(request, "procedures/list.html", **context, **WORDS)


WORDS: Final[dict[str, Any]] = {"kind_of": ProcedureKind, "status_of": ProcedureStatus, "way_of": Handling}


@router.get("/procedures/export.{form}", name="procedures.export")
def export(request: Request, form: Literal["csv", "xlsx"], crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return sent(_table(request, crm, viewer), form, "procedures")


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = read(request.query_params, clock.today())
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rows = procedures.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort_of(request, SORTS))
        people = attached.names(conn, ()).people
        yield from procedure_table(attached.looked_up(conn, rows, asked.point), people, viewer.language)


# ── recording one ───────────────────────────────────────────────────────────────────────────────────────────────────


def _offers(crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Picks:
    project = attached.project_given(crm, given)
    return attached.offers(crm, project.id if project else None)


def _knows(crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """For a project everything that is known of it already."""
    project = attached.project_given(crm, given)
    return (
        {"project": project.id, "applicant": project.state.investor, "company": project.state.company}
        if project
        else {}
    )


GROUPS = (
    (Text("事项", "Procedure"), ("kind", "item", "department", "number", "occurred_on")),
    (Text("为谁办理", "For whom"), ("project", "company", "applicant")),
)
add_opening(
    router,
    Opening(
        Procedure, "/procedures", "procedures", "procedure", GROUPS, _offers, _knows,
        Text("申请递交当天登记；受理、补齐、办结随后在手续页上登记。",
             "Recorded on the day it is handed in; acceptance, papers and permit follow on its own page."),
        ("projects.css",),
    ),
)  # fmt: skip
