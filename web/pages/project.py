"""One project: where it stands, its milestones planned and reached, who answers, and everything that happened to it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Text
from domain.lights import LIT
from domain.project import MILESTONES, Mark, Milestone, Project, ProjectState
from domain.project.kinds import size_of, size_text
from domain.project.milestones import BackPlan, PlanMilestone, ReachMilestone
from domain.project.pace import planned_percent
from domain.project.possible import possible
from projections import companies, leads, problems
from projections.companies import CompanyRow
from projections.problems import ProblemFilters
from web.html import page
from web.pages.answered import workable
from web.pages.attached import on_project
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import Facts
from web.pages.moments import Moment, looked_at, moment, rules_at
from web.pages.project_access import demand_workable, narrowed, offers_for, values
from web.pages.project_actions import GROUPS
from web.pages.project_drawing import curve, gantt
from web.pages.project_lights import lit, regime
from web.pages.projects import names_of
from web.pages.record_menu import menu
from web.pages.record_page import told
from web.pages.service_panel import services_of
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
PROBLEMS = 5
SHEETS = Sheets(
    Project, "/projects", "project", offers=offers_for, knows=values, demands=demand_workable, narrows=narrowed,
    named=lambda project: project.state.name, apart=frozenset({"projects", NOUN}),
)  # fmt: skip


class Step(NamedTuple):
    """A milestone of the project on the page. `late`: by how many days it came after its plan, or is overdue today."""

    milestone: Milestone
    mark: Mark
    late: int | None


@router.get("/projects/{id}", name="project")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
    project, state = looked_at(crm, Project, id, asked.point)
    return page(request, "projects/project.html", **context(request, crm, viewer, project, state, asked))


def context(
    request: Request, crm: CRM, viewer: Viewer, project: Project, state: ProjectState, asked: Moment
) -> dict[str, Any]:
    """Everything the project's page shows: the project as known then, at the end of that day. Of a past nothing is asked."""
    day = asked.point.as_at or clock.today()
    with crm.pool.connection() as conn:
        lead = leads.one(conn, state.lead) if state.lead else None
        firm = firm_of(conn, state)
        known = ({lead.id: lead.company} if lead else {}) | ({firm.id: firm.name} if firm else {})
        names = names_of(conn, known)
        by = regime(conn, asked.point)
        rows = on_project(conn, project.id, asked.point) | open_problems(conn, project.id, asked)
    works = not asked.question.days and workable(crm, viewer, project)
    now = possible(project) if works else frozenset()
    around = told(request, crm, project, names, asked, works=works)
    return {
        **around,
        **rows,
        "project": project,
        "state": state,
        "called": state.name or project.events[0].name,
        "lead": lead,
        "firm": firm,
        "may_register_firm": works and firm is None and state.exists,
        "services": services_of(
            request,
            crm,
            viewer,
            asked.point,
            log=not asked.question.days and state.exists,
            project=project.id,
            company=firm.id if firm else None,
        ),
        "size": size_text(size_of(state.investment, by.rules.sizes.limits), by.rules.sizes.limits),
        "LIT": LIT,
        "lit": lit(project, state, by),
        "steps": list(steps(state, day)),
        "groups": menu(GROUPS, now) if works else [],
        "may_plan": PlanMilestone in now,
        "may_reach": ReachMilestone in now,
        "may_back_plan": BackPlan in now,
        "may_add": not asked.question.days and viewer.may_open("procedures.new") and not viewer.looking_back,
        "about": about(around["facts"], state),
        "gantt": gantt(state, day),
        "curve": curve(project, day),
        "pace": planned_percent(state, day),
    }


def open_problems(conn: Connection[Any], id: UUID, asked: Moment) -> dict[str, Any]:
    """The problems of the project that are open, the first to fall due first."""
    rules = rules_at(conn, asked.point)
    filters = ProblemFilters(project=id, open=True).asked(rules)
    return {
        "problems": problems.LIST.page(conn, filters, asked.point, sort="due", limit=PROBLEMS).rows,
        "problem_count": problems.LIST.totals(conn, filters, asked.point).count,
        "rules": rules,
    }


def firm_of(conn: Connection[Any], state: ProjectState) -> CompanyRow | None:
    """The firm that builds it: the one it names, else the one its lead is known to be of."""
    if state.company:
        return companies.LIST.one(conn, state.company)
    found = companies.alike(conn, (), (), state.lead) if state.lead else []
    return found[0] if found else None


def steps(state: ProjectState, today: date) -> Iterator[Step]:
    """The milestones in their order, each against its plan."""
    for milestone in MILESTONES:
        mark = state.mark(milestone)
        until = mark.reached or (today if state.open else None)
        late = (until - mark.planned).days if mark.planned and until else None
        yield Step(milestone, mark, late if mark.reached or (late is not None and late > 0) else None)


_SHOWN = {
    "kind": Text("类别", "Kind"), "investor": Text("投资方或建设单位", "Investor or builder"),
    "industry": Text("行业", "Industry"), "place": Text("建设地点", "Place"), "planned_year": Text("计划年度", "Year planned"),
    "start": Text("新建/续建", "New or continued"), "document": Text("合同", "Contract"), "channel": Text("引进渠道", "Channel"),
    "opened_on": Text("建立日期", "Opened"),
}  # fmt: skip


def about(facts: Facts, state: ProjectState) -> list[tuple[str, str]]:
    """(label, value) of what the project is."""
    return [(facts.words.t(label), facts.said(name, getattr(state, name))) for name, label in _SHOWN.items()]


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
