"""What the funnel's measures, views and groups are called, and what one may choose to narrow it to."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from psycopg import Connection

from domain.base import Text
from domain.channel import ChannelKind
from domain.values import Industry
from projections import channels, funnel, people
from projections.paging import Scope
from web.fields import Choice
from web.pages.funnel_question import GROUPS
from web.words import Words, country_names

MEASURES: Final[Mapping[str, Text]] = {
    "standing": Text("现处于", "Standing"),
    "reached": Text("曾到达", "Reached"),
    "on_hold": Text("暂缓", "On hold"),
    "lost": Text("流失", "Lost"),
    "merged": Text("已合并", "Merged"),
    "registered": Text("登记总数", "Registered"),
}
VIEWS: Final[Mapping[str, Text]] = {
    "count": Text("项数", "Leads"),
    "amount": Text("金额", "Amounts"),
    "conversion": Text("转化", "Conversion"),
}
BAND_TEXTS: Final = (
    Text("未填金额", "Not given"),
    Text("1000万元以下", "Under CNY 10m"),
    Text("1000万–5000万元", "CNY 10m–50m"),
    Text("5000万–1亿元", "CNY 50m–100m"),
    Text("1亿–10亿元", "CNY 100m–1bn"),
    Text("10亿元以上", "CNY 1bn and more"),
)
NOT_GIVEN: Final = Text("未指定", "Not given")

Label = Callable[[str, str | None], str]
"""(what it is a value of, the value or None) → its name in the viewer's language."""


def labels(conn: Connection[Any], words: Words) -> Label:
    """Names for the values one groups by; people and channels are looked up once."""
    names = {str(key): name for key, name in (channels.names(conn) | people.names(conn)).items()}
    said: dict[str, Callable[[str], str]] = {
        "kind": lambda value: words.term(ChannelKind(value)),
        "industry": lambda value: words.term(Industry(value)),
        "country": words.country,
        "month": lambda value: words.month(date.fromisoformat(f"{value}-01")),
        "band": lambda value: words.t(BAND_TEXTS[int(value)]),
        "region": str,
    }

    def label(group_by: str, value: Any) -> str:
        if value is None or value == "":
            return words.t(NOT_GIVEN)
        return said[group_by](value) if group_by in said else names.get(str(value), "—")

    return label


def choices(conn: Connection[Any], scope: Scope, label: Label) -> dict[str, list[Choice]]:
    """What one can group by and narrow to: of countries and months those that leads have."""
    zh, en = country_names("zh"), country_names("en")
    return {
        "group_by": [Choice(name, text) for name, text in GROUPS.items()],
        "kind": [Choice(kind.value, kind.text) for kind in ChannelKind],
        "channel": [_named(str(row.id), row.name) for row in channels.listed(conn)],
        "owner": [_named(str(person.id), person.name) for person in people.listed(conn, active=None)],
        "industry": [Choice(one.value, one.text) for one in Industry],
        "country": [
            Choice(code, Text(zh.get(code, code), en.get(code, code)))
            for code in funnel.keys(conn, "country", scope=scope)
        ],
        "band": [Choice(str(place), text) for place, text in enumerate(BAND_TEXTS)],
        "month": [_named(key, label("month", key)) for key in reversed(funnel.keys(conn, "month", scope=scope))],
    }


def _named(value: str, name: str) -> Choice:
    return Choice(value, Text(name, name))
