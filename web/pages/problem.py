"""One problem: how it stands, what is due when and why, each step or why it cannot be taken, and everything that happened."""

from typing import Any, ClassVar, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.base import Text
from domain.problem import Problem, ProblemState, running
from projections import problems, projects
from projections.problems import ProblemFilters
from web.html import page
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import Facts, names_of
from web.pages.funnel_question import NAMES
from web.pages.lead_access import company_of, readable
from web.pages.moments import Moment, looked_at, moment, rules_at
from web.pages.problem_access import demand_workable, narrowed, offers_for, values, workable
from web.pages.problem_steps import first, menu, way
from web.pages.sheets import Sheets, add_commands
from web.pages.story import story
from web.session import Crm, Who

router = APIRouter()
SHOWN_AT_FIRST: Final = 15
SHEETS: Final = Sheets(
    Problem, "/problems", "problem", offers=offers_for, knows=values, demands=demand_workable, narrows=narrowed,
    named=lambda problem: problem.name, apart=frozenset({"problems", NOUN}),
)  # fmt: skip


@router.get("/problems/{id}", name="problem")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
    problem, state = looked_at(crm, Problem, id, asked.point)
    return page(request, "problems/problem.html", **context(request, crm, viewer, problem, state, asked))


def context(
    request: Request, crm: CRM, viewer: Viewer, problem: Problem, state: ProblemState, asked: Moment
) -> dict[str, Any]:
    """Everything the page shows: the problem as known then, at the end of that day. Of a past nothing is asked."""
    day = asked.point.as_at or clock.today()
    records = {state.lead: lead} if state.lead and (lead := _lead(crm, viewer, state.lead)) else {}
    with crm.pool.connection() as conn:
        project = projects.LIST.one(conn, state.project) if state.project else None
        names = names_of(conn, records | ({project.id: project.name} if project else {}))
        alike, rules = _alike(conn, state), rules_at(conn, asked.point)
    facts = ProblemFacts(request.state.words, names, contacts=viewer.sees_all or workable(crm, viewer, problem))
    entries = [entry for entry in story(crm, problem, names, facts).newest() if entry.happened_on <= day]
    works = not asked.question.days and workable(crm, viewer, problem)
    return {
        "problem": problem,
        "state": state,
        "called": problem.name,
        "names": names,
        "facts": facts,
        "project": project,
        "alike": alike,
        "question": asked.question,
        "NAMES": NAMES,
        "day_asked": day,
        "clocks": list(running(state, rules)),
        "first": first(state) if works else None,
        "actions": menu(state) if works else [],
        "way": list(way(state)),
        "works": works,
        "about": about(facts, state),
        "entries": entries[:SHOWN_AT_FIRST],
        "earlier": entries[SHOWN_AT_FIRST:],
    }


class ProblemFacts(Facts):
    """Says what is known of a problem; its note, which may name a contact, to those alone who work on it or oversee it."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})


def _lead(crm: CRM, viewer: Viewer, id: UUID) -> str:
    """What the lead is called, to those who may read it."""
    try:
        return company_of(readable(crm, viewer, id))
    except (Unknown, access.Forbidden):
        return ""


def _alike(conn: Connection[Any], state: ProblemState) -> int:
    """How many problems have the same cause, this one among them."""
    return problems.LIST.totals(conn, ProblemFilters(cause=state.cause).asked()).count if state.cause else 0


_SHOWN: Final = {
    "source": Text("来源", "Raised by"), "raiser": Text("反映单位", "Who raised it"), "urgency": Text("紧急程度", "Urgency"),
    "kind": Text("类别", "Class"), "raised_on": Text("登记日期", "Raised on"), "taken_on": Text("受理日期", "Taken on"),
    "number": Text("受理编号", "Number"),
}  # fmt: skip


def about(facts: Facts, state: ProblemState) -> list[tuple[str, str]]:
    """(label, value) of what the problem is."""
    return [(facts.words.t(label), facts.said(name, getattr(state, name))) for name, label in _SHOWN.items()]


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
