"""The filters and orders of the procedures' list."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from psycopg import Connection

from domain.base import Text
from domain.procedure import Handling, ProcedureKind, ProcedureStatus
from projections import people, procedures
from projections.procedures import ProcedureFilters
from web.fields import Choice
from web.pages.filters import Asked, Filter, asked, named, search, terms, word, yes

MORE: Final = frozenset({"way", "lenient", "early", "project", "company", "accepted_from", "accepted_to"})
"""The filters that stand behind “more filters”."""
SORTS: Final = {
    "applied": Text("申请日期", "Applied"),
    "name": Text("事项名称", "Procedure"),
    "owed": Text("承诺补齐日期", "Promised by"),
}


def procedure_filters(today: date) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "status": word(Text("状态", "Status"), "status", ProcedureStatus),
        "open": yes(Text("未办结", "Under way"), "open"),
        "kind": word(Text("类别", "Kind"), "kind", ProcedureKind),
        "department": Filter(Text("主管部门", "Department"), "department", search),
        "handler": named(Text("代办人员", "Handled by"), "handler"),
        "way": word(Text("办理方式", "Handling"), "way", Handling),
        "lenient": yes(Text("容缺受理", "Accepted with papers missing"), "lenient"),
        "overdue": yes(Text("承诺逾期", "Promise overdue"), "overdue_on", today),
        "early": yes(Text("提前办理", "Before the land was taken"), "early"),
        "project": named(Text("项目", "Project"), "project"),
        "company": named(Text("企业", "Firm"), "company"),
        "accepted_from": Filter(Text("受理不早于", "Accepted from"), "accepted_from", date.fromisoformat),
        "accepted_to": Filter(Text("受理不晚于", "Accepted up to"), "accepted_to", date.fromisoformat),
    }


def read(params: Mapping[str, str], today: date) -> Asked:
    """The filters among the parameters of a URL."""
    return asked(params, procedure_filters(today), ProcedureFilters)


def choices(conn: Connection[Any]) -> dict[str, list[Choice]]:
    """What the filters offer."""
    return {
        "status": terms(ProcedureStatus),
        "kind": terms(ProcedureKind),
        "department": [Choice(name, Text(name, name)) for name in procedures.departments(conn)],
        "handler": [Choice(str(row.id), Text(row.name, row.name)) for row in people.listed(conn)],
        "way": terms(Handling),
    }
