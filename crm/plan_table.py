"""The reserve of plans as a table for spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from crm.exports import FEN_IN_WAN, Value
from domain.base import Text
from domain.plan import PlanStage, PlanStatus
from domain.values import Industry
from projections.plans import PlanRow

HEAD: Final = (
    Text("谋划项目", "Plan"), Text("谋划阶段", "Stage"), Text("计划实施年度", "Year planned for"), Text("状态", "Status"),
    Text("行业门类", "Industry"), Text("估算投资（万元）", "Estimate (CNY 10k)"), Text("意向地点", "Place in mind"),
    Text("谋划来源", "Where it comes from"), Text("责任领导", "Leader"), Text("责任部门", "Departments"),
    Text("登记日期", "Added on"), Text("终止原因", "Why dropped"),
)  # fmt: skip


def plan_table(rows: Iterable[PlanRow], people: Mapping[UUID, str], language: str = "zh") -> Iterator[list[Value]]:
    """A header and a row for each plan."""
    yield [title.said(language) for title in HEAD]
    for row in rows:
        yield [
            row.name, PlanStage(row.stage).text.said(language), row.year, PlanStatus(row.status).text.said(language),
            Industry(row.industry).text.said(language), row.estimate / FEN_IN_WAN if row.estimate else None, row.place,
            row.source, people.get(row.leader) if row.leader else None, row.departments, row.proposed_on, row.drop_reason,
        ]  # fmt: skip
