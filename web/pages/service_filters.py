"""The filters of the services' list."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from domain.base import Refused, Text
from domain.service import ServiceKind, ServiceOutcome
from projections import people
from projections.services import ServiceFilters
from web.fields import Choice
from web.pages.company_picks import companies_offered
from web.pages.facts import Names
from web.pages.filters import Asked, Filter, asked, named, search, terms, word
from web.pages.lead_picks import named as plain

ME: Final = "me"
SORTS: Final = {"day": Text("服务日期", "Day")}


def service_filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "kind": word(Text("服务方式", "Kind"), "kind", ServiceKind),
        "outcome": word(Text("办理结果", "Outcome"), "outcome", ServiceOutcome),
        "by": Filter(
            Text("经办人", "Handled by"), "handled_by", lambda text: viewer if text == ME else UUID(text), _who
        ),
        "company": named(Text("企业", "Firm"), "company"),
        "lead": named(Text("线索", "Lead"), "lead"),
        "project": named(Text("项目", "Project"), "project"),
        "from": Filter(Text("服务日期不早于", "Served from"), "since", _day),
        "to": Filter(Text("服务日期不晚于", "Served up to"), "until", _day),
    }


def _who(text: str, names: Names) -> Text:
    found = names.of(UUID(text)) if text != ME else ""
    return Text("我", "me") if text == ME else Text(found or "未知", found or "unknown")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("date.unreadable", "看不懂这个日期，未作筛选。", "Not a day; not filtered by it.") from None


def read(params: Mapping[str, str], viewer: UUID) -> Asked:
    """The filters among the parameters of a URL."""
    return asked(params, service_filters(viewer), ServiceFilters)


def choices(conn: Connection[Any], company: UUID | None) -> dict[str, list[Choice]]:
    """What the filters offer; `company`: the firm that is asked for."""
    return {
        "kind": terms(ServiceKind),
        "outcome": terms(ServiceOutcome),
        "by": [Choice(ME, Text("我", "Me")), *(Choice(str(row.id), plain(row.name)) for row in people.listed(conn))],
        "company": companies_offered(conn, company),
    }
