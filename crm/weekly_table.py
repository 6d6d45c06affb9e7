"""The weekly watch, and the leaders' list of projects with their problems, as tables for spreadsheets."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from crm.exports import FEN_IN_WAN, Value
from domain.base import Text
from domain.lights import Light
from domain.problem import ProblemStatus, ProblemWay
from domain.project import ProjectStatus
from domain.rules import Rules
from projections.problems import ProblemRow
from projections.projects import ProjectRow
from projections.weekly import Watched

WATCH: Final = (
    Text("项目名称", "Project"), Text("状态", "Status"), Text("亮灯", "Light"), Text("总投资（万元）", "Investment (CNY 10k)"),
    Text("上周末形象进度（%）", "Progress, last week (%)"), Text("本周形象进度（%）", "Progress, this week (%)"),
    Text("本周增减（百分点）", "Change (points)"), Text("上周末累计完成投资（万元）", "Invested, last week (CNY 10k)"),
    Text("本周累计完成投资（万元）", "Invested, this week (CNY 10k)"), Text("本周完成投资（万元）", "Change (CNY 10k)"),
    Text("最近上报", "Last report"), Text("未上报天数", "Days without a report"), Text("下一节点", "Next milestone"),
    Text("计划日期", "Planned for"), Text("包保领导", "Leader"), Text("责任部门", "Departments"),
)  # fmt: skip
LEADERS: Final = (
    Text("项目名称", "Project"), Text("总投资（万元）", "Investment (CNY 10k)"), Text("形象进度（%）", "Progress (%)"),
    Text("亮灯", "Light"), Text("包保领导", "Leader"), Text("工作专班", "Task force"), Text("责任部门", "Departments"),
    Text("存在问题", "Problem"), Text("责任单位", "Department"), Text("责任人", "Who answers"), Text("办理路径", "Path"),
    Text("办理措施", "What is done"), Text("办结期限", "Due on"), Text("办理状态", "Status"), Text("办理结果", "Result"),
)  # fmt: skip
Lit = Callable[[ProjectRow], Light]


def watch_table(
    rows: Iterable[Watched], people: Mapping[UUID, str], lit: Lit, language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each project watched."""
    yield [title.said(language) for title in WATCH]
    for one in rows:
        row, was = one.row, one.was
        yield [
            row.name, ProjectStatus(row.status).text.said(language), lit(row).text.said(language), row.investment / FEN_IN_WAN,
            was.physical if was else None, row.physical, one.physical, _wan(was.invested if was else None),
            _wan(row.invested), _wan(one.invested), row.reported_on, one.silent,
            row.following.text.said(language) if row.following else None, row.next_on,
            people.get(row.leader) if row.leader else None, row.departments,
        ]  # fmt: skip


def leaders_table(
    rows: Iterable[tuple[ProjectRow, Sequence[ProblemRow]]], people: Mapping[UUID, str], lit: Lit, rules: Rules,
    language: str = "zh",
) -> Iterator[list[Value]]:  # fmt: skip
    """A header, and a row for each problem of each project; one where it has none."""
    yield [title.said(language) for title in LEADERS]
    for row, stuck in rows:
        own: list[Value] = [
            row.name, row.investment / FEN_IN_WAN, row.physical, lit(row).text.said(language),
            people.get(row.leader) if row.leader else None, row.task_force, row.departments,
        ]  # fmt: skip
        for problem in stuck:
            yield [*own, *_problem(problem, people, rules, language)]
        if not stuck:
            yield [*own, *(None for _ in LEADERS[len(own) :])]


def _problem(row: ProblemRow, people: Mapping[UUID, str], rules: Rules, language: str) -> list[Value]:
    due: date | None = row.due(rules)
    return [
        row.name, row.department, people.get(row.person) if row.person else None,
        ProblemWay(row.way).text.said(language) if row.way else None, row.plan, due,
        ProblemStatus(row.status).text.said(language), row.result,
    ]  # fmt: skip


def _wan(fen: int | None) -> float | None:
    return fen / FEN_IN_WAN if fen is not None else None
