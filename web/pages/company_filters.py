"""The filters and orders of the firms' list."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from domain.base import Text
from domain.company import CompanyStatus, Seat, Sector
from projections import people
from projections.companies import CompanyFilters
from web.fields import Choice
from web.pages.facts import Names
from web.pages.filters import Asked, Filter, asked, named, search, terms, word
from web.pages.lead_picks import named as plain

ME: Final = "me"
SORTS: Final = {"name": Text("企业名称", "Firm"), "registered": Text("登记日期", "Registered")}
_ANSWERED: Final = {"yes": Text("已落实", "somebody answers"), "no": Text("未落实", "nobody answers")}


def company_filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "sector": word(Text("行业", "Industry"), "sector", Sector),
        "seat": word(Text("属地", "Where it sits"), "seat", Seat),
        "status": word(Text("状态", "Status"), "status", CompanyStatus),
        "leader": named(Text("包保领导", "Leader"), "leader"),
        "officer": named(Text("服务专员", "Officer"), "officer"),
        "answers": Filter(
            Text("负责", "Answers"), "answers", lambda text: viewer if text == ME else UUID(text), _answers
        ),
        "answered": Filter(Text("包保", "Answered for"), "answered", _answered, lambda text, _names: _ANSWERED[text]),
        "parent": named(Text("上级企业", "Parent firm"), "parent"),
    }


def _answers(text: str, names: Names) -> Text:
    found = names.of(UUID(text)) if text != ME else ""
    return Text("我", "me") if text == ME else Text(found or "未知", found or "unknown")


def _answered(text: str) -> bool:
    if text not in _ANSWERED:
        raise ValueError(text)
    return text == "yes"


def read(params: Mapping[str, str], viewer: UUID) -> Asked:
    """The filters among the parameters of a URL."""
    return asked(params, company_filters(viewer), CompanyFilters)


def choices(conn: Connection[Any]) -> dict[str, list[Choice]]:
    """What the filters offer."""
    everybody = [Choice(str(row.id), plain(row.name)) for row in people.listed(conn)]
    return {
        "sector": terms(Sector),
        "seat": terms(Seat),
        "status": terms(CompanyStatus),
        "leader": everybody,
        "officer": everybody,
        "answered": [Choice(key, text) for key, text in _ANSWERED.items()],
    }
