"""The filters of the services' list."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from domain.base import Refused, Text
from domain.service import ServiceKind, ServiceOutcome
from projections import services
from projections.services import ServiceFilters
from web.fields import Choice
from web.pages.filters import ME, Filter, named, search, somebody, terms, word
from web.pages.record_list import RecordList, people_choices
from web.pages.record_picks import companies_offered

SORTS: Final = {"day": Text("服务日期", "Day")}


def service_filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "kind": word(Text("服务方式", "Kind"), "kind", ServiceKind),
        "outcome": word(Text("办理结果", "Outcome"), "outcome", ServiceOutcome),
        "by": somebody(Text("经办人", "Handled by"), "handled_by", viewer),
        "company": named(Text("企业", "Firm"), "company"),
        "lead": named(Text("线索", "Lead"), "lead"),
        "project": named(Text("项目", "Project"), "project"),
        "from": Filter(Text("服务日期不早于", "Served from"), "since", _day),
        "to": Filter(Text("服务日期不晚于", "Served up to"), "until", _day),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("date.unreadable", "看不懂这个日期，未作筛选。", "Not a day; not filtered by it.") from None


def choices(conn: Connection[Any], company: UUID | None) -> dict[str, list[Choice]]:
    """What the filters offer; `company`: the firm that is asked for."""
    return {
        "kind": terms(ServiceKind),
        "outcome": terms(ServiceOutcome),
        "by": [Choice(ME, Text("我", "Me")), *people_choices(conn)],
        "company": companies_offered(conn, company),
    }


SERVICES: Final = RecordList(
    "services", services.LIST, service_filters, ServiceFilters, SORTS, ("kind", "by", "company", "outcome"),
    Text("服务记录", "Services"),
    Text("陪同办事、电话回访、实地走访、协调解决：谁、为谁、结果如何。",
         "Accompanied, called, visited, coordinated: who, for whom, and what came of it."),
    ("条记录", "service", "services"),
    Text("记录服务", "Log a service"),
    (Text("还没有服务记录", "No services yet"),
     Text("在企业、项目或线索的页面上记一条，几秒钟就好。", "Log one on the page of a firm, project or lead; it takes seconds.")),
    Text("事项或服务对象", "What it was about"), "headset",
    styles=("companies.css",), ledger=True,
)  # fmt: skip
