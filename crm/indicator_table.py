"""Figures reported from outside as a table for spreadsheets."""

from collections.abc import Iterable, Iterator
from typing import Final

from crm.exports import Value
from domain.base import Text
from domain.indicator import Bound
from projections.indicators import IndicatorRow

HEAD: Final = (
    Text("指标名称", "Indicator"), Text("数值", "Value"), Text("单位", "Unit"), Text("口径", "As it is put"),
    Text("所属年度", "Year"), Text("统计期间", "Period"), Text("来源", "Source"), Text("来源日期", "Reported on"),
    Text("核对日期", "Checked on"),
)  # fmt: skip


def indicator_table(rows: Iterable[IndicatorRow], language: str = "zh") -> Iterator[list[Value]]:
    """A header and a row for each figure."""
    yield [title.said(language) for title in HEAD]
    for row in rows:
        yield [
            row.name, float(row.value), row.unit, Bound(row.bound).text.said(language), row.year, row.period, row.source,
            row.reported_on, row.checked_on,
        ]  # fmt: skip
