"""How much each person recorded on each day, and which of it came in bulk: many within one minute of the clock."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from domain.lead.lead import Lead
from projections.activity import CORRECTIONS, LATE_DAYS, MANY, OFFICE_CLOSES, OFFICE_OPENS, q
from projections.batch import Batch
from projections.stored import Recorded
from projections.target import Target

SHANGHAI = timezone(timedelta(hours=8))
SATURDAY = 5


def outside(local: datetime) -> bool:
    """Whether a moment on the Shanghai clock lies outside office hours."""
    return local.weekday() >= SATURDAY or not OFFICE_OPENS <= local.time() < OFFICE_CLOSES


def late(local: datetime, row: Recorded) -> int:
    """How many days after it happened the event was entered."""
    return (local.date() - row.occurred_on).days


class Day:
    """One person's day so far, one event after the other: the row of `activity_day`."""

    __slots__ = ("bulk", "corrections", "events", "few", "first_at", "in_minute", "key", "last_at", "late", "leads",
                 "minute", "outside")  # fmt: skip

    def __init__(self, key: tuple[UUID, date], at: datetime) -> None:
        self.key = key
        self.events = self.leads = self.corrections = self.late = self.outside = self.bulk = self.in_minute = 0
        self.first_at = self.last_at = at
        self.minute = at.replace(second=0, microsecond=0)
        self.few: list[int] = []

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "Day":
        day = cls((row[0], row[1]), row[8])
        day.events, day.leads, day.corrections, day.late, day.outside, day.bulk = row[2:8]
        day.last_at, day.minute, day.in_minute, day.few = row[9:13]
        return day

    def row(self) -> tuple[Any, ...]:
        return (
            *self.key, self.events, self.leads, self.corrections, self.late, self.outside, self.bulk, self.first_at,
            self.last_at, self.minute, self.in_minute, self.few,
        )  # fmt: skip

    def take(self, row: Recorded, local: datetime) -> list[int]:
        """Count one more event; the positions that are found to be bulk with it, its own or those before it."""
        self.events += 1
        self.leads += row.version == 1 and row.topic.startswith(_LEAD)
        self.corrections += row.topic in CORRECTIONS
        self.late += late(local, row) > LATE_DAYS
        self.outside += outside(local)
        self.last_at = row.recorded_at
        found = self._pace(row)
        self.bulk += len(found)
        return found

    def _pace(self, row: Recorded) -> list[int]:
        if row.origin is not None:
            return [row.position]
        minute = row.recorded_at.replace(second=0, microsecond=0)
        if minute != self.minute:
            self.minute, self.in_minute, self.few = minute, 0, []
        self.in_minute += 1
        self.few = [*self.few, row.position]
        if self.in_minute < MANY:
            return []
        found, self.few = self.few, []
        return found


_LEAD = f"{Lead.NAME}."


def take(target: Target, batch: Batch) -> set[int]:
    """Count the batch's events; the positions among them that are bulk. Those of earlier batches are marked in place."""
    local = [(row, row.recorded_at.astimezone(SHANGHAI)) for row in batch.rows]
    days = _known(target, {(row.actor, at.date()) for row, at in local})
    many: set[int] = set()
    for row, at in local:
        key = (row.actor, at.date())
        day = days.get(key) or days.setdefault(key, Day(key, row.recorded_at))
        many.update(day.take(row, at))
    earlier = [position for position in many if position <= batch.after]
    if earlier:
        target.run(q["many"], {"positions": sorted(earlier)})
    target.put("activity_day", (day.row() for day in days.values()))
    return many


def _known(target: Target, keys: Iterable[tuple[UUID, date]]) -> dict[tuple[UUID, date], Day]:
    people, dates = zip(*keys, strict=True)
    rows = target.rows(q["known_days"], {"actors": list(people), "days": list(dates)})
    return {(row[0], row[1]): Day.of(row) for row in rows}
