"""The filters and orders of the sites' list."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.base import Term, Text
from domain.site import SiteKind, SiteTerms
from domain.site.kinds import area_text
from projections.sites import SiteFilters
from web.fields import Choice
from web.pages.facts import Names
from web.pages.filters import YES, Asked, Filter, asked, named, plainly, search, terms, word
from web.pages.project_filters import ME

MORE: Final = frozenset({"terms", "ready", "floor_load", "height", "power"})
"""The filters that stand behind “more filters”."""
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


def site_filters(viewer: UUID, today: date) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "kind": word(Text("类别", "Kind"), "kind", SiteKind),
        "held": word(Text("使用情况", "Use"), "held", Part),
        "fits": Filter(
            Text("空闲不少于（㎡）", "Free at least (㎡)"), "fits", number, lambda text, _: area_text(number(text))
        ),
        "terms": word(Text("供应方式", "Terms"), "terms", SiteTerms),
        "ready": Filter(Text("现在可用", "Ready now"), "ready_by", lambda _: today, lambda _text, _names: YES),
        "floor_load": Filter(Text("承重不低于（吨/㎡）", "Floor load from (t/㎡)"), "floor_load", number, plainly),
        "height": Filter(Text("层高不低于（米）", "Height from (m)"), "height", number, plainly),
        "power": Filter(Text("供电不低于（kVA）", "Power from (kVA)"), "power", number, plainly),
        "taker": named(Text("使用方", "Held by"), "taker"),
        "answers": Filter(
            Text("负责", "Answers"), "answers", lambda text: viewer if text == ME else UUID(text), _answers
        ),
    }


def _answers(text: str, names: Names) -> Text:
    plain = names.of(UUID(text)) if text != ME else ""
    return Text("我", "me") if text == ME else Text(plain or "未知", plain or "unknown")


def read(params: Mapping[str, str], viewer: UUID, today: date) -> Asked:
    """The filters among the parameters of a URL."""
    return asked(params, site_filters(viewer, today), SiteFilters)


def choices() -> dict[str, list[Choice]]:
    """What the filters offer."""
    return {"kind": terms(SiteKind), "held": terms(Part), "terms": terms(SiteTerms)}
