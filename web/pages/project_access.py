"""A project as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Mapping
from dataclasses import replace
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
from web.pages.answered import answering, demanding, with_those_who_answer
from web.pages.company_picks import companies_offered
from web.pages.lead_picks import named, workers

__all__ = ["demand_workable", "narrowed", "offers", "offers_for", "values"]
LANDED_OFFERED: Final = 50


demand_workable = demanding(
    Project,
    "只有包保领导、服务专员、登记人和主管可以修改这个项目。",
    "Only those who answer for this project, whoever opened it and managers may change it.",
)


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
    return with_those_who_answer(crm, project, offers(crm, None, project.state.lead, project.state.company))


def values(_crm: CRM, project: Project) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    state: ProjectState = project.state
    winter = state.winter
    known: dict[str, Any] = {
        "details": {name: getattr(state, name) for name in ProjectDetails.model_fields},
        "physical": state.physical,
        "invested": Money(minor=state.invested) if state.invested else None,
        "fixed": Money(minor=state.fixed) if state.fixed else None,
        "production_on": state.mark(Milestone.PRODUCTION).planned,
    }
    known |= answering(project)
    known |= {name: getattr(winter, name) for name in winter.__dataclass_fields__} if winter else {}
    return {name: value for name, value in known.items() if value is not None}


def narrowed(project: Project, form: FormView) -> FormView:
    """The form offering only milestones that are ahead."""
    if form.kind not in (PlanMilestone, ReachMilestone):
        return form
    ahead = {str(one) for one in project.state.ahead}
    fields = tuple(
        replace(one, choices=tuple(choice for choice in one.choices if choice.value in ahead | {one.value}))
        if one.name == "milestone"
        else one
        for one in form.fields
    )
    return replace(form, fields=fields)
