"""The filters of a list as they stand in a URL: read leniently, shown as chips, handed to the read model.

A value that cannot be read filters nothing and is said at its field; every link keeps all the others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

from fastapi import Request
from psycopg import Connection

from domain.base import Refused, Text
from domain.values import parse_amount
from projections.changes import Point
from projections.interval_lists import IntervalList
from projections.paging import BadCursor, Page
from web.fields import Choice
from web.html import url_for
from web.pages.facts import Names

Row = TypeVar("Row")
UNREADABLE: Final = Text("看不懂，未作筛选。", "Not understood; not filtered by it.")
SEARCH_AT_MOST: Final = 100
YES: Final = Text("是", "yes")
ME: Final = "me"


def plainly(text: str, _names: Names) -> Text:
    """The value as it was typed."""
    return Text(text, text)


@dataclass(frozen=True)
class Filter:
    """What a filter is called, which of the read model's it sets, how its text is read (or refused) and how it is said."""

    label: Text
    key: str
    read: Callable[[str], Any]
    said: Callable[[str, Names], Text] = plainly


@dataclass(frozen=True)
class Asked:
    """What a URL asks for: its text by parameter, what was made of it, what could not be read."""

    typed: Mapping[str, str]
    filters: Any
    errors: Mapping[str, Text]
    known: Mapping[str, Filter]

    def chips(self, names: Names) -> Iterator[tuple[str, Text, Text]]:
        """(parameter, what it is called, the value in words) for every filter in force."""
        for name, text in self.typed.items():
            if name not in self.errors:
                yield name, self.known[name].label, self.known[name].said(text, names)


def asked(params: Mapping[str, str], known: Mapping[str, Filter], make: Callable[..., Any]) -> Asked:
    """Read the filters among the parameters of a URL; `make` takes what was read."""
    typed = {name: params[name].strip() for name in known if params.get(name, "").strip()}
    found: dict[str, Any] = {}
    errors: dict[str, Text] = {}
    for name, text in typed.items():
        try:
            found[known[name].key] = known[name].read(text)
        except Refused as refusal:
            errors[name] = refusal.text
        except ValueError:
            errors[name] = UNREADABLE
    return Asked(typed, make(**found), errors, known)


# ── how texts are read and said ─────────────────────────────────────────────────────────────────────────────────────


def search(text: str) -> str:
    """Part of a name. Raises ValueError for what cannot be looked for."""
    if "\0" in text:
        raise ValueError(text)
    return text[:SEARCH_AT_MOST]


def fen(text: str) -> int:
    """An amount as typed; a bare number is in 万元, as in every office's own lists."""
    return parse_amount(text, unit="万元").fen


def year_of(text: str) -> int:
    """A calendar year. Raises ValueError for what is none of this century."""
    if not text.isascii() or not text.isdecimal() or not 2000 <= int(text[:5]) <= 2100:  # noqa: PLR2004
        raise ValueError(text)
    return int(text)


def yes(label: Text, key: str, meant: Callable[[], Any] = lambda: True) -> Filter:
    """A filter that is in force or not; `meant` says what the read model wants of it."""
    return Filter(label, key, lambda _text: meant(), lambda _text, _names: YES)


def word(label: Text, key: str, kind: Any, take: Callable[[Any], Any] = str) -> Filter:
    """A filter by a word of the field; `take` is what the read model wants of it."""
    return Filter(label, key, lambda text: take(kind(text)), lambda text, _names: kind(text).text)


def named(label: Text, key: str) -> Filter:
    """A filter by somebody or something that has a name."""
    return Filter(label, key, UUID, _name)


def somebody(label: Text, key: str, viewer: UUID) -> Filter:
    """The same for a person, who may be whoever looks."""
    return Filter(label, key, lambda text: viewer if text == ME else UUID(text), _me_or_name)


def _me_or_name(text: str, names: Names) -> Text:
    return Text("我", "me") if text == ME else _name(text, names)


def _name(text: str, names: Names) -> Text:
    plain = names.of(UUID(text))
    return Text(plain, plain) if plain else Text("未知", "unknown")


def terms(words: Iterable[Any]) -> list[Choice]:
    """What a filter by a word offers."""
    return [Choice(word.value, word.text) for word in words]


# ── the list itself ─────────────────────────────────────────────────────────────────────────────────────────────────


def listing(
    request: Request, route: str, wanted: Asked, sorts: Mapping[str, Text], found: Page[Any], names: Names,
    kept: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """What the template of a list needs beside its totals and choices; `kept`: other parameters every link keeps."""
    sort, carried = sort_of(request, sorts), {name: request.query_params.get(name, "") for name in kept}
    return {
        "asked": wanted,
        "chips": list(wanted.chips(names)),
        "names": names,
        "rows": found.rows,
        "following": found.next,
        "previous": found.previous,
        "sort": sort,
        "sorts": sorts,
        "route": route,
        "carried": carried,
        "link": partial(_link, request, route, {**wanted.typed, **carried}, "" if sort == next(iter(sorts)) else sort),
    }


def page_of(
    conn: Connection[Any], request: Request, found_in: IntervalList[Row], filters: Mapping[str, Any], point: Point,
    sorts: Mapping[str, Any], limit: int = 50,
) -> Page[Row]:  # fmt: skip
    """The page of a list that the address asks for; its first where nobody gave out such a cursor."""
    sort = sort_of(request, sorts)
    after, before = (request.query_params.get(name) or None for name in ("after", "before"))
    try:
        return found_in.page(conn, filters, point, sort=sort, after=after, before=before, limit=limit)
    except BadCursor:
        return found_in.page(conn, filters, point, sort=sort, limit=limit)


def sort_of(request: Request, sorts: Mapping[str, Any]) -> str:
    """The order asked for; the usual one where it is unknown."""
    sort = request.query_params.get("sort", "")
    return sort if sort in sorts else next(iter(sorts))


def _link(request: Request, route: str, typed: Mapping[str, str], sort: str, /, *without: str, **changes: str) -> str:
    """The list with some of its filters changed or taken away; never with the page one was on."""
    kept = {name: text for name, text in typed.items() if name not in without}
    return url_for(request, route, **{**kept, "sort": sort, **changes})
