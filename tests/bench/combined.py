"""Filters as they come together by chance, on a past day and as known then: lists and funnels, none may take long."""

from collections.abc import Callable
from functools import partial
from random import Random

from domain.channel import ChannelKind
from domain.funnel import Stage
from tests.bench.browser import Browser
from tests.bench.district import District
from tests.bench.measure import Figure, alone, percentile, within
from tests.bench.pages import LONG_AGO, Ask, asked_by_turns, today
from web.pages.funnel_question import GROUPS

NAME = "any filters × both clocks, p95 of {}"
SEED = 20230926
DRAWN = 12
FEWER = 4
"""Each is asked so many times less often than a page: there are many."""
FUNNELS, LISTS = "funnels", "lists"
TARGET = within(300, "ms")
_OF_FUNNELS = {
    "kind": [str(kind) for kind in ChannelKind], "country": ["CN", "DE", "HK"], "industry": ["C", "I", "G", "M"],
    "region": ["北京市", "吉林省", "广东省"],
}  # fmt: skip
_OF_LISTS = {
    "stage": [str(stage) for stage in Stage], "status": ["open", "lost", "on_hold"], "kind": _OF_FUNNELS["kind"],
    "industry": _OF_FUNNELS["industry"], "country": _OF_FUNNELS["country"], "q": ["有限公司", "长春", "长", "查无此名"],
    "amount_from": ["5000", "20000"], "overdue": ["1"], "sort": ["company", "amount", "registered"],
}  # fmt: skip


def measured(district: District, browser: Browser) -> list[Figure]:
    """The slowest of all that are drawn decides: of each its own p95, and of these the largest."""
    chance = Random(SEED)  # noqa: S311  it draws conditions, it keeps no secret
    return [_slowest(district, browser, FUNNELS, _funnel, chance), _slowest(district, browser, LISTS, _list, chance)]


def _slowest(district: District, browser: Browser, name: str, draw: Callable[[Random], str], chance: Random) -> Figure:
    asks = _asks(browser, [draw(chance) for _ in range(DRAWN)])
    rounds = asked_by_turns(asks, district.rounds, max(1, district.effort // FEWER))
    worst = [max(percentile(each, 0.95) for each in taken.values()) for taken in rounds]
    return alone(NAME.format(name), "ms", worst, TARGET)


def _asks(browser: Browser, paths: list[str]) -> dict[str, Ask]:
    return {path: partial(browser.get, path) for path in paths}


def _funnel(chance: Random) -> str:
    as_at, known_at = (today() - LONG_AGO * chance.random() * 2 for _ in range(2))
    clocks = [f"as_at={as_at}", f"known_at={max(as_at, known_at)}"]
    return "/funnel?" + "&".join([*clocks, f"group_by={chance.choice(list(GROUPS))}", *_drawn(chance, _OF_FUNNELS)])


def _list(chance: Random) -> str:
    return "/leads?" + "&".join(_drawn(chance, _OF_LISTS))


def _drawn(chance: Random, conditions: dict[str, list[str]]) -> list[str]:
    names = chance.sample(list(conditions), chance.randint(1, min(4, len(conditions))))
    return [f"{name}={chance.choice(conditions[name])}" for name in names]
