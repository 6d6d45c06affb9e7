"""What is asked of the explorer of events, as it stands in a URL: read leniently; what cannot be read is said and filters nothing."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from crm.access import SYSTEM
from domain.base import AGGREGATES, EVENTS, Text
from domain.person import Role
from projections.activity import ActivityFilters
from web.pages.facts import Names
from web.words import SHANGHAI

LABELS: Final[Mapping[str, Text]] = {
    "q": Text("企业", "Company"),
    "lead": Text("对象", "Record"),
    "type": Text("事件类型", "Type"),
    "actor": Text("谁", "Who"),
    "role": Text("以何身份", "Acting as"),
    "channel": Text("渠道", "Channel"),
    "recorded_from": Text("录入不早于", "Recorded from"),
    "recorded_to": Text("录入不晚于", "Recorded up to"),
    "occurred_from": Text("发生不早于", "Happened from"),
    "occurred_to": Text("发生不晚于", "Happened up to"),
    "late": Text("晚录超过", "Entered late by more than"),
    "origin": Text("批次", "Batch"),
    "corrections": Text("更正", "Corrections"),
    "outside": Text("办公时间以外", "Outside office hours"),
    "bulk": Text("批量录入", "Bulk entries"),
}
AGGREGATE_NAMES: Final[Mapping[str, Text]] = {
    "lead": Text("线索", "Leads"),
    "project": Text("项目", "Projects"),
    "problem": Text("问题", "Problems"),
    "target": Text("目标", "Targets"),
    "plan": Text("谋划", "Plans"),
    "indicator": Text("外报指标", "Reported figures"),
    "company": Text("企业", "Firms"),
    "service": Text("服务记录", "Services"),
    "site": Text("载体", "Sites"),
    "matchmaking": Text("供需与银企对接", "Matchmaking"),
    "task": Text("督办事项", "Tasks"),
    "procedure": Text("手续", "Procedures"),
    "funding": Text("向上争取", "Funding"),
    "channel": Text("渠道", "Channels"),
    "person": Text("人员", "People"),
    "meeting": Text("会议", "Meetings"),
    "erasure": Text("个人信息删除", "Erasures"),
    "district": Text("时限与可见范围", "Clocks and reading rights"),
}
LATENESS: Final = (0, 3, 7, 30, 90)
_FLAGS: Final = ("corrections", "outside", "bulk")
_FOLDED: Final = frozenset({"recorded_from", "recorded_to", "occurred_from", "occurred_to", "late", "role"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?")
UNREADABLE = Text("看不懂，未作筛选。", "Not understood; not filtered by it.")
_MOST_DAYS: Final = 100_000
_LONGEST: Final = 100


@dataclass(frozen=True)
class Asked:
    """A question: its text by parameter, the filters it makes, what could not be read. `search` is a company's name."""

    typed: Mapping[str, str]
    filters: ActivityFilters
    errors: Mapping[str, Text] = field(default_factory=dict)

    @property
    def more(self) -> bool:
        """Whether one of the conditions that are folded away is in force."""
        return any(name in _FOLDED for name in self.typed)

    @property
    def search(self) -> str:
        return self.typed.get("q", "")[:_LONGEST]

    def with_streams(self, streams: list[UUID] | None) -> ActivityFilters:
        """The filters, narrowed to these records."""
        return replace(self.filters, streams=streams)

    def value(self, name: str) -> str:
        """The text of a parameter as its input shows it; a bare day in an input for moments gets its hour."""
        text = self.typed.get(name, "")
        if name.startswith("recorded_") and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return f"{text}T{'00:00' if name.endswith('from') else '23:59'}"
        return text

    def chips(self, names: Names) -> Iterator[tuple[str, Text, Text]]:
        """(parameter, what it is called, the value in words) for every condition in force."""
        for name, text in self.typed.items():
            if name not in self.errors:
                yield name, LABELS[name], _said(name, text, names)


def asked(params: Mapping[str, str]) -> Asked:
    """Read the question in the parameters of a URL."""
    typed = {name: params[name].strip() for name in LABELS if params.get(name, "").strip()}
    found: dict[str, Any] = {}
    errors: dict[str, Text] = {}
    for name, text in typed.items():
        try:
            found |= _READERS[name](text)
        except (ValueError, OverflowError):
            errors[name] = UNREADABLE
    return Asked(typed, ActivityFilters(**found), errors)


def _type(text: str) -> dict[str, Any]:
    """`lead` is every event of a lead, `lead.contacted` one type of them."""
    if text in AGGREGATES:
        return {"aggregate": text}
    if text not in EVENTS:
        raise ValueError(text)
    return {"topic": text}


def _search(text: str) -> dict[str, Any]:
    if "\0" in text:
        raise ValueError(text)
    return {}


def _from(text: str) -> datetime:
    return datetime.combine(_day(text), time.fromisoformat(text[11:] or "00:00"), SHANGHAI)


def _to(text: str) -> datetime:
    """The last moment of the minute, or of the day where no minute is given."""
    length = timedelta(minutes=1) if text[11:] else timedelta(days=1)
    return _from(text) + length - timedelta(microseconds=1)


def _day(text: str) -> date:
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text[:10])


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= _MOST_DAYS:
        raise ValueError(text)
    return days


def _flag(name: str) -> Callable[[str], dict[str, Any]]:
    return lambda _: {name: True}


_READERS: Final[Mapping[str, Callable[[str], dict[str, Any]]]] = {
    "q": _search,
    "lead": lambda text: {"stream": UUID(text)},
    "type": _type,
    "actor": lambda text: {"actor": UUID(text)},
    "role": lambda text: {"role": Role(text).value},
    "channel": lambda text: {"channel": UUID(text)},
    "recorded_from": lambda text: {"recorded_from": _from(text)},
    "recorded_to": lambda text: {"recorded_to": _to(text)},
    "occurred_from": lambda text: {"occurred_from": _day(text)},
    "occurred_to": lambda text: {"occurred_to": _day(text)},
    "late": lambda text: {"late_over": _days(text)},
    "origin": lambda text: {"origin": UUID(text)},
    **{name: _flag(name) for name in _FLAGS},
}


def _said(name: str, text: str, names: Names) -> Text:
    match name:
        case "type":
            return type_name(text)
        case "actor" | "channel":
            known = names.people if name == "actor" else names.channels
            plain = known.get(UUID(text))
            return _SYSTEM if text == str(SYSTEM) else Text(plain, plain) if plain else Text("未知", "unknown")
        case "role":
            return Role(text).text
        case "late":
            return Text(f"{text} 天", f"{text} days")
        case "lead" | "origin":
            return Text(text[:8], text[:8])
    return Text("是", "yes") if name in _FLAGS else Text(text.replace("T", " "), text.replace("T", " "))


_SYSTEM: Final = Text("系统", "the system")


def type_name(text: str) -> Text:
    """What events of a type, or of an aggregate, are called."""
    if text in EVENTS:
        return EVENTS[text].TITLE
    return AGGREGATE_NAMES.get(text, Text(text, text))


def types() -> list[tuple[Text, str, list[tuple[str, Text]]]]:
    """(aggregate's name, its key, its types by key and name), as the explorer offers them."""
    return [
        (type_name(name), name, [(topic, kind.TITLE) for topic, kind in EVENTS.items() if topic.startswith(f"{name}.")])
        for name in (*AGGREGATE_NAMES, *sorted(set(AGGREGATES) - set(AGGREGATE_NAMES)))
        if name in AGGREGATES
    ]
