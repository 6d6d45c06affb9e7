"""Firms as a table for spreadsheets, without their contact persons."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from crm.exports import Value
from domain.base import Text
from domain.company import CompanyStatus, Seat, Sector
from projections.companies import CompanyRow

_HEADER: Final = (
    Text("企业名称", "Firm"), Text("曾用名", "Former names"), Text("统一社会信用代码", "Unified social credit code"),
    Text("所属行业", "Industry"), Text("企业属地", "Where it sits"), Text("状态", "Status"), Text("地址", "Address"),
    Text("上级企业", "Parent firm"), Text("包保领导", "Leader"), Text("工作专班", "Task force"), Text("责任部门", "Departments"),
    Text("服务专员", "Officers"), Text("登记日期", "Registered on"),
)  # fmt: skip


def company_table(
    rows: Iterable[CompanyRow], people: Mapping[UUID, str], firms: Mapping[UUID, str], language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each firm."""
    yield [title.said(language) for title in _HEADER]
    for row in rows:
        yield [
            row.name, "、".join(row.former_names) or None, row.credit_code, Sector(row.sector).text.said(language),
            Seat(row.seat).text.said(language), CompanyStatus(row.status).text.said(language), row.address,
            firms.get(row.parent) if row.parent else None, people.get(row.leader) if row.leader else None, row.task_force,
            row.departments, "、".join(people.get(one, "—") for one in row.officers) or None, row.registered_on,
        ]  # fmt: skip
