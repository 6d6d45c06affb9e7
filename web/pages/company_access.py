"""A firm as its pages need it: who may change it, what its forms offer, with what they open, and what is hidden."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from crm import access
from crm.access import Viewer
from crm.application import CRM, Unknown
from crm.sealed import ERASED
from domain.base import Text, field_text
from domain.company import Company, CompanyState, RegisterCompany
from domain.company.details import CompanyDetails
from domain.project import Project
from projections import company_leads
from web.fields import Choice, Picks
from web.pages import project_access
from web.pages.answering import in_force, people_offered, workable
from web.pages.facts import Facts
from web.pages.lead_access import held, landing_code, readable
from web.pages.lead_picks import named
from web.pages.record_picks import given_id, project_given


class CompanyFacts(Facts):
    """Says what is known of a firm."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"contacts", "summary"})
    LABELS: ClassVar[Mapping[str, Text]] = MappingProxyType(
        {name: field_text(RegisterCompany, name) for name in RegisterCompany.model_fields}
    )


def sees_contacts(crm: CRM, viewer: Viewer, company: Company) -> bool:
    """Whether its contact persons may be shown: to whoever sees everything, and to those who work on it."""
    return viewer.sees_all or workable(crm, viewer, company)


def offers(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Picks:
    """For a new firm: landed leads, other firms, and the one project that it is registered for."""
    project = _project(crm, viewer, given)
    picks = project_access.offers(crm, viewer, given_id(given.get("lead")), given_id(given.get("parent")))
    return {**picks, "project": [Choice(str(project.id), named(project.name))] if project else []}


def _project(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Project | None:
    """The project that the address names, where the viewer may work on it."""
    project = project_given(crm, given)
    return project if project and project.state.exists and workable(crm, viewer, project) else None


def offers_for(crm: CRM, company: Company) -> Picks:
    """The same for one firm; leads of its names and code first, those that are linked left out."""
    state: CompanyState = company.state
    picks = dict(project_access.offers(crm, None, None, state.parent))
    with crm.pool.connection() as conn:
        own = company_leads.of_company(conn, state.names if state.exists else (), state.credit_code, ())
    leads = [Choice(str(one.lead.id), named(one.lead.company), one.lead.project or "") for one in own]
    picks["landed"] = [
        choice for choice in dict.fromkeys([*leads, *picks["landed"]]) if UUID(choice.value) not in state.leads
    ]
    picks["company"] = [choice for choice in picks["company"] if choice.value != str(company.id)]
    return {**picks, "person": people_offered(crm, company)}


def values(_crm: CRM, company: Company) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    return in_force(company, CompanyDetails)


def known_of(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """What a new firm opens with: from the lead that landed, or from the project that has no firm yet."""
    project = _project(crm, viewer, given)
    lead = given_id(given.get("lead")) or (project.state.lead if project else None)
    known = _of_lead(crm, viewer, lead) if lead else {}
    if project:
        known = {"name": project.state.investor, **known, "project": project.id}
    return {name: value for name, value in known.items() if value}


def _of_lead(crm: CRM, viewer: Viewer, id: UUID) -> dict[str, Any]:
    """The firm that landed: what was registered here goes by the landing's name, else by the lead's."""
    try:
        found = crm.lead(id)
    except Unknown:
        return {}
    if not access.may_read(viewer, held(found)):
        return {}
    now = readable(crm, viewer, id).standing.attributes
    code = landing_code(found) or (now.get("credit_code") if now.get("entity") in (None, now.get("company")) else None)
    return {
        "lead": id, "name": now.get("entity") or now.get("company"), "credit_code": code, "address": now.get("where"),
        "contacts": tuple(one for one in now.get("contacts") or () if one.name != ERASED),
    }  # fmt: skip
