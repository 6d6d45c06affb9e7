"""A problem as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.problem import EscalateProblem, Problem, ProblemState
from domain.problem.clocks import clocks_of
from domain.problem.kinds import EscalationLevel
from domain.problem.raising import ProblemDetails
from domain.values import Money
from web.fields import Choice, Picks
from web.forms import FormView
from web.pages.answering import in_force, people_offered
from web.pages.lead_access import company_of, readable
from web.pages.lead_picks import named
from web.pages.record_picks import companies_offered, given_id, projects_offered


def offers(crm: CRM, viewer: Viewer, given: Mapping[str, str]) -> Picks:
    """People at work, projects (the viewer's own first, the one given among them), the lead given."""
    project, lead = given_id(given.get("project")), given_id(given.get("lead"))
    with crm.pool.connection() as conn:
        found = _lists(conn, project, given_id(given.get("company")), viewer.id)
    return {**found, "person": people_offered(crm), "lead": _lead(crm, viewer, lead)}


def _lists(conn: Connection[Any], project: UUID | None, company: UUID | None, answers: UUID | None = None) -> Picks:
    return {"project": projects_offered(conn, project, answers=answers), "company": companies_offered(conn, company)}


def _lead(crm: CRM, viewer: Viewer, id: UUID | None) -> list[Choice]:
    try:
        lead = readable(crm, viewer, id) if id else None
    except (Unknown, access.Forbidden):
        return []
    return [Choice(str(lead.id), named(company_of(lead)))] if lead else []


def offers_for(crm: CRM, problem: Problem) -> Picks:
    """People at work, and whoever has it now though they have left; projects and firms, its own among them."""
    state: ProblemState = problem.state
    with crm.pool.connection() as conn:
        found = _lists(conn, state.project, state.company)
    return {**found, "person": people_offered(crm, problem)}


def values(crm: CRM, problem: Problem) -> Mapping[str, Any]:
    """What is in force, by the names its forms use; what it would be due by where that is not said yet."""
    state: ProblemState = problem.state
    today, days = clock.today(), clocks_of(crm.rules(), state.urgency).solve_days
    still = state.due_on if state.due_on and state.due_on >= today else None
    known: dict[str, Any] = {
        "investment": Money(minor=state.investment) if state.investment else None,
        "jobs": state.jobs or None,
        "due_on": still or today + timedelta(days=days),
    }
    same = ("kind", "urgency", "person", "department", "way", "plan", "leader", "cause", "measure")
    known = {name: value for name, value in known.items() if value is not None}
    return in_force(problem, ProblemDetails, *same) | known


def narrowed(problem: Problem, form: FormView) -> FormView:
    """The form offering only levels that are further up."""
    level: EscalationLevel | None = problem.state.level
    if form.kind is not EscalateProblem or level is None:
        return form
    return form.offering("level", {str(one) for one in EscalationLevel if one.order > level.order})
