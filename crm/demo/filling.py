"""Fills a district with the demo through the application's own door, once; what was cut short is finished by the next run."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from crm import clock
from crm.application import CRM
from crm.bulk import Command
from crm.command import CommandReused
from crm.demo.opening import FIRST, opening
from crm.demo.telling import Told, leads
from domain.base import Refused

SEED = 20230926
CHUNK = 1000  # leads whose entries are mixed by day; what is held in memory at once
STEP = 500

Progress = Callable[[int, int], None]
"""(leads filled in, leads in all)"""


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


def fill(crm: CRM, number: int, progress: Progress) -> Filled:
    """Have the demo's cast and at least `number` leads in the district. Raises NotEmpty."""
    today = _begun_on(crm) or clock.today()
    if _is_complete(crm, number, today):
        return Filled(number, fresh=False)
    if not _store(crm, list(opening(today))):
        return Filled(number, fresh=False, foreign=True)
    progress(0, number)
    for chunk in _chunks(number):
        told = _as_entered(chunk, today)
        for done, step in _steps(told):
            if not _store(crm, step):
                return Filled(number, fresh=False, foreign=True)
            progress(chunk.start + len(chunk) * done // len(told), number)
    return Filled(number, fresh=True)


def _begun_on(crm: CRM) -> date | None:
    """The day on which filling began: by it all other days are told. Raises NotEmpty."""
    with crm.pool.connection() as conn:
        row = conn.execute(
            "SELECT e.position, (e.recorded_at AT TIME ZONE 'Asia/Shanghai')::date FROM command c"
            " JOIN event e ON e.position = c.first WHERE c.id = %s",
            (FIRST,),
        ).fetchone()
    if row is None and crm.position():
        raise NotEmpty
    return row[1] if row else None


def _is_complete(crm: CRM, number: int, today: date) -> bool:
    """Whether the last entry of a district of that size is there."""
    last = _as_entered(list(_chunks(number))[-1], today)[-1]
    with crm.pool.connection() as conn:
        return conn.execute("SELECT 1 FROM command WHERE id = %s", (last.by.command,)).fetchone() is not None


def _chunks(number: int) -> Iterator[range]:
    return (range(first, min(first + CHUNK, number)) for first in range(0, number, CHUNK))


def _as_entered(numbers: Iterable[int], today: date) -> list[Told]:
    """The entries of many leads as offices make them: day by day, one lead's among the others'."""
    return sorted(leads(SEED, numbers, today), key=lambda told: told.entered)


def _steps(told: Sequence[Told]) -> Iterator[tuple[int, list[Told]]]:
    rest, done = iter(told), 0
    while step := list(islice(rest, STEP)):
        done += len(step)
        yield done, step


def _store(crm: CRM, told: Sequence[Told]) -> bool:
    """Store decided commands; False when another version of the product had told them differently."""
    commands = [Command(t.by, t.events, crm.request(t.kind, t.id, t.form)) for t in told]
    for answer in crm.bulk(commands):
        if isinstance(answer, Refused):
            if answer.text == CommandReused.text:
                return False
            raise answer
    return True
