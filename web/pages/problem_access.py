"""A problem as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.problem import EscalateProblem, Problem, ProblemState
from domain.problem.clocks import clocks_of
from domain.problem.kinds import EscalationLevel
from domain.problem.raising import ProblemDetails
from domain.values import Money
from projections import people, projects
from projections.projects import ProjectFilters
from web.fields import Choice, Picks
from web.forms import FormView
from web.pages.lead_access import company_of, readable
from web.pages.lead_picks import named, workers

PROJECTS_OFFERED: Final = 50


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a problem: what the object rule asks about."""

    leader: UUID | None
    officers: Collection[UUID]
    begun_by: UUID | None


def held(crm: CRM, problem: Problem) -> Held:
    """Who answers for the problem now, the leader it went up to, and who put it down."""
    state: ProblemState = problem.state
    return Held(state.leader, [state.person] if state.person else [], crm.begun_by(problem.id))


def workable(crm: CRM, viewer: Viewer, problem: Problem) -> bool:
    """Whether the viewer may work on it."""
    return access.may_work_on(viewer, held(crm, problem))


def demand_workable(crm: CRM, viewer: Viewer, id: UUID) -> None:
    """Raise Forbidden unless the viewer may work on the problem; Unknown where there is none."""
    access.demand(
        workable(crm, viewer, crm.aggregate(Problem, id)),
        "只有责任人、牵头领导、登记人和主管可以办理这个问题。",
        "Only those who answer for this problem, whoever raised it and managers may work on it.",
    )


def offers(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Picks:
    """People at work, projects (the viewer's own first, the one given among them), the lead given."""
    project, lead = _id(given.get("project")), _id(given.get("lead"))
    with crm.pool.connection() as conn:
        mine = projects.LIST.page(conn, ProjectFilters(answers=viewer.id).asked(), limit=PROJECTS_OFFERED).rows
        some = projects.LIST.page(conn, ProjectFilters().asked(), sort="opened", limit=PROJECTS_OFFERED).rows
        own = projects.LIST.one(conn, project) if project else None
        known = {row.id: row.name for row in [*([own] if own else []), *mine, *some]}
        found: Picks = {
            "person": workers(conn),
            "project": [Choice(str(id), named(name)) for id, name in known.items()],  # noqa: A001
        }
    return {**found, "lead": _lead(crm, viewer, lead)}


def _lead(crm: CRM, viewer: Viewer, id: UUID | None) -> list[Choice]:
    try:
        lead = readable(crm, viewer, id) if id else None
    except (Unknown, access.Forbidden):
        return []
    return [Choice(str(lead.id), named(company_of(lead)))] if lead else []


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def offers_for(crm: CRM, problem: Problem) -> Picks:
    """People at work, and whoever has it now though they have left; projects, its own among them; its own lead."""
    state: ProblemState = problem.state
    with crm.pool.connection() as conn:
        at_work, known = workers(conn), people.names(conn)
        some = projects.LIST.page(conn, ProjectFilters().asked(), sort="opened", limit=PROJECTS_OFFERED).rows
        own = projects.LIST.one(conn, state.project) if state.project else None
    there = {choice.value for choice in at_work}
    gone = [one for one in (state.person, state.leader) if one and str(one) not in there]
    offered = {row.id: row.name for row in [*([own] if own else []), *some]}
    return {
        "person": [*at_work, *(Choice(str(one), named(known.get(one, "—"))) for one in gone)],
        "project": [Choice(str(one), named(name)) for one, name in offered.items()],
    }


def values(crm: CRM, problem: Problem) -> Mapping[str, Any]:
    """What is in force, by the names its forms use; what it would be due by where that is not said yet."""
    state: ProblemState = problem.state
    today, days = clock.today(), clocks_of(crm.rules(), state.urgency).solve_days
    still = state.due_on if state.due_on and state.due_on >= today else None
    known: dict[str, Any] = {
        "details": {name: getattr(state, name) for name in ProblemDetails.model_fields},
        "investment": Money(minor=state.investment) if state.investment else None,
        "jobs": state.jobs or None,
        "due_on": still or today + timedelta(days=days),
    }
    same = ("kind", "urgency", "person", "department", "way", "plan", "leader", "cause", "measure")
    known |= {name: getattr(state, name) for name in same}
    return {name: value for name, value in known.items() if value is not None}


def narrowed(problem: Problem, form: FormView) -> FormView:
    """The form offering only levels that are further up."""
    level: EscalationLevel | None = problem.state.level
    if form.kind is not EscalateProblem or level is None:
        return form
    above = {str(one) for one in EscalationLevel if one.order > level.order}
    fields = tuple(
        replace(one, choices=tuple(choice for choice in one.choices if choice.value in above | {one.value}))
        if one.name == "level"
        else one
        for one in form.fields
    )
    return replace(form, fields=fields)
