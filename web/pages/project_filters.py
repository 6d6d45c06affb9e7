"""The filters and orders of the projects' list."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from crm import clock
from domain.base import Text
from domain.lights import Light
from domain.project.kinds import MILESTONES, SIZES, Milestone, ProjectKind, ProjectStatus, StartKind, size_text
from domain.rules import Rules
from domain.values import Industry
from projections import people, projects
from projections.projects import ProjectFilters
from web.fields import Choice
from web.pages.facts import Names
from web.pages.filters import Filter, fen, named, search, somebody, terms, word, year_of, yes
from web.pages.record_list import RecordList

SORTS: Final = {
    "investment": Text("总投资", "Investment"),
    "name": Text("项目名称", "Project"),
    "opened": Text("建立日期", "Opened"),
    "next": Text("下一节点", "Next milestone"),
    "production": Text("计划投产", "Production planned"),
}


def project_filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "status": word(Text("状态", "Status"), "status", ProjectStatus),
        "size": Filter(Text("规模", "Size"), "size", _size, lambda text, _names: size_text(int(text))),
        "kind": word(Text("类别", "Kind"), "kind", ProjectKind),
        "year": Filter(Text("计划年度", "Year planned"), "year", year_of),
        "start": word(Text("新建/续建", "New or continued"), "start", StartKind),
        "industry": word(Text("行业", "Industry"), "industry", Industry),
        "leader": named(Text("包保领导", "Leader"), "leader"),
        "answers": somebody(Text("负责", "Answers"), "answers", viewer),
        "at": Filter(Text("所处节点", "Stands at"), "stood", _stood, _standing),
        "reached": word(Text("已完成节点", "Milestone reached"), "reached", Milestone, _order),
        "reached_from": Filter(Text("节点完成不早于", "Reached from"), "reached_from", date.fromisoformat),
        "reached_to": Filter(Text("节点完成不晚于", "Reached up to"), "reached_to", date.fromisoformat),
        "next": word(Text("下一节点", "Next milestone"), "next", Milestone, _order),
        "light": word(Text("亮灯", "Light"), "light", Light),
        "late": yes(Text("节点逾期", "Milestone overdue"), "late_on", clock.today),
        "amount_from": Filter(Text("总投资不低于", "Investment from"), "at_least", fen),
        "lead": named(Text("来自线索", "From the lead"), "lead"),
        "company": named(Text("企业", "Firm"), "company"),
        "channel": named(Text("引进渠道", "Channel"), "channel"),
    }  # fmt: skip


def _size(text: str) -> int:
    if text not in map(str, range(len(SIZES) + 1)):
        raise ValueError(text)
    return int(text)


def _order(milestone: Milestone) -> int:
    return milestone.order


NOWHERE: Final = "none"
BEFORE: Final = Text("前期", "Not begun")
"""What a project is at before its first milestone."""


def _stood(text: str) -> int:
    return 0 if text == NOWHERE else Milestone(text).order


def _standing(text: str, _names: Names) -> Text:
    return BEFORE if text == NOWHERE else Milestone(text).text


def choices(conn: Connection[Any], years: list[int], rules: Rules) -> dict[str, list[Choice]]:
    """What the filters offer; the classes of size are those of the rules."""
    sizes = rules.sizes.limits
    milestones = terms(MILESTONES)
    return {
        "status": terms(ProjectStatus),
        "size": [Choice(str(size), size_text(size, sizes)) for size in range(len(sizes) + 1)],
        "kind": terms(ProjectKind),
        "year": [Choice(str(year), Text(str(year), str(year))) for year in years],
        "start": terms(StartKind),
        "industry": terms(Industry),
        "light": terms(Light),
        "leader": [Choice(str(row.id), Text(row.name, row.name)) for row in people.listed(conn)],
        "at": [Choice(NOWHERE, BEFORE), *milestones],
        "reached": milestones,
        "next": milestones,
    }


PROJECTS: Final = RecordList(
    "projects", projects.LIST, project_filters, ProjectFilters, SORTS, ("light", "status", "size", "kind", "year", "leader"),
    Text("项目", "Projects"),
    Text("从落地到达产：到了哪个节点，谁包保，差多少。",
         "From landing to full capacity: the milestone reached, who answers, how far behind."),
    ("个项目", "project", "projects"),
    Text("新建项目", "Open a project"),
    (Text("还没有项目", "No projects yet"),
     Text("在已落地的线索上点“转为项目”，或直接新建。", "Open one from a landed lead, or directly.")),
    Text("项目、拼音首字母、投资方", "Project, pinyin initials, investor"), "crane",
    more=("start", "industry", "reached", "reached_from", "reached_to", "at", "next", "amount_from", "late"), ledger=True,
)  # fmt: skip
