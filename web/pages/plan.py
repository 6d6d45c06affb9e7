"""One plan: what it is, who answers, promoted year by year, turned into a project or dropped."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from crm.application import CRM
from domain.base import Text
from domain.plan import DropPlan, Plan, PlanDetails, PromotePlan, RevisePlan, TurnIntoProject, possible
from domain.responsibility import TakeResponsibility
from projections import projects
from web.fields import Picks
from web.html import page
from web.pages.answering import demanding, in_force, people_offered
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.plans import years_of
from web.pages.record_page import RecordPage, shown
from web.pages.record_picks import projects_offered
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
PAGE = RecordPage(
    Plan, "plans",
    ({PromotePlan: "arrow-up-right", TurnIntoProject: "crane", TakeResponsibility: "user-share"},
     {RevisePlan: "pencil"}, {DropPlan: "circle-x"}), possible,
    {"stage": Text("谋划阶段", "Stage"), "year": Text("计划实施年度", "Year planned for"), "industry": Text("行业", "Industry"),
     "estimate": Text("估算投资", "Estimate"), "place": Text("意向地点", "Place in mind"),
     "source": Text("谋划来源", "Where it comes from"), "proposed_on": Text("登记日期", "Added on")},
    styles=("targets.css",),
)  # fmt: skip


@router.get("/plans/{id}", name="plan")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    state, project = found.state, None
    if state.project:
        with crm.pool.connection() as conn:
            project = projects.LIST.one(conn, state.project)
    this = clock.today().year
    return page(
        request, "plans/plan.html", **found.context, project=project, opens_project=_opens(state),
        years=years_of(state.stage, this) if state.stage else None,
    )  # fmt: skip


def _opens(state: Any) -> dict[str, str]:
    """What a new project is opened with, in the address of its form."""
    known = {"name": state.name, "industry": state.industry, "place": state.place, "planned_year": state.year or None,
             "content": state.content}  # fmt: skip
    amount = {"investment": state.estimate.text.zh} if state.estimate else {}
    return {name: str(value) for name, value in known.items() if value} | amount


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _offers(crm: CRM, plan: Plan) -> Picks:
    with crm.pool.connection() as conn:
        built = projects_offered(conn, plan.state.project)
    return {"person": people_offered(crm, plan), "project": built}


def _values(_crm: CRM, plan: Plan) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    return in_force(plan, PlanDetails)


SHEETS = Sheets(
    Plan, "/plans", "plan", offers=_offers, knows=_values, demands=demanding(Plan),
    named=lambda plan: plan.name, apart=frozenset({"plans", NOUN}),
)  # fmt: skip
add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
