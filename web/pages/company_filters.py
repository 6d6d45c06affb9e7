"""The filters and orders of the firms' list."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from domain.base import Text
from domain.company import CompanyStatus, Seat, Sector
from projections import companies
from projections.companies import CompanyFilters
from web.fields import Choice
from web.pages.filters import Filter, named, search, somebody, terms, word
from web.pages.record_list import RecordList, people_choices

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
        "answers": somebody(Text("负责", "Answers"), "answers", viewer),
        "answered": Filter(Text("包保", "Answered for"), "answered", _answered, lambda text, _names: _ANSWERED[text]),
        "parent": named(Text("上级企业", "Parent firm"), "parent"),
    }


def _answered(text: str) -> bool:
    if text not in _ANSWERED:
        raise ValueError(text)
    return text == "yes"


def choices(conn: Connection[Any]) -> dict[str, list[Choice]]:
    """What the filters offer."""
    everybody = people_choices(conn)
    return {
        "sector": terms(Sector),
        "seat": terms(Seat),
        "status": terms(CompanyStatus),
        "leader": everybody,
        "officer": everybody,
        "answered": [Choice(key, text) for key, text in _ANSWERED.items()],
    }


COMPANIES: Final = RecordList(
    "companies", companies.LIST, company_filters, CompanyFilters, SORTS, ("sector", "answered", "leader", "officer", "status"),
    Text("企业", "Firms"),
    Text("谁包保、谁服务，从第一条线索到投产都在企业页上。",
         "Who answers for each and who serves it; from the first lead to production on its page."),
    ("家企业", "firm", "firms"),
    Text("登记企业", "Register a firm"),
    (Text("还没有企业", "No firms yet"),
     Text("在已落地的线索或项目上点“登记企业”，或直接登记。", "Register one from a landed lead or a project, or directly.")),
    Text("名称、曾用名、拼音首字母、信用代码", "Name, former name, initials, credit code"), "building-factory-2",
    more=("seat",), styles=("companies.css",), ledger=True,
)  # fmt: skip
