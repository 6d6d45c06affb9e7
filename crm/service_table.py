"""Services as a table for spreadsheets, without their notes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from crm.exports import Value
from domain.base import Text
from domain.service import ServiceKind, ServiceOutcome
from projections.services import ServiceRow

_HEADER: Final = (
    Text("服务日期", "Date"), Text("服务方式", "Kind"), Text("事项", "About"), Text("企业名称", "Firm"), Text("项目名称", "Project"),
    Text("服务对象", "For whom"), Text("经办人", "Handled by"), Text("办理结果", "Outcome"), Text("结果说明", "What came of it"),
    Text("解决日期", "Solved on"),
)  # fmt: skip


Named = tuple[ServiceRow, Mapping[UUID, str]]
"""A service, with the names of the firms, projects and leads that may be told."""


def service_table(rows: Iterable[Named], people: Mapping[UUID, str], language: str = "zh") -> Iterator[list[Value]]:
    """A header and a row for each service."""
    yield [title.said(language) for title in _HEADER]
    for row, names in rows:
        company, project, lead = (names.get(one) if one else None for one in (row.company, row.project, row.lead))
        yield [
            row.served_on, ServiceKind(row.kind).text.said(language), row.subject, company, project, row.served or lead,
            people.get(row.handled_by), ServiceOutcome(row.outcome).text.said(language), row.result, row.solved_on,
        ]  # fmt: skip
