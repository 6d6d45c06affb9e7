"""Funding from above as a table for spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from crm.exports import FEN_IN_WAN, Value
from domain.base import Text
from domain.funding import FundingKind, FundingStatus
from projections.fundings import FundingRow

_HEADS: Final = (
    Text("申报名称", "What it is for"), Text("资金类别", "Kind"), Text("上级部门", "Department"), Text("项目", "Project"),
    Text("申报单位", "Applicant"), Text("状态", "Status"), Text("申报日期", "Applied on"),
    Text("申报金额（万元）", "Requested (CNY 10k)"), Text("批复日期", "Approved on"), Text("批复金额（万元）", "Approved (CNY 10k)"),
    Text("批复文号", "Approval"), Text("累计拨付（万元）", "Paid out (CNY 10k)"), Text("最近拨付日期", "Last paid on"),
    Text("资金到位率（%）", "Paid out of approved (%)"), Text("牵头领导", "Leader"),
)  # fmt: skip


def funding_table(
    rows: Iterable[tuple[FundingRow, str | None]], people: Mapping[UUID, str], language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each application, given with the name of its project."""
    yield [title.said(language) for title in _HEADS]
    for row, project in rows:
        yield [
            row.name, FundingKind(row.kind).text.said(language), row.department, project, row.applicant,
            FundingStatus(row.status).text.said(language), row.applied_on, row.requested / FEN_IN_WAN, row.approved_on,
            row.approved / FEN_IN_WAN if row.approved else None, row.document,
            row.disbursed / FEN_IN_WAN if row.approved else None, row.disbursed_on,
            _rate(row), people.get(row.leader) if row.leader else None,
        ]  # fmt: skip


def _rate(row: FundingRow) -> float | None:
    """In per cent, rounded half up to one decimal."""
    return (row.disbursed * 2000 + row.approved) // (2 * row.approved) / 10 if row.approved else None
