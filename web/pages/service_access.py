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
from web.pages.answered import Held
from web.pages.company_picks import companies_offered, given_id
from web.pages.lead_access import company_of
from web.pages.lead_access import held as held_lead
from web.pages.lead_picks import named, workers

LABELS = {name: field_text(LogService, name) for name in LogService.model_fields}


def workable(crm: CRM, viewer: Viewer, service: Service) -> bool:
    """Whether the viewer may change it: who did it, who logged it, and managers."""
    return access.may_work_on(viewer, Held(service.state.handled_by, (), crm.begun_by(service.id)))


def demand_workable(crm: CRM, viewer: Viewer, id: UUID) -> None:
    """Raise Forbidden unless the viewer may change it; Unknown where there is none."""
    access.demand(
        workable(crm, viewer, crm.aggregate(Service, id)),
        "只有经办人、登记人和主管可以修改这条服务记录。",
        "Only whoever did it, whoever logged it and managers may change this entry.",
    )


def offers(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Picks:
    """People at work, firms, projects, and the one lead that is served, where the viewer may work on it."""
    lead = lead_given(crm, viewer, given_id(given.get("lead")))
    with crm.pool.connection() as conn:
        return _lists(conn, given_id(given.get("company")), given_id(given.get("project"))) | {"lead": lead}


def _lists(conn: Connection[Any], company: UUID | None, project: UUID | None) -> dict[str, Any]:
    found = projects.LIST.some(conn, [project]) if project else {}
    return {
        "person": workers(conn),
        "company": companies_offered(conn, company),
        "project": [Choice(str(row.id), named(row.name)) for row in found.values()],
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
    return lists | {"lead": [Choice(str(state.lead), named(company_of(crm.lead(state.lead))))] if state.lead else []}


def values(_crm: CRM, service: Service) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    state: ServiceState = service.state
    details = {name: getattr(state, name) for name in ServiceDetails.model_fields}
    return {"details": details, "outcome": state.outcome, "result": state.result}


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
    wanted = {
        name: [getattr(row, name) for row in rows if getattr(row, name)] for name in ("company", "project", "lead")
    }
    known = leads.some(conn, wanted["lead"])
    return {
        **companies.some_names(conn, wanted["company"]),
        **{one: row.name for one, row in projects.LIST.some(conn, wanted["project"]).items()},
        **{one: row.company for one, row in known.items() if access.may_list(viewer, row)},
    }
