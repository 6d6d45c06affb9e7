"""A project as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from crm import access
from crm.access import Viewer
from crm.application import CRM
from domain.funnel import STAGES
from domain.project import Milestone, PlanMilestone, Project, ProjectState, ReachMilestone
from domain.project.opening import ProjectDetails
from domain.values import Money
from projections import channels, leads, people
from projections.paging import Scope
from web.fields import Choice, Picks
from web.forms import FormView
from web.pages.lead_picks import named, workers

LANDED_OFFERED: Final = 50


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a project: what the object rule asks about."""

    leader: UUID | None
    officers: Collection[UUID]
    begun_by: UUID | None


def held(crm: CRM, project: Project) -> Held:
    """Who answers for the project now, and who opened it."""
    answer = project.state.responsibility
    return Held(answer.leader if answer else None, answer.people if answer else (), crm.begun_by(project.id))


def workable(crm: CRM, viewer: Viewer, project: Project) -> bool:
    """Whether the viewer may work on it."""
    return access.may_work_on(viewer, held(crm, project))


def demand_workable(crm: CRM, viewer: Viewer, id: UUID) -> None:
    """Raise Forbidden unless the viewer may work on the project; Unknown where there is none."""
    access.demand(
        workable(crm, viewer, crm.aggregate(Project, id)),
        "只有包保领导、服务专员、登记人和主管可以修改这个项目。",
        "Only those who answer for this project, whoever opened it and managers may change it.",
    )


def offers(crm: CRM, viewer: Viewer | None, lead: UUID | None = None) -> Picks:
    """People at work, channels, and the leads that have landed: with `lead` among them where it has."""
    scope = Scope(**access.listable(viewer)) if viewer else Scope()  # type: ignore[arg-type]
    with crm.pool.connection() as conn:
        found = leads.search(conn, leads.LeadFilters(stage=str(STAGES[-1])), scope=scope, limit=LANDED_OFFERED).rows
        own = leads.one(conn, lead) if lead else None
        known = {row.id: row for row in ([own] if own and own.stage == STAGES[-1] else []) + found}
        return {
            "person": workers(conn),
            "channel": [Choice(str(row.id), named(row.name)) for row in channels.listed(conn)],
            "landed": [Choice(str(row.id), named(row.company), row.project or "") for row in known.values()],
        }


def offers_for(crm: CRM, project: Project) -> Picks:
    """The same for one project; whoever answers for it now stays in the list though they have left."""
    picks = dict(offers(crm, None, project.state.lead))
    answer = project.state.responsibility
    gone = (answer.people if answer else frozenset()) - {UUID(choice.value) for choice in picks["person"]}
    with crm.pool.connection() as conn:
        known = people.names(conn) if gone else {}
    picks["person"] = [*picks["person"], *(Choice(str(one), named(known.get(one, "—"))) for one in gone)]
    return picks


def values(_crm: CRM, project: Project) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    state: ProjectState = project.state
    answer, winter = state.responsibility, state.winter
    known: dict[str, Any] = {
        "details": {name: getattr(state, name) for name in ProjectDetails.model_fields},
        "physical": state.physical,
        "invested": Money(minor=state.invested) if state.invested else None,
        "fixed": Money(minor=state.fixed) if state.fixed else None,
        "production_on": state.mark(Milestone.PRODUCTION).planned,
    }
    for kept in (answer, winter):
        known |= {name: getattr(kept, name) for name in kept.__dataclass_fields__} if kept else {}
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
