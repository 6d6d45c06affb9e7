"""What people ask of the pages that list, count and search: every filter, order, name and view, and filters together."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import combinations, pairwise
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from psycopg import Connection

from projections.agenda import KINDS
from projections.leads import SORTS

NAMES: Final = ("有限公司", "长春", "长", "ccyq", "智沃沃", "查无此名")
"""In nearly every name; in many; one character; initials; rare; in none."""
_ONE: Final = {
    "stage": "SELECT stage FROM lead WHERE stage IS NOT NULL",
    "status": "SELECT status FROM lead",
    "kind": "SELECT c.kind FROM channel c JOIN lead l ON l.channel = c.id",
    "channel": "SELECT channel FROM lead",
    "occasion": "SELECT occasion FROM lead WHERE occasion IS NOT NULL",
    "owner": "SELECT owner FROM lead WHERE owner IS NOT NULL",
    "industry": "SELECT industry FROM lead",
    "country": "SELECT country FROM lead",
}
_FIXED: Final = {
    "amount_from": "5000", "amount_to": "20000", "registered_from": "2026-01-05", "registered_to": "2025-06-30",
    "overdue": "1",
}  # fmt: skip
_TOLD: Final = """
SELECT l.id FROM activity a JOIN lead l ON l.id = a.stream
WHERE a.version = 1 AND l.version > 1 AND l.stage IS NOT NULL ORDER BY a.position LIMIT 1
"""
"""A lead that was told, not a copy made to have many."""
_OF_BOARD: Final = ("kind", "channel", "owner", "industry")


def leads(conn: Connection[Any]) -> Iterator[str]:
    """Lists and their search, as pages; the API asks the same."""
    filters = {name: _common(conn, query) for name, query in _ONE.items()} | _FIXED
    single = [{}, *({name: value} for name, value in filters.items()), *({"q": name} for name in NAMES)]
    for sort in SORTS:
        yield from (_address("/leads", {**one, "sort": sort}) for one in single)
    around = [*filters.items(), ("q", NAMES[1])]
    for place, (name, value) in enumerate(around):
        for other, more in (around[place - 1], around[place - 3]):
            yield _address("/leads", {name: value, other: more})
    yield from (f"/api/v1{path}" for path in ("/leads", "/leads/duplicates?company=长春智沃沃科技有限公司", "/board"))


def boards(conn: Connection[Any]) -> Iterator[str]:
    filters = {name: _common(conn, _ONE[name]) for name in _OF_BOARD}
    for one in ({}, *({name: value} for name, value in filters.items()), *({"q": name} for name in NAMES)):
        yield _address("/board", one)
        yield _address("/board/negotiating/cards", one)
    for (name, value), (other, more) in combinations([*filters.items(), ("q", NAMES[1])], 2):
        yield _address("/board", {name: value, other: more})


def days(conn: Connection[Any]) -> Iterator[str]:
    """What is to be done: whose, and of which kind."""
    person, channel = (_common(conn, _ONE[name]) for name in ("owner", "channel"))
    for view in ("mine", "channels", "district"):
        for narrowed in ({}, {"person": person}, {"channel": channel}, {"person": person, "channel": channel}):
            yield _address("/", {"view": view, **narrowed})
            yield from (_address("/", {"view": view, "kind": kind, **narrowed}) for kind in KINDS)
        yield _address("/", {"view": view, "kind": "report", "due": "overdue"})
    yield "/api/v1/agenda"


def audits(conn: Connection[Any]) -> Iterator[str]:
    """The explorer with every condition, and with every two; the log of readings."""
    event = conn.execute("SELECT actor, stream, channel FROM activity WHERE channel IS NOT NULL LIMIT 1").fetchone()
    actor, stream, channel = map(str, event or ())
    asked = {
        "actor": actor, "role": "manager", "type": "lead.contacted", "lead": stream, "channel": channel,
        "origin": str(UUID(int=1)), "recorded_from": "2026-01-05", "recorded_to": "2026-03-01T12:00",
        "occurred_from": "2026-01-05", "occurred_to": "2026-03-01", "late": "30", "corrections": "1", "outside": "1",
        "bulk": "1", "q": NAMES[1],
    }  # fmt: skip
    yield "/audit"
    yield from (_address("/audit", {name: value}) for name, value in asked.items())
    yield from (_address("/audit", dict(pair)) for pair in combinations(asked.items(), 2))
    yield from (f"/audit?{more}" for more in ("type=person", "type=lead", "role=staff", "late=3", "late=7"))
    yield from ("/audit/people", "/audit/readings", f"/audit/readings?person={actor}")
    yield from ("/audit/readings?kind=page", "/audit/readings?kind=file&from=2026-01-05&to=2026-02-01")


def others(conn: Connection[Any]) -> Iterator[str]:
    """Where one record is shown, or all there is of something small."""
    (lead,) = conn.execute(_TOLD).fetchone() or ("",)
    channel = _common(conn, _ONE["channel"])
    yield from (f"/leads/{lead}{part}" for part in ("", "/history", "/history?version=2"))
    yield from ("/reports/year", "/api/v1/reports/year")
    yield from (
        "/channels",
        f"/channels/{channel}",
        "/imports",
        "/imports/new",
        "/imports/new?of=projects",
        "/leads/new",
    )
    yield from (f"/api/v1{path}" for path in (f"/leads/{lead}", f"/leads/{lead}/history", "/channels", "/people"))


def of_list(path: str, page: str, *, searched: bool) -> Iterator[str]:
    """Everything that the filters on a list of records offer: each of them alone, each order, every two neighbours, a past day.

    `searched`: whether names are looked up by their signs. Where there are some thousands they are looked through.
    """
    form = re.search(r'<form class="filters".*?</form>', page, re.DOTALL)
    fields = {name: values for name, values in _fields(form[0] if form else "") if searched or name != "q"}
    given = [{name: value} for name, values in fields.items() for value in values[: 1 if name != "sort" else None]]
    yield from (_address(path, one) for one in ({}, *given))
    yield from (_address(path, one | other) for one, other in pairwise(given))
    yield from (_address(path, {**one, "as_at": "2026-01-05"}) for one in ({}, *given[:3]))


def _fields(form: str) -> Iterator[tuple[str, list[str]]]:
    """The names of what can be filled in, each with what it takes."""
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        yield name, [unescape(value) for value in re.findall(r'<option value="([^"]+)"', options)]
    for field in re.findall(r"<input [^>]*>", form):
        name, kind = (re.search(rf'{one}="(\w+)"', field) for one in ("name", "type"))
        if name and (kind is None or kind[1] != "hidden"):
            yield name[1], [_TYPED.get(kind[1] if kind else "", "5000")]


_TYPED: Final = {"date": "2026-01-05", "checkbox": "1", "search": NAMES[1]}


def _common(conn: Connection[Any], query: str) -> str:
    """The value that most leads have."""
    row = conn.execute(
        f"SELECT one FROM ({query}) AS x (one) GROUP BY one ORDER BY count(*) DESC, one LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else ""


def _address(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path
