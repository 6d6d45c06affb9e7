"""Eight people at once: nine readings to one stage update each, beside eight visitors of the bare page."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from threading import Barrier
from typing import NamedTuple

from domain.funnel import Stage
from tests.bench.browser import Browser
from tests.bench.district import District
from tests.bench.measure import Figure, alone, at_least, within
from tests.bench.pages import Ask, Served, updates, worked_on

NAME = "8 clients, 9 readings to 1 update"
FLOOR = "the bare page under 8 clients"
ERRORS = "8 clients, requests that failed"
CLIENTS = 8
READ = ("/leads", "/leads?stage=negotiating&status=open", "/board", "/leads?q=长春", "/funnel", "/", "/audit", "/channels",
        "/leads?sort=company")  # fmt: skip
SECONDS = 10.0


class Done(NamedTuple):
    requests: int
    failed: int
    seconds: float


def measured(district: District, there: Served, login: tuple[str, str]) -> list[Figure]:
    """Requests a second, and how many failed of all."""
    people = [Browser(there.ours.port) for _ in range(CLIENTS)]
    seconds = min(SECONDS, district.effort / 8)
    for one in people:
        one.log_in(*login)
    leads = worked_on(district, Stage.CONTACTED)
    ours = [_mixed(one, updates(one, leads[place::CLIENTS], "/leads/{id}", "main")) for place, one in enumerate(people)]
    bare = [cycle([partial(Browser(there.floor.port).get, "/")]) for _ in range(CLIENTS)]
    rounds = [(_at_once(bare, seconds), _at_once(ours, seconds)) for _ in range(district.rounds)]
    rates = [(floor.requests / floor.seconds, mine.requests / mine.seconds) for floor, mine in rounds]
    return [
        Figure(NAME, FLOOR, "/s", rates, at_least(0.25)),
        alone(ERRORS, "of all", [mine.failed for _, mine in rounds], within(0, "of all")),
    ]


def _mixed(browser: Browser, update: Ask) -> Iterator[Ask]:
    return cycle([*(partial(browser.get, path) for path in READ), update])


def _at_once(every: Sequence[Iterator[Ask]], seconds: float) -> Done:
    ready = Barrier(len(every))
    with ThreadPoolExecutor(len(every)) as pool:
        found = list(pool.map(lambda asks: _worked(asks, ready.wait, seconds), every))
    return Done(sum(one.requests for one in found), sum(one.failed for one in found), max(one.seconds for one in found))


def _worked(asks: Iterator[Ask], begin: Callable[[], object], seconds: float) -> Done:
    begin()
    started, done, failed = time.perf_counter(), 0, 0
    while time.perf_counter() - started < seconds:
        try:
            next(asks)()
        except (RuntimeError, OSError):
            failed += 1
        done += 1
    return Done(done, failed, time.perf_counter() - started)
