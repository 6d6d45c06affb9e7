"""Procedures as a table for spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from crm.exports import Value
from domain.base import Text
from domain.procedure import Handling, ProcedureKind, ProcedureStatus
from projections.procedures import ProcedureRow

_HEADS: Final = (
    Text("事项名称", "Procedure"), Text("手续类别", "Kind"), Text("主管部门", "Department"), Text("项目", "Project"),
    Text("申请单位", "Applicant"), Text("编号", "Number"), Text("状态", "Status"), Text("申请日期", "Applied on"),
    Text("受理日期", "Accepted on"), Text("容缺材料", "Papers missing at acceptance"), Text("待补材料", "Papers still missing"),
    Text("承诺补齐日期", "Promised by"), Text("补齐日期", "Papers brought on"), Text("办结日期", "Closed on"),
    Text("证照或批文", "Permit"), Text("提前办理", "Before the land"), Text("办理方式", "Handling"), Text("代办人员", "Handled by"),
)  # fmt: skip


def procedure_table(
    rows: Iterable[tuple[ProcedureRow, str | None]], people: Mapping[UUID, str], language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each procedure, given with the name of its project."""
    yield [title.said(language) for title in _HEADS]
    yes, between = Text("是", "yes").said(language), "、" if language == "zh" else ", "
    for row, project in rows:
        yield [
            row.name, ProcedureKind(row.kind).text.said(language), row.department, project, row.applicant, row.number,
            ProcedureStatus(row.status).text.said(language), row.applied_on, row.accepted_on,
            between.join(row.papers) or None, between.join(row.missing) or None, row.promised_on, row.supplemented_on,
            row.closed_on, row.document, yes if row.early else None,
            Handling(row.way).text.said(language) if row.way else None, people.get(row.handler) if row.handler else None,
        ]  # fmt: skip
