"""The filters and orders of the list of funding."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from domain.base import Text
from domain.funding import FundingKind, FundingStatus
from projections import fundings
from projections.fundings import FundingFilters
from web.fields import Choice
from web.pages.filters import Filter, named, search, somebody, terms, word, year_of, yes
from web.pages.record_list import RecordList, numbers

SORTS: Final = {
    "applied": Text("申报日期", "Applied"),
    "requested": Text("申报金额", "Requested"),
    "approved": Text("批复金额", "Approved"),
    "left": Text("未拨付金额", "Still to come"),
    "name": Text("申报名称", "Name"),
}


def funding_filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "kind": word(Text("资金类别", "Kind"), "kind", FundingKind),
        "status": word(Text("状态", "Status"), "status", FundingStatus),
        "year": Filter(Text("申报年度", "Year applied for"), "year", year_of),
        "approved_year": Filter(Text("批复年度", "Year approved"), "approved_year", year_of),
        "paid": yes(Text("已有拨付", "Something paid out"), "paid"),
        "unpaid": yes(Text("已批复未拨完", "Approved, not all paid out"), "unpaid"),
        "project": named(Text("项目", "Project"), "project"),
        "company": named(Text("企业", "Firm"), "company"),
        "answers": somebody(Text("负责", "Answers"), "answers", viewer),
    }


def choices(this_year: int) -> dict[str, list[Choice]]:
    """What the filters offer: of years the last five and the next."""
    years = numbers(range(this_year - 4, this_year + 2))
    return {"kind": terms(FundingKind), "status": terms(FundingStatus), "year": years, "approved_year": years}


FUNDINGS: Final = RecordList(
    "fundings", fundings.LIST, funding_filters, FundingFilters, SORTS, ("kind", "status", "year", "approved_year"),
    Text("向上争取资金", "Funding from above"),
    Text("专项债券、中央预算内投资、奖补资金：申报多少，批复多少，到位多少。",
         "Special bonds, central budget, incentives: asked for, approved, arrived."),
    ("笔申报", "application", "applications"),
    Text("登记申报", "Record an application"),
    (Text("还没有申报资金", "No funding applied for yet"),
     Text("在项目页的“向上争取资金”里登记，或在这里直接登记。", "Record one on a project’s page, or here.")),
    Text("名称、拼音首字母、文号、申报单位", "Name, pinyin initials, document, applicant"), "building-bank",
    more=("unpaid", "paid", "project", "company", "answers"),
)  # fmt: skip
