"""The filters and orders of the list of funding."""

from collections.abc import Mapping
from typing import Final

from domain.base import Text
from domain.funding import FundingKind, FundingStatus
from projections.fundings import FundingFilters
from web.fields import Choice
from web.pages.filters import Asked, Filter, asked, named, search, terms, word, year_of, yes

MORE: Final = frozenset({"unpaid", "paid", "project", "company", "answers"})
"""The filters that stand behind “more filters”."""
SORTS: Final = {
    "applied": Text("申报日期", "Applied"),
    "requested": Text("申报金额", "Requested"),
    "approved": Text("批复金额", "Approved"),
    "left": Text("未拨付金额", "Still to come"),
    "name": Text("申报名称", "Name"),
}


FILTERS: Final[Mapping[str, Filter]] = {
    "q": Filter(Text("查找", "Search"), "search", search),
    "kind": word(Text("资金类别", "Kind"), "kind", FundingKind),
    "status": word(Text("状态", "Status"), "status", FundingStatus),
    "year": Filter(Text("申报年度", "Year applied for"), "year", year_of),
    "approved_year": Filter(Text("批复年度", "Year approved"), "approved_year", year_of),
    "paid": yes(Text("已有拨付", "Something paid out"), "paid"),
    "unpaid": yes(Text("已批复未拨完", "Approved, not all paid out"), "unpaid"),
    "project": named(Text("项目", "Project"), "project"),
    "company": named(Text("企业", "Firm"), "company"),
    "answers": named(Text("负责", "Answers"), "answers"),
}
"""Every filter by its parameter."""


def read(params: Mapping[str, str]) -> Asked:
    """The filters among the parameters of a URL."""
    return asked(params, FILTERS, FundingFilters)


def choices(this_year: int) -> dict[str, list[Choice]]:
    """What the filters offer: of years the last five and the next."""
    years = [Choice(str(year), Text(str(year), str(year))) for year in range(this_year + 1, this_year - 5, -1)]
    return {"kind": terms(FundingKind), "status": terms(FundingStatus), "year": years, "approved_year": years}
