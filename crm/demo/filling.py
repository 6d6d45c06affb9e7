"""Fills a district with the demo, as its offices would have entered it day by day; what was cut short, the next run finishes."""

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from functools import partial
from typing import Final, NamedTuple

from crm import clock
from crm.application import CRM
from crm.database import connect
from crm.demo import dispatch
from crm.demo.entering import entered, entries, rarely_swept
from crm.demo.opening import FIRST, FOUNDED, opening
from crm.demo.pace import DEMO, Pace
from crm.demo.telling import Told, leads
from crm.loading import Foreign, Loader
from domain.base import Refused

SEED: Final = 20230926
STEP: Final = 500

Progress = Callable[[int, int], None]
"""(steps done, steps in all): each lead is told, and then stored."""
Beside = Callable[[date], Iterable[Told]]
"""What is told beside the leads, of the day on which filling began."""


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


def nothing(_today: date) -> Iterable[Told]:
    """Leads alone are told."""
    return ()


def fill(
    crm: CRM, url: str, number: int, progress: Progress, catch_up: Callable[[], None] | None = None, pace: Pace = DEMO,
    beside: Beside = nothing,
) -> Filled:  # fmt: skip
    """Have the demo's cast and at least `number` leads in the district; `url` is the account's. Raises NotEmpty.

    With `catch_up`, which brings the read models up to date, meetings are pinned on their days too.
    """
    today = _begun_on(crm) or clock.today()
    more = list(beside(today))
    if _is_complete(crm, number, today, pace, more):
        return Filled(number, fresh=False)
    with rarely_swept(), closing(Loader(partial(connect, url, crm.schema))) as loader:
        try:
            loader.take(entries(crm, [*opening(today, pace), *more], today))
            steps = [range(first, min(first + STEP, number)) for first in range(0, number, STEP)]
            with closing(entered(crm, url, steps, partial(leads, SEED, today=today, pace=pace), today)) as told:
                for numbers, found in zip(steps, told, strict=True):
                    loader.take(found)
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


def _is_complete(crm: CRM, number: int, today: date, pace: Pace, more: Iterable[Told]) -> bool:
    """Whether all that is told of the leads of that number is there; of the last of each step is enough to ask."""
    numbers = {*range(STEP - 1, number, STEP), number - 1}
    asked = [told.by.command for told in (*leads(SEED, sorted(numbers), today, pace), *more)]
    with crm.pool.connection() as conn:
        (known,) = conn.execute("SELECT count(*) FROM command WHERE id = ANY (%s)", (asked,)).fetchone() or (0,)
    return bool(known == len(asked))
