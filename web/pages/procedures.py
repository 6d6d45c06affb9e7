"""Procedures: the list by both clocks with every filter in the URL, its file, and recording an application."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import exports
from crm.access import Viewer
from crm.application import CRM
from crm.procedure_table import procedure_table
from domain.base import Text
from domain.procedure import Handling, Procedure, ProcedureKind, ProcedureStatus
from projections import people, procedures
from web.html import page
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import sort_of
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.procedure_filters import PROCEDURES, choices
from web.pages.record_list import context, whose, with_names
from web.pages.record_picks import hangs_on_given, project_given
from web.session import Crm, Who

router = APIRouter()


@router.get("/procedures", name="procedures")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = PROCEDURES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        shown = context(
            conn, request, PROCEDURES, wanted, asked, choices(conn),
            names=lambda rows: names_of(conn, whose(conn, [*rows, wanted.filters], asked.point)),
        )  # fmt: skip
    return page(
        request, "procedures/list.html", **shown, kind_of=ProcedureKind, status_of=ProcedureStatus, way_of=Handling
    )  # fmt: skip


@router.get("/procedures/export.{form}", name="procedures.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("procedures", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = PROCEDURES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rows = procedures.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort_of(request, PROCEDURES.sorts))
        yield from procedure_table(with_names(conn, rows, asked.point), people.names(conn), viewer.language)


# ── recording one ───────────────────────────────────────────────────────────────────────────────────────────────────


def _knows(crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """For a project everything that is known of it already."""
    project = project_given(crm, given)
    if project is None:
        return {}
    return {"project": project.id, "applicant": project.state.investor, "company": project.state.company}


GROUPS = (
    (Text("事项", "Procedure"), ("kind", "item", "department", "number", "occurred_on")),
    (Text("为谁办理", "For whom"), ("project", "company", "applicant")),
)
add_opening(
    router,
    Opening(
        Procedure, "/procedures", "procedures", "procedure", GROUPS, hangs_on_given, _knows,
        Text("申请递交当天登记；受理、补齐、办结随后在手续页上登记。",
             "Recorded on the day it is handed in; acceptance, papers and permit follow on its own page."),
        ("projects.css",),
    ),
)  # fmt: skip
