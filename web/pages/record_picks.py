"""Firms and projects to choose from in forms."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.correctable import Correctable
from domain.project import Project
from projections import companies, projects
from projections.companies import CompanyFilters
from projections.projects import ProjectFilters, ProjectRow
from web.fields import Choice, Picks
from web.pages.answering import people_offered
from web.pages.lead_picks import named

COMPANIES_OFFERED: Final = 1000
"""As many as a browser's list still bears; the API takes any."""
PROJECTS_OFFERED: Final = 100


def companies_offered(conn: Connection[Any], *among: UUID | None) -> list[Choice]:
    """The firms by pinyin, those of `among` first where there are more than can be offered."""
    rows = companies.LIST.page(conn, CompanyFilters().asked(), limit=COMPANIES_OFFERED).rows
    known = {row.id: row for row in rows}
    more = companies.LIST.some(conn, [one for one in among if one and one not in known])
    return [Choice(str(row.id), named(row.name), row.credit_code or "") for row in [*more.values(), *rows]]


def projects_offered(conn: Connection[Any], *among: UUID | None, answers: UUID | None = None) -> list[Choice]:
    """The projects last opened; before them those of `among`, whatever became of them, and what that person `answers` for."""
    rows: dict[UUID, ProjectRow] = projects.LIST.some(conn, [one for one in among if one])
    if answers:
        rows |= _rows(conn, ProjectFilters(answers=answers))
    rows |= _rows(conn, ProjectFilters())
    return [Choice(str(row.id), named(row.name), row.investor or "") for row in rows.values()]


def _rows(conn: Connection[Any], filters: ProjectFilters) -> dict[UUID, ProjectRow]:
    found = projects.LIST.page(conn, filters.asked(), sort="opened", limit=PROJECTS_OFFERED).rows
    return {row.id: row for row in found}


def hangs_on(
    crm: CRM, project: UUID | None = None, company: UUID | None = None, record: Correctable | None = None
) -> Picks:
    """What the forms of a record of a project or a firm offer: both, its own among them, and people."""
    with crm.pool.connection() as conn:
        found = {"project": projects_offered(conn, project), "company": companies_offered(conn, company)}
    return {**found, "person": people_offered(crm, record)}


def given_id(text: str | None) -> UUID | None:
    """The id that an address or a form gives; None for what is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def project_given(crm: CRM, given: Mapping[str, str]) -> Project | None:
    """The project that an address names."""
    wanted = given_id(given.get("project"))
    try:
        return crm.aggregate(Project, wanted) if wanted else None
    except Unknown:
        return None


def hangs_on_given(crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Picks:
    """The same for a new one: the project and the firm that the address names among them."""
    project = project_given(crm, given)
    company = given_id(given.get("company")) or (project.state.company if project else None)
    return hangs_on(crm, project.id if project else None, company)
