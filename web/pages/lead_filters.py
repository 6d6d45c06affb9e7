"""The filters of leads as they stand in a URL: read leniently, shown as chips, handed to the read model.

A value that cannot be read filters nothing and is said at its field; every link keeps all the others.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from domain.base import Text
from domain.channel import ChannelKind
from domain.funnel import Stage, Status
from domain.values import Industry
from projections import contact_grams
from projections.leads import LeadFilters
from web.pages import filters
from web.pages.facts import Names
from web.pages.filters import Asked, Filter
from web.words import country_names

MINE: Final = "me"
LABELS: Final[Mapping[str, Text]] = {
    "q": Text("查找", "Search"),
    "contact": Text("联系人", "Contact person"),
    "stage": Text("阶段", "Stage"),
    "status": Text("状态", "Status"),
    "kind": Text("渠道类别", "Channel kind"),
    "channel": Text("渠道", "Channel"),
    "occasion": Text("活动", "Occasion"),
    "owner": Text("负责人", "Owner"),
    "industry": Text("行业", "Industry"),
    "country": Text("国家或地区", "Country or region"),
    "amount_from": Text("金额不低于", "Amount from"),
    "amount_to": Text("金额不高于", "Amount up to"),
    "registered_from": Text("登记不早于", "Registered from"),
    "registered_to": Text("登记不晚于", "Registered up to"),
    "overdue": Text("下一步已逾期", "Next action overdue"),
}
_FIXED: Final = {"overdue": Text("是", "yes"), "contact": Text("按姓名或号码", "by name or number")}
"""What is said of a filter whatever its value."""


def asked(params: Mapping[str, str], viewer: UUID, today: date) -> Asked:
    """Read the filters among the parameters of a URL."""
    known = {
        name: Filter(LABELS[name], key, read, partial(_said, name))
        for name, (key, read) in _readers(viewer, today).items()
    }
    return filters.asked(params, known, LeadFilters)


def _readers(viewer: UUID, today: date) -> dict[str, tuple[str, Callable[[str], Any]]]:
    """Parameter → (the read model's filter, how its text is read)."""
    return {
        "q": ("search", filters.search),
        "contact": ("contact", contact_grams.signs_of),
        "stage": ("stage", lambda text: Stage(text).value),
        "status": ("status", lambda text: Status(text).value),
        "kind": ("kind", lambda text: ChannelKind(text).value),
        "channel": ("channel", UUID),
        "occasion": ("occasion", UUID),
        "owner": ("owner", lambda text: viewer if text == MINE else UUID(text)),
        "industry": ("industry", lambda text: Industry(text).value),
        "country": ("country", _country),
        "amount_from": ("amount_from", filters.fen),
        "amount_to": ("amount_to", filters.fen),
        "registered_from": ("registered_from", _day),
        "registered_to": ("registered_to", _day),
        "overdue": ("overdue_on", lambda _: today),
    }


def _day(text: str) -> date:
    year, month, day = re.split(r"[-./年月]", text.rstrip("日"))
    return date(int(year), int(month), int(day))


def _country(code: str) -> str:
    if code not in country_names("zh"):
        raise ValueError(code)
    return code


def _said(name: str, text: str, names: Names) -> Text:
    terms: Mapping[str, Any] = {"stage": Stage, "status": Status, "kind": ChannelKind, "industry": Industry}
    if name in terms:
        said: Text = terms[name](text).text
        return said
    if name == "country":
        return Text(*(country_names(language)[text] for language in ("zh", "en")))
    if name == "owner" and text == MINE:
        return Text("我", "me")
    if name in ("channel", "occasion", "owner"):
        known = names.people if name == "owner" else names.channels
        plain = known.get(UUID(text))
        return Text(plain, plain) if plain else Text("未知", "unknown")
    return _FIXED.get(name) or Text(text, text)
