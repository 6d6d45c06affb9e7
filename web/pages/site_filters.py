"""The filters and orders of the sites' list."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from crm import clock
from domain.base import Term, Text
from domain.site import SiteKind, SiteTerms
from domain.site.kinds import area_text
from projections import sites
from projections.sites import SiteFilters
from web.fields import Choice
from web.pages.filters import Filter, named, plainly, search, somebody, terms, word, yes
from web.pages.record_list import RecordList

SORTS: Final = {
    "free": Text("空闲面积", "Free space"),
    "fit": Text("空闲面积由小到大", "Least free first"),
    "area": Text("总面积", "Whole area"),
    "name": Text("载体名称", "Site"),
    "ready": Text("可交付日期", "Ready from"),
}


class Part(Term):
    """What there is to be in a site."""

    FREE = "free", "有空闲", "Free space"
    RESERVED = "reserved", "有预留", "Reserved space"
    OCCUPIED = "occupied", "有入驻", "Firms in it"


def number(text: str) -> Decimal:
    """A measure as typed: 12000, 1.2万, 3 吨. Raises ValueError."""
    found = re.fullmatch(
        r"\s*([\d,]{1,15}(?:\.\d{1,4})?)\s*(万)?\s*(?:㎡|平方米|平米|吨|米|m2|m|t|kva)?\s*",
        text,
        re.IGNORECASE | re.ASCII,
    )
    if found is None or not found[1].strip(","):
        raise ValueError(text)
    return Decimal(found[1].replace(",", "")) * (10_000 if found[2] else 1)


def site_filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "kind": word(Text("类别", "Kind"), "kind", SiteKind),
        "held": word(Text("使用情况", "Use"), "held", Part),
        "fits": Filter(
            Text("空闲不少于（㎡）", "Free at least (㎡)"), "fits", number, lambda text, _: area_text(number(text))
        ),
        "terms": word(Text("供应方式", "Terms"), "terms", SiteTerms),
        "ready": yes(Text("现在可用", "Ready now"), "ready_by", clock.today),
        "floor_load": Filter(Text("承重不低于（吨/㎡）", "Floor load from (t/㎡)"), "floor_load", number, plainly),
        "height": Filter(Text("层高不低于（米）", "Height from (m)"), "height", number, plainly),
        "power": Filter(Text("供电不低于（kVA）", "Power from (kVA)"), "power", number, plainly),
        "taker": named(Text("使用方", "Held by"), "taker"),
        "answers": somebody(Text("负责", "Answers"), "answers", viewer),
    }


def choices() -> dict[str, list[Choice]]:
    """What the filters offer."""
    return {"kind": terms(SiteKind), "held": terms(Part), "terms": terms(SiteTerms)}


SITES: Final = RecordList(
    "sites", sites.LIST, site_filters, SiteFilters, SORTS, ("kind", "held"),
    Text("载体", "Sites"),
    Text("园区、楼宇、地块：有多少空间，谁在用，还剩多少。",
         "Parks, buildings, plots: how much space there is, who holds it, what is left."),
    ("个载体", "site", "sites"),
    Text("登记载体", "Register a site"),
    (Text("还没有载体", "No sites yet"),
     Text("登记园区、楼宇和地块，线索需要空间时就能匹配。", "Register parks, buildings and plots; they are matched with what leads need.")),
    Text("载体、拼音首字母、位置、入驻企业", "Site, pinyin initials, place, firm in it"), "building-warehouse",
    more=("terms", "ready", "floor_load", "height", "power"), styles=("sites.css",), ledger=True,
)  # fmt: skip
