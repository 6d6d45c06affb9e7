"""A project as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from crm import access
from crm.access import Viewer
from crm.application import CRM
from domain.funnel import STAGES
from domain.project import Milestone, PlanMilestone, Project, ProjectState, ReachMilestone
from domain.project.opening import ProjectDetails
from domain.values import Money
from projections import channels, leads
from projections.paging import Scope
from web.fields import Choice, Picks
from web.forms import FormView
from web.pages.answering import in_force, people_offered
from web.pages.lead_picks import named, workers
from web.pages.record_picks import companies_offered

LANDED_OFFERED: Final = 50


def offers(crm: CRM, viewer: Viewer | None, lead: UUID | None = None, company: UUID | None = None) -> Picks:
    """People at work, channels, firms, and the leads that have landed: with `lead` and `company` among them."""
    scope = Scope(**access.listable(viewer)) if viewer else Scope()  # type: ignore[arg-type]
    with crm.pool.connection() as conn:
        found = leads.search(conn, leads.LeadFilters(stage=str(STAGES[-1])), scope=scope, limit=LANDED_OFFERED).rows
        own = leads.one(conn, lead) if lead else None
        known = {row.id: row for row in ([own] if own and own.stage == STAGES[-1] else []) + found}
        return {
            "person": workers(conn),
            "channel": [Choice(str(row.id), named(row.name)) for row in channels.listed(conn)],
            "company": companies_offered(conn, company),
            "landed": [Choice(str(row.id), named(row.company), row.project or "") for row in known.values()],
        }


def offers_for(crm: CRM, project: Project) -> Picks:
    """The same for one project; whoever answers for it now stays in the list though they have left."""
    return {**offers(crm, None, project.state.lead, project.state.company), "person": people_offered(crm, project)}


def values(_crm: CRM, project: Project) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    state: ProjectState = project.state
    winter = state.winter
    known: dict[str, Any] = {
        "invested": Money(minor=state.invested) if state.invested else None,
        "fixed": Money(minor=state.fixed) if state.fixed else None,
        "production_on": state.mark(Milestone.PRODUCTION).planned,
    }
    known |= {name: getattr(winter, name) for name in winter.__dataclass_fields__} if winter else {}
    known = {name: value for name, value in known.items() if value is not None}
    return in_force(project, ProjectDetails, "physical") | known


def narrowed(project: Project, form: FormView) -> FormView:
    """The form offering only milestones that are ahead."""
    if form.kind not in (PlanMilestone, ReachMilestone):
        return form
    return form.offering("milestone", {str(one) for one in project.state.ahead})
