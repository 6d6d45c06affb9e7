"""Fills a district with the demo, as its offices would have entered it day by day; what was cut short, the next run finishes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import Final, NamedTuple

from crm import clock
from crm.application import CRM
from crm.database import connect
from crm.demo import dispatch
from crm.demo.opening import FIRST, FOUNDED, opening
from crm.demo.telling import Told, leads
from crm.loading import Entry, Foreign, Loader
from crm.store import Mapper
from domain.base import Refused

SEED: Final = 20230926
STEP: Final = 500

OPENS, CLOSES = time(8, 30), time(17, 30)
OVERTIME_SHARE: Final = 0.04

Progress = Callable[[int, int], None]
"""(steps done, steps in all): each lead is told, and then stored."""


class Filled(NamedTuple):
    """`fresh`: whether this run filled anything in; `foreign`: another version of the product had begun it."""

    leads: int
    fresh: bool
    foreign: bool = False


class NotEmpty(Refused):
    """The district has events of its own: nothing invented is mixed into it."""

    def __init__(self) -> None:
        super().__init__(
            "demo.not_empty",
            "这个区里已有真实数据，演示数据不会混入；请用 --data-dir 或 CRM_SCHEMA 另指一处。",
            "This district has data of its own, and nothing invented is mixed in: choose another --data-dir or CRM_SCHEMA.",
        )


def fill(crm: CRM, url: str, number: int, progress: Progress, catch_up: Callable[[], None] | None = None) -> Filled:
    """Have the demo's cast and at least `number` leads in the district; `url` is the account's. Raises NotEmpty.

    With `catch_up`, which brings the read models up to date, meetings are pinned on their days too.
    """
    today = _begun_on(crm) or clock.today()
    if _is_complete(crm, number, today):
        return Filled(number, fresh=False)
    with closing(Loader(partial(connect, url, crm.schema))) as loader:
        try:
            loader.take(_entries(crm, list(opening(today)), today))
            for first in range(0, number, STEP):
                numbers = range(first, min(first + STEP, number))
                loader.take(_entries(crm, list(leads(SEED, numbers, today)), today))
                progress(numbers.stop, 2 * number)
        except Foreign:
            return Filled(number, fresh=False, foreign=True)
        if catch_up:
            _meet(crm, loader, today, catch_up)
        loader.store(lambda done, total: progress(number + number * done // total, 2 * number))
    return Filled(number, fresh=True)


def _meet(crm: CRM, loader: Loader, today: date, catch_up: Callable[[], None]) -> None:
    for day in _meetings(crm, today):
        loader.store(lambda _done, _total: None, dispatch.moment(day))
        catch_up()
        loader.take([dispatch.pinned(crm, day)])


def _meetings(crm: CRM, today: date) -> list[date]:
    """The days of meetings that are not pinned yet."""
    days = {dispatch.command(day).command: day for day in dispatch.days(today)}
    with crm.pool.connection() as conn:
        known = {one for (one,) in conn.execute("SELECT id FROM command WHERE id = ANY (%s)", (list(days),)).fetchall()}
    return [day for command, day in days.items() if command not in known]


def _begun_on(crm: CRM) -> date | None:
    """The day on which filling began: by it all other days are told. Raises NotEmpty."""
    with crm.pool.connection() as conn:
        row = conn.execute(
            "SELECT e.occurred_on FROM command c JOIN event e ON e.position = c.first WHERE c.id = %s", (FIRST,)
        ).fetchone()
    if row is None and crm.position():
        raise NotEmpty
    return row[0] + FOUNDED if row else None


def _is_complete(crm: CRM, number: int, today: date) -> bool:
    """Whether all that is told of the leads of that number is there; of the last of each step is enough to ask."""
    numbers = {*range(STEP - 1, number, STEP), number - 1}
    asked = [told.by.command for told in leads(SEED, sorted(numbers), today)]
    with crm.pool.connection() as conn:
        (known,) = conn.execute("SELECT count(*) FROM command WHERE id = ANY (%s)", (asked,)).fetchone() or (0,)
    return bool(known == len(asked))


def _entries(crm: CRM, told: list[Told], today: date) -> Iterator[Entry]:
    """What is told, sealed, each with the moment at which somebody may have entered it."""
    mapper = Mapper(crm.keys)
    rows = iter(mapper.rows([event for one in told for event in one.events]))
    for one, moment in zip(told, _moments(told, today), strict=True):
        yield Entry(moment, one.by, crm.request(one.kind, one.id, one.form), list(islice(rows, len(one.events))))


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
