"""A service as its pages need it: who may change it, what its forms offer, and with what they open."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from crm import access
from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.base import field_text
from domain.project import Project
from domain.service import LogService, Service, ServiceDetails, ServiceKind, ServiceState
from projections import companies, leads, projects
from web.fields import Choice, Picks
from web.pages.answering import in_force, people_offered
from web.pages.lead_access import company_of
from web.pages.lead_access import held as held_lead
from web.pages.lead_picks import named, workers
from web.pages.record_picks import companies_offered, given_id, projects_offered

LABELS = {name: field_text(LogService, name) for name in LogService.model_fields}


def offers(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Picks:
    """People at work, firms, projects, and the one lead that is served, where the viewer may work on it."""
    lead = lead_given(crm, viewer, given_id(given.get("lead")))
    with crm.pool.connection() as conn:
        return _lists(conn, given_id(given.get("company")), given_id(given.get("project"))) | {"lead": lead}


def _lists(conn: Connection[Any], company: UUID | None, project: UUID | None) -> dict[str, Any]:
    return {
        "person": workers(conn),
        "company": companies_offered(conn, company),
        "project": projects_offered(conn, project),
    }


def lead_given(crm: CRM, viewer: Viewer, id: UUID | None) -> list[Choice]:
    """The lead that is spoken of, to choose from; nothing where the viewer may not work on it."""
    try:
        lead = crm.lead(id) if id else None
    except Unknown:
        return []
    mine = lead is not None and access.may_change(viewer, held_lead(lead))
    return [Choice(str(id), named(company_of(lead)))] if lead and mine else []


def offers_for(crm: CRM, service: Service) -> Picks:
    """The same for one that is logged: with the lead and the project it is about."""
    state: ServiceState = service.state
    with crm.pool.connection() as conn:
        lists = _lists(conn, state.company, state.project)
    lists["person"] = people_offered(crm, service)
    return lists | {"lead": [Choice(str(state.lead), named(company_of(crm.lead(state.lead))))] if state.lead else []}


def values(_crm: CRM, service: Service) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    return in_force(service, ServiceDetails, "outcome", "result")


def known_of(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """A call by the viewer; on a project for its firm."""
    known: dict[str, Any] = {"handled_by": viewer.id, "kind": ServiceKind.PHONE}
    project = given_id(given.get("project"))
    try:
        company = crm.aggregate(Project, project).state.company if project else None
    except Unknown:
        company = None
    return known | ({"company": company} if company else {})


def names_about(conn: Connection[Any], viewer: Viewer, rows: Sequence[Any]) -> dict[UUID, str]:
    """The names of the firms, projects and leads that these services or filters are about, as far as the viewer may know."""
    known = leads.some(conn, [row.lead for row in rows if row.lead])
    return {
        **companies.LIST.called(conn, [row.company for row in rows]),
        **projects.LIST.called(conn, [row.project for row in rows]),
        **{one: row.company for one, row in known.items() if access.may_list(viewer, row)},
    }
