"""What hangs on a firm, one panel each on its page; whatever else comes to hang on firms joins by one line in PANELS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from fastapi import Request

from crm import access
from crm.access import Viewer
from crm.application import CRM
from domain.company import Company, CompanyState
from domain.funnel import Stage, Status
from projections import companies, company_leads, projects
from projections.changes import Point
from projections.companies import CompanyFilters
from projections.paging import Scope
from projections.projects import ProjectFilters
from web.pages.moments import Moment
from web.pages.record_panels import funding_of, problems_of, procedures_of
from web.pages.service_panel import services_of

SHOWN: Final = 20


@dataclass(frozen=True)
class Asking:
    """Who looks at which firm, on which day, as known when; `changes`: whether they may work on it."""

    request: Request
    crm: CRM
    viewer: Viewer
    company: Company
    state: CompanyState
    asked: Moment
    present: bool
    changes: bool

    @property
    def id(self) -> UUID:
        return self.company.id

    @property
    def point(self) -> Point:
        return self.asked.point


class Panel(NamedTuple):
    """A part of the page: its template, and what that shows, as `panel`."""

    template: str
    read: Callable[[Asking], Mapping[str, Any]]


def _services(asking: Asking) -> Mapping[str, Any]:
    return services_of(asking.request, asking.crm, asking.viewer, asking.point, log=asking.present, company=asking.id)


def _projects(asking: Asking) -> Mapping[str, Any]:
    filters = ProjectFilters(company=asking.id).asked()
    with asking.crm.pool.connection() as conn:
        rows = projects.LIST.page(conn, filters, asking.point, limit=SHOWN).rows
        return {"rows": rows, "totals": projects.LIST.totals(conn, filters, asking.point)}


def _leads(asking: Asking) -> Mapping[str, Any]:
    """The leads that there are now, whatever day is looked at: each has a past of its own."""
    scope = Scope(**access.listable(asking.viewer))  # type: ignore[arg-type]
    state = asking.state
    with asking.crm.pool.connection() as conn:
        rows = (
            company_leads.of_company(conn, state.names, state.credit_code, state.leads, scope) if state.exists else []
        )
    rows = [one for one in rows if access.may_list(asking.viewer, one.lead)]
    return {"rows": rows, "links": asking.changes, "stage_of": Stage, "status_of": Status}


def _group(asking: Asking) -> Mapping[str, Any]:
    """The firm above and those below."""
    with asking.crm.pool.connection() as conn:
        below = companies.LIST.page(conn, CompanyFilters(parent=asking.id).asked(), asking.point, limit=SHOWN).rows
        above = companies.LIST.called(conn, [asking.state.parent])
    return {"above": above, "below": below}


def _hanging(read: Callable[..., Mapping[str, Any]]) -> Callable[[Asking], Mapping[str, Any]]:
    def panel(asking: Asking) -> Mapping[str, Any]:
        with asking.crm.pool.connection() as conn:
            return read(conn, asking.asked, company=asking.id)

    return panel


PANELS: Final = (
    Panel("companies/panels/services.html", _services),
    Panel("companies/panels/projects.html", _projects),
    Panel("companies/panels/problems.html", _hanging(problems_of)),
    Panel("companies/panels/procedures.html", _hanging(procedures_of)),
    Panel("companies/panels/funding.html", _hanging(funding_of)),
    Panel("companies/panels/leads.html", _leads),
    Panel("companies/panels/group.html", _group),
)


def panels(asking: Asking) -> list[tuple[str, Mapping[str, Any]]]:
    """(template, what it shows) of every panel."""
    return [(panel.template, panel.read(asking)) for panel in PANELS]
