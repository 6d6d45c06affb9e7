"""The filters and orders of the procedures' list."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from crm import clock
from domain.base import Text
from domain.procedure import Handling, ProcedureKind, ProcedureStatus
from projections import procedures
from projections.procedures import ProcedureFilters
from web.fields import Choice
from web.pages.filters import Filter, named, search, somebody, terms, word, yes
from web.pages.record_list import RecordList, people_choices

SORTS: Final = {
    "applied": Text("申请日期", "Applied"),
    "name": Text("事项名称", "Procedure"),
    "owed": Text("承诺补齐日期", "Promised by"),
}


def procedure_filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "status": word(Text("状态", "Status"), "status", ProcedureStatus),
        "open": yes(Text("未办结", "Under way"), "open"),
        "kind": word(Text("类别", "Kind"), "kind", ProcedureKind),
        "department": Filter(Text("主管部门", "Department"), "department", search),
        "handler": somebody(Text("代办人员", "Handled by"), "handler", viewer),
        "way": word(Text("办理方式", "Handling"), "way", Handling),
        "lenient": yes(Text("容缺受理", "Accepted with papers missing"), "lenient"),
        "overdue": yes(Text("承诺逾期", "Promise overdue"), "overdue_on", clock.today),
        "early": yes(Text("提前办理", "Before the land was taken"), "early"),
        "project": named(Text("项目", "Project"), "project"),
        "company": named(Text("企业", "Firm"), "company"),
        "accepted_from": Filter(Text("受理不早于", "Accepted from"), "accepted_from", date.fromisoformat),
        "accepted_to": Filter(Text("受理不晚于", "Accepted up to"), "accepted_to", date.fromisoformat),
    }


def choices(conn: Connection[Any]) -> dict[str, list[Choice]]:
    """What the filters offer."""
    return {
        "status": terms(ProcedureStatus),
        "kind": terms(ProcedureKind),
        "department": [Choice(name, Text(name, name)) for name in procedures.departments(conn)],
        "handler": people_choices(conn),
        "way": terms(Handling),
    }


PROCEDURES: Final = RecordList(
    "procedures", procedures.LIST, procedure_filters, ProcedureFilters, SORTS, ("kind", "department", "status", "handler"),
    Text("手续", "Procedures"),
    Text("申请、受理、补齐到办结：卡在哪个部门，谁在代办，容缺承诺到没到期。",
         "From application to permit: which department has it, who handles it, which promised papers are due."),
    ("项手续", "procedure", "procedures"),
    Text("登记手续", "Record an application"),
    (Text("还没有登记手续", "No procedures yet"),
     Text("在项目页的“手续”里登记，或在这里直接登记。", "Record one on a project’s page, or here.")),
    Text("事项、拼音首字母、编号、申请单位", "Procedure, pinyin initials, number, applicant"), "certificate",
    more=("way", "lenient", "early", "project", "company", "accepted_from", "accepted_to"),
)  # fmt: skip
