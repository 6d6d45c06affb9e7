"""One project: where it stands, its milestones planned and reached, who answers, and everything that happened to it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from domain.base import Text
from domain.lights import LIT
from domain.project import MILESTONES, Mark, Milestone, Project, ProjectState
from domain.project.kinds import size_of, size_text
from domain.project.milestones import BackPlan, PlanMilestone, ReachMilestone
from domain.project.pace import planned_percent
from domain.project.possible import possible
from projections import companies, leads
from projections.companies import CompanyRow
from web.html import page
from web.pages.answering import demanding
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.project_access import narrowed, offers_for, values
from web.pages.project_actions import MENU
from web.pages.project_drawing import curve, gantt
from web.pages.project_lights import lit, regime
from web.pages.record_page import Look, RecordPage, Shown, shown
from web.pages.record_panels import funding_of, problems_of, procedures_of, tasks_of
from web.pages.service_panel import services_of
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Project, "/projects", "project", offers=offers_for, knows=values, demands=demanding(Project), narrows=narrowed,
    named=lambda project: project.state.name, apart=frozenset({"projects", NOUN}),
)  # fmt: skip


class Step(NamedTuple):
    """A milestone of the project on the page. `late`: by how many days it came after its plan, or is overdue today."""

    milestone: Milestone
    mark: Mark
    late: int | None


def _names(look: Look) -> Mapping[UUID, str]:
    """The lead it came out of, and the firm it names."""
    state: ProjectState = look.state
    with look.crm.pool.connection() as conn:
        lead = leads.one(conn, state.lead) if state.lead else None
        return {**({lead.id: lead.company} if lead else {}), **companies.LIST.called(conn, [state.company])}


PAGE: Final = RecordPage(
    Project, "projects", MENU, possible,
    {"kind": Text("类别", "Kind"), "investor": Text("投资方或建设单位", "Investor or builder"),
     "industry": Text("行业", "Industry"), "place": Text("建设地点", "Place"), "planned_year": Text("计划年度", "Year planned"),
     "start": Text("新建/续建", "New or continued"), "document": Text("合同", "Contract"),
     "channel": Text("引进渠道", "Channel"), "opened_on": Text("建立日期", "Opened")},
    names=_names, styles=("companies.css",),
)  # fmt: skip


@router.get("/projects/{id}", name="project")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    return page(request, "projects/project.html", **found.context, **around(request, found))


def around(request: Request, found: Shown) -> dict[str, Any]:
    """What the page shows of a project beside what it shows of any record."""
    look, state = found.look, found.state
    with look.crm.pool.connection() as conn:
        firm, by = firm_of(conn, state), regime(conn, look.asked.point)
        id, asked = look.record.id, look.asked  # noqa: A001
        hanging = {
            "problems": problems_of(conn, asked, project=id),
            "procedures": procedures_of(conn, asked, project=id),
            "fundings": funding_of(conn, asked, project=id),
            "tasks": tasks_of(conn, asked, project=id),
        }
    now = possible(look.record) if found.works else frozenset()
    limits = by.rules.sizes.limits
    return {
        **hanging,
        "firm": firm,
        "may_register_firm": found.works and firm is None and state.exists,
        "services": services_of(
            request, look.crm, look.viewer, look.asked.point, log=look.present and state.exists,
            project=look.record.id, company=firm.id if firm else None,
        ),
        "size": size_text(size_of(state.investment, limits), limits),
        "LIT": LIT,
        "lit": lit(look.record, state, by),
        "steps": list(steps(state, look.day)),
        "may_plan": PlanMilestone in now,
        "may_reach": ReachMilestone in now,
        "may_back_plan": BackPlan in now,
        "adds": look.present and state.exists,
        "gantt": gantt(state, look.day),
        "curve": curve(look.record, look.day),
        "pace": planned_percent(state, look.day),
    }  # fmt: skip


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


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
