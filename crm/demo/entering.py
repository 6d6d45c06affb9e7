"""What is told, sealed and dated as somebody may have entered it; of many leads by as many processes as there are cores."""

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from multiprocessing import get_context
from random import Random
from typing import Final

from crm import clock
from crm.application import CRM
from crm.demo.telling import Told
from crm.loading import Entry
from crm.settings import Settings
from crm.store import Mapper
from projections.parent import end_at_once, when_gone

OPENS, CLOSES = time(8, 30), time(17, 30)
OVERTIME_SHARE: Final = 0.04
ALONE: Final = 3
"""Steps that are told sooner than other processes have started."""
AHEAD: Final = 3
"""Steps that each process may be ahead of whoever stores them."""

MADE_BETWEEN: Final = 100_000
"""Objects made between two searches for garbage: lives leave hardly any, and looking for it was a fifth of the telling."""

Tell = Callable[[range], Iterable[Told]]
"""The lives of the leads of those numbers; a partial of a function that another process can find by its name."""


def entered(crm: CRM, url: str, steps: Sequence[range], tell: Tell, today: date) -> Generator[list[Entry], None, None]:
    """The entries of every step, in order. Close it, and nothing goes on being told."""
    if len(steps) <= ALONE:
        yield from (entries(crm, list(tell(step)), today) for step in steps)
        return
    cores = os.cpu_count() or 1
    begin = (crm.settings, url, tell, today)
    pool = ProcessPoolExecutor(cores, get_context("spawn"), _Teller.begin, begin)  # a fork would share our connections
    try:
        yield from _in_turn(pool, steps, AHEAD * cores)
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def rarely_swept() -> Iterator[None]:
    """Have Python look for garbage seldom, for as long as one is inside."""
    before = gc.get_threshold()
    gc.set_threshold(MADE_BETWEEN)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _in_turn(pool: ProcessPoolExecutor, steps: Iterable[range], ahead: int) -> Iterator[list[Entry]]:
    running: deque[Future[list[Entry]]] = deque()
    for step in steps:
        running.append(pool.submit(_Teller.step, step))
        if len(running) > ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


class _Teller:
    """What a process that tells keeps from one step to the next."""

    crm: CRM
    tell: Tell
    today: date

    @classmethod
    def begin(cls, settings: Settings, url: str, tell: Tell, today: date) -> None:
        when_gone(end_at_once)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked is interrupted, and shuts us down
        cls.crm, cls.tell, cls.today = CRM(settings, url), staticmethod(tell), today

    @classmethod
    def step(cls, numbers: range) -> list[Entry]:
        with rarely_swept():
            return entries(cls.crm, list(cls.tell(numbers)), cls.today)


def entries(crm: CRM, told: list[Told], today: date) -> list[Entry]:
    """What is told, sealed, each with the moment at which somebody may have entered it."""
    rows = iter(Mapper(crm.keys).rows([event for one in told for event in one.events]))
    return [
        Entry(moment, one.by, crm.request(one.kind, one.id, one.form), list(islice(rows, len(one.events))))
        for one, moment in zip(told, _moments(told, today), strict=True)
    ]


def _moments(told: Iterable[Told], today: date) -> Iterator[datetime]:
    """When each was entered: in office hours, some after; nothing before what the same life told earlier."""
    latest = datetime.min.replace(tzinfo=clock.SHANGHAI)
    day = date.min
    for one in told:
        moment = _moment(one, today)
        if one.entered < day:  # the next life begins
            latest = moment
        day = one.entered
        latest = max(latest, moment)
        yield latest


def _moment(one: Told, today: date) -> datetime:
    chance = Random(one.by.command.int)  # noqa: S311  it invents, it keeps no secret
    opens, closes = (datetime.combine(one.entered, hour, clock.SHANGHAI) for hour in (OPENS, CLOSES))
    if one.entered == today:
        closes = min(closes, clock.now())  # filled in at night, too: then it was entered since midnight
        opens = opens if opens < closes else datetime.combine(today, time(), clock.SHANGHAI)
    elif chance.random() < OVERTIME_SHARE:
        opens, closes = closes, closes + timedelta(hours=5)
    return opens + (closes - opens) * chance.random()
