"""Projects: the list by both clocks with every filter in the URL, and opening one, out of a landed lead or directly."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.base import Text, field_text
from domain.lead import Lead
from domain.project import OpenProject, Project, StartKind
from domain.project.kinds import ProjectKind, ProjectStatus
from projections import companies, projects
from web.fields import Picks
from web.html import page
from web.pages.facts import names_of
from web.pages.lead_access import held, readable
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.project_access import offers
from web.pages.project_filters import PROJECTS, choices
from web.pages.project_lights import counted, regime
from web.pages.record_list import context
from web.pages.record_picks import given_id
from web.session import Crm, Who

router = APIRouter()


@router.get("/projects", name="projects")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = PROJECTS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        by = regime(conn, asked.point)
        firm = companies.LIST.called(conn, [wanted.filters.company])
        shown = context(
            conn,
            request,
            PROJECTS,
            wanted,
            asked,
            choices(conn, years(conn), by.rules),
            asking=by.asked,
            names=lambda _rows: names_of(conn, firm),
        )
        lights = counted(conn, wanted, asked, by)
    return page(
        request, "projects/list.html", **shown, regime=by, lit=lights, kind_of=ProjectKind, status_of=ProjectStatus
    )  # fmt: skip


def years(conn: Connection[Any]) -> list[int]:
    """The years that projects are planned for, the latest first."""
    return sorted(projects.LIST.grouped(conn, "years", projects.ProjectFilters().asked()), reverse=True)


# ── opening one ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _offers(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Picks:
    lead = _lead(crm, viewer, given)
    return offers(crm, viewer, lead.id if lead else None, given_id(given.get("company")))


def _knows(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """New, and of the present year; out of a lead with everything that is known of it."""
    usual = {"planned_year": clock.today().year, "start": StartKind.NEW, "kind": ProjectKind.INVESTMENT}
    lead = _lead(crm, viewer, given)
    return usual | (out_of(lead) if lead else {})


def _lead(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Lead | None:
    """The lead that the address names, where the viewer may read it."""
    try:
        lead = crm.lead(UUID(given["lead"]))
    except (KeyError, ValueError, Unknown):
        return None
    return readable(crm, viewer, lead.id) if access.may_read(viewer, held(lead)) else None


def out_of(lead: Lead) -> dict[str, Any]:
    """What is known of a project from the lead that landed."""
    now = lead.standing.attributes
    entity, named = now.get("entity") or now.get("company"), now.get("project")
    known = {
        "lead": lead.id, "name": named or f"{now.get('company')}项目", "investor": entity, "industry": now.get("industry"),
        "place": now.get("where"), "investment": now.get("amount"), "channel": now.get("channel"),
        "content": now.get("summary"),
    }  # fmt: skip
    return {name: value for name, value in known.items() if value is not None}


GROUPS = (
    (Text("项目", "Project"), ("name", "kind", "investor", "company", "industry", "place", "content")),
    (Text("投资与计划", "Investment and plan"), ("investment", "document", "planned_year", "start", "production_on")),
    (Text("来源", "Source"), ("lead", "channel", "occurred_on")),
)
add_opening(
    router,
    Opening(
        Project, "/projects", "projects", "project", GROUPS, _offers, _knows,
        Text("招商项目从已落地的线索转来，政府投资和资金类项目直接建立。",
             "Investment projects come from landed leads; public and funded works are opened directly."),
        ("projects.css",),
    ),
)  # fmt: skip
LABELS = {name: field_text(OpenProject, name) for name in OpenProject.model_fields}
