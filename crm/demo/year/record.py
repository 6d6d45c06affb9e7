"""One record of the year as its commands are told: each by whoever made it, in the order in which they were entered."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from crm.command import By
from crm.demo.cast import Member, identity
from crm.demo.telling import Told, decide
from domain.base import Aggregate, Form

SATURDAY = 6


def told_year(today: date) -> int:
    """The year that is told: the last one that is over."""
    return today.year - 1


def workday(day: date) -> date:
    """That day, or the Monday after it; the last days of a year go back, so that they stay in it."""
    off = day.isoweekday() - SATURDAY + 1
    if off <= 0:
        return day
    after = day + timedelta(days=3 - off)
    return after if after.year == day.year else day - timedelta(days=off)


def spread(first: date, last: date, number: int) -> Iterator[date]:
    """So many working days from the first to the last, evenly."""
    span = (last - first).days
    return (workday(first + timedelta(days=span * n // max(number - 1, 1))) for n in range(number))


class Record:
    """An aggregate and what was entered of it; `what` names it among its kind."""

    def __init__(self, kind: type[Aggregate], *what: object) -> None:
        self._what = (kind.NAME, *what)
        self._record = kind(record_id(kind, *what))
        self._steps = 0
        self._entered = date.min

    @property
    def id(self) -> UUID:
        return self._record.id

    @property
    def since(self) -> date:
        """The day on which the last thing was entered."""
        return self._entered

    def tell(self, member: Member, form: Form, entered: date | None = None) -> Told:
        """What `member` enters: on the day it happened, where no other is given. Raises Refused as pages would be."""
        decide(self._record, form)
        events = tuple(self._record.collect_events())
        self._entered = max(self._entered, entered or events[-1].occurred_on)
        self._steps += 1
        by = By(member.id, member.role, identity("year", "command", *self._what, self._steps))
        return Told(self._entered, by, type(self._record), self.id, form, events)


def record_id(kind: type[Aggregate], *what: object) -> UUID:
    """The id of that record of the year, the same at every run."""
    return identity("year", kind.NAME, *what)
