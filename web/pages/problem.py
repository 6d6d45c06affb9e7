"""One problem: how it stands, what is due when and why, each step or why it cannot be taken, and everything that happened."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import access
from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.base import Text
from domain.problem import Problem, ProblemState, running
from domain.problem.possible import possible
from projections import problems
from projections.problems import ProblemFilters
from web.html import page
from web.pages.answering import demanding
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import NoteFacts
from web.pages.lead_access import company_of, readable
from web.pages.moments import rules_at
from web.pages.problem_access import narrowed, offers_for, values
from web.pages.problem_steps import menu, way
from web.pages.record_page import Look, RecordPage, project_and_firm, shown
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
SHEETS: Final = Sheets(
    Problem, "/problems", "problem", offers=offers_for, knows=values, demands=demanding(Problem), narrows=narrowed,
    named=lambda problem: problem.name, apart=frozenset({"problems", NOUN}),
)  # fmt: skip


def _lead(crm: CRM, viewer: Viewer, id: UUID) -> str:
    """What the lead is called, to those who may read it."""
    try:
        return company_of(readable(crm, viewer, id))
    except (Unknown, access.Forbidden):
        return ""


def _alike(conn: Connection[Any], state: ProblemState) -> int:
    """How many problems have the same cause, this one among them."""
    return problems.LIST.totals(conn, ProblemFilters(cause=state.cause).asked()).count if state.cause else 0


def _names(look: Look) -> Mapping[UUID, str]:
    """Its lead, for those who may read that, and its project."""
    state: ProblemState = look.state
    lead = _lead(look.crm, look.viewer, state.lead) if state.lead else ""
    known = {state.lead: lead} if state.lead and lead else {}
    return {**known, **project_and_firm(look)}


PAGE: Final = RecordPage(
    Problem, "problems", (), possible,
    {"source": Text("来源", "Raised by"), "raiser": Text("反映单位", "Who raised it"), "urgency": Text("紧急程度", "Urgency"),
     "kind": Text("类别", "Class"), "raised_on": Text("登记日期", "Raised on"), "taken_on": Text("受理日期", "Taken on"),
     "number": Text("受理编号", "Number")},
    names=_names, facts=NoteFacts, styles=("problems.css",),
)  # fmt: skip


@router.get("/problems/{id}", name="problem")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    state: ProblemState = found.state
    with crm.pool.connection() as conn:
        alike, rules = _alike(conn, state), rules_at(conn, found.asked.point)
    more = {"alike": alike, "day_asked": found.look.day, "clocks": list(running(state, rules)), "way": list(way(state))}
    return page(
        request, "problems/problem.html", **{**found.context, **more, "groups": menu(state) if found.works else []}
    )  # fmt: skip


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
