"""The filters of leads as they stand in a URL: read leniently, shown as chips, handed to the read model.

A value that cannot be read filters nothing and is said at its field; every link keeps all the others.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.base import Refused, Text
from domain.channel import ChannelKind
from domain.funnel import Stage, Status
from domain.values import Industry, parse_amount
from projections import contact_grams
from projections.leads import LeadFilters
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
SEARCH_AT_MOST: Final = 100
_FIXED: Final = {"overdue": Text("是", "yes"), "contact": Text("按姓名或号码", "by name or number")}
"""What is said of a filter whatever its value."""
_UNREADABLE = Text("看不懂，未作筛选。", "Not understood; not filtered by it.")


class Names(NamedTuple):
    """The names of what filters point at."""

    channels: Mapping[UUID, str]
    people: Mapping[UUID, str]


@dataclass(frozen=True)
class Asked:
    """What a URL asks for: its text by parameter, what was made of it, what could not be read."""

    typed: Mapping[str, str]
    filters: LeadFilters
    errors: Mapping[str, Text] = field(default_factory=dict)

    def chips(self, names: Names) -> Iterator[tuple[str, Text, Text]]:
        """(parameter, what it is called, the value in words) for every filter in force."""
        for name, text in self.typed.items():
            if name not in self.errors:
                yield name, LABELS[name], _said(name, text, names)


def asked(params: Mapping[str, str], viewer: UUID, today: date) -> Asked:
    """Read the filters among the parameters of a URL."""
    typed = {name: params[name].strip() for name in LABELS if params.get(name, "").strip()}
    readers = _readers(viewer, today)
    found: dict[str, Any] = {}
    errors: dict[str, Text] = {}
    for name, text in typed.items():
        key, read = readers[name]
        try:
            found[key] = read(text)
        except Refused as refusal:
            errors[name] = refusal.text
        except ValueError:
            errors[name] = _UNREADABLE
    return Asked(typed, replace(LeadFilters(), **found), errors)


def _readers(viewer: UUID, today: date) -> dict[str, tuple[str, Callable[[str], Any]]]:
    """Parameter → (the read model's filter, how its text is read)."""
    return {
        "q": ("search", _search),
        "contact": ("contact", contact_grams.signs_of),
        "stage": ("stage", lambda text: Stage(text).value),
        "status": ("status", lambda text: Status(text).value),
        "kind": ("kind", lambda text: ChannelKind(text).value),
        "channel": ("channel", UUID),
        "occasion": ("occasion", UUID),
        "owner": ("owner", lambda text: viewer if text == MINE else UUID(text)),
        "industry": ("industry", lambda text: Industry(text).value),
        "country": ("country", _country),
        "amount_from": ("amount_from", _fen),
        "amount_to": ("amount_to", _fen),
        "registered_from": ("registered_from", _day),
        "registered_to": ("registered_to", _day),
        "overdue": ("overdue_on", lambda _: today),
    }


def _search(text: str) -> str:
    if "\0" in text:
        raise ValueError(text)
    return text[:SEARCH_AT_MOST]


def _day(text: str) -> date:
    year, month, day = re.split(r"[-./年月]", text.rstrip("日"))
    return date(int(year), int(month), int(day))


def _country(code: str) -> str:
    if code not in country_names("zh"):
        raise ValueError(code)
    return code


def _fen(text: str) -> int:
    """An amount as typed; a bare number is in 万元, as in every office's own lists."""
    return parse_amount(text, unit="万元").fen


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
