"""Targets as a table for spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from crm.exports import FEN_IN_WAN, Value
from domain.base import Text
from domain.target import Metric, OwnerKind
from domain.values import per_cent
from projections.targets import TargetRow

HEAD: Final = (
    Text("年度", "Year"), Text("归属类别", "Whose (kind)"), Text("归属", "Whose"), Text("指标", "Metric"), Text("单位", "Unit"),
    Text("全年目标", "Goal"), Text("截止日应完成", "Due by the cut-off"), Text("实际完成", "Actual"),
    Text("目标完成率（实际÷应完成，%）", "Actual ÷ due (%)"), Text("占全年（实际÷全年目标，%）", "Actual ÷ goal (%)"),
    Text("截止日", "Cut-off"), Text("下达依据", "Document"), Text("责任领导", "Leader"), Text("状态", "Status"),
)  # fmt: skip
_WAN = Text("万元", "CNY 10k")
Told = tuple[TargetRow, Text, int, int, date]
"""A target, whose it is by name, what is due and what was attained by the day."""


def target_table(told: Iterable[Told], people: Mapping[UUID, str], language: str = "zh") -> Iterator[list[Value]]:
    """A header and a row for each target."""
    yield [title.said(language) for title in HEAD]
    for row, owner, due, actual, until in told:
        metric = Metric(row.metric)
        yield [
            row.year, OwnerKind(row.owner_kind).text.said(language), owner.said(language), metric.text.said(language),
            (_WAN if metric.money else metric.unit).said(language) or None,
            *(value / FEN_IN_WAN if metric.money else value for value in (row.goal, due, actual)),
            rate(actual, due), rate(actual, row.goal), until, row.document,
            people.get(row.answers) if row.answers else None,
            Text("已取消", "Dropped").said(language) if row.dropped else None,
        ]  # fmt: skip


def rate(part: int, whole: int) -> float | None:
    """In per cent, as a spreadsheet takes it."""
    found = per_cent(part, whole)
    return None if found is None else float(found)
