"""Projects as a table for spreadsheets."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from crm.exports import FEN_IN_WAN, Value
from domain.base import Text
from domain.lights import Light
from domain.project import MILESTONES
from domain.project.kinds import ProjectKind, ProjectStatus, StartKind, WinterWay, size_of, size_text
from domain.values import Industry
from projections.projects import ProjectRow

_FIRST: Final = (
    Text("项目名称", "Project"), Text("项目类别", "Kind"), Text("投资方或建设单位", "Investor or builder"),
    Text("所属企业", "Firm"), Text("行业门类", "Industry"), Text("建设地点", "Place"),
    Text("总投资（万元）", "Investment (CNY 10k)"),
    Text("规模", "Size"), Text("亮灯", "Light"), Text("计划年度", "Year planned"), Text("新建/续建", "New or continued"), Text("状态", "Status"),
    Text("所处节点", "Stands at"), Text("形象进度（%）", "Progress (%)"), Text("累计完成投资（万元）", "Realised (CNY 10k)"),
    Text("其中：固定资产投资（万元）", "Of it fixed assets (CNY 10k)"), Text("填报日期", "Reported on"),
)  # fmt: skip
_LAST: Final = (
    Text("冬季施工", "Winter"), Text("包保领导", "Leader"), Text("工作专班", "Task force"), Text("责任部门", "Departments"),
    Text("服务专员", "Officers"), Text("引进渠道", "Channel"), Text("建立日期", "Opened on"),
)  # fmt: skip


def project_table(
    rows: Iterable[ProjectRow],
    people: Mapping[UUID, str],
    channels: Mapping[UUID, str],
    firms: Mapping[UUID, str],
    light: Callable[[ProjectRow], Light],
    sizes: Sequence[int],
    language: str = "zh",
) -> Iterator[list[Value]]:
    """A header and a row for each project: its milestones planned and reached beside one another."""
    planned, reached = Text("{name}计划", "{name} planned"), Text("{name}实际", "{name} reached")
    marks = [title.said(language, name=one.text.said(language)) for one in MILESTONES for title in (planned, reached)]
    yield [*(title.said(language) for title in _FIRST), *marks, *(title.said(language) for title in _LAST)]
    for row in rows:
        days = [day for pair in zip(row.planned, row.reached, strict=True) for day in pair]
        yield [*_first(row, firms, light(row), sizes, language), *days, *_last(row, people, channels, language)]


def _first(
    row: ProjectRow, firms: Mapping[UUID, str], light: Light, sizes: Sequence[int], language: str
) -> list[Value]:
    return [
        row.name, ProjectKind(row.kind).text.said(language), row.investor,
        firms.get(row.company) if row.company else None, Industry(row.industry).text.said(language),
        row.place, row.investment / FEN_IN_WAN, size_text(size_of(row.investment, sizes), sizes).said(language),
        light.text.said(language), row.planned_year,
        StartKind(row.start).text.said(language), ProjectStatus(row.status).text.said(language),
        row.at.text.said(language) if row.at else None, row.physical, _wan(row.invested), _wan(row.fixed), row.reported_on,
    ]  # fmt: skip


def _wan(fen: int | None) -> float | None:
    return None if fen is None else fen / FEN_IN_WAN


def _last(row: ProjectRow, people: Mapping[UUID, str], channels: Mapping[UUID, str], language: str) -> list[Value]:
    officers = "、".join(people.get(one, "—") for one in row.officers) or None
    return [
        WinterWay(row.winter).text.said(language) if row.winter else None,
        people.get(row.leader) if row.leader else None, row.task_force, row.departments, officers,
        channels.get(row.channel) if row.channel else None, row.opened_on,
    ]  # fmt: skip
