"""How much each person recorded on each day, and which of it came in bulk: many within one minute of the clock."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import UUID

from domain.lead.lead import Lead
from projections.activity import CORRECTIONS, LATE_DAYS, MANY, OFFICE_CLOSES, OFFICE_OPENS, q
from projections.batch import Batch
from projections.stored import Recorded
from projections.target import Target

SHANGHAI = timezone(timedelta(hours=8))
SATURDAY = 5
MINUTE = timedelta(minutes=1)


def outside(local: datetime) -> bool:
    """Whether a moment on the Shanghai clock lies outside office hours."""
    return local.weekday() >= SATURDAY or not OFFICE_OPENS <= local.time() < OFFICE_CLOSES


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

    def take(self, row: Recorded, sign: "Sign") -> list[int]:
        """Count one more event; the positions that are found to be bulk with it, its own or those before it."""
        self.events += 1
        self.leads += row.version == 1 and row.topic.startswith(_LEAD)
        self.corrections += row.topic in CORRECTIONS
        self.late += sign.late > LATE_DAYS
        self.outside += sign.outside
        self.last_at = row.recorded_at
        found = self._pace(row)
        self.bulk += len(found)
        return found

    def _pace(self, row: Recorded) -> list[int]:
        if row.origin is not None:
            return [row.position]
        if row.recorded_at - self.minute >= MINUTE:  # it never goes back
            self.minute, self.in_minute, self.few = row.recorded_at.replace(second=0, microsecond=0), 0, []
        self.in_minute += 1
        if self.in_minute < MANY:
            self.few.append(row.position)
            return []
        found, self.few = [*self.few, row.position], []
        return found


_LEAD = f"{Lead.NAME}."


class Sign(NamedTuple):
    """What an event's entry shows by itself: its day in Shanghai, how many days late, whether outside office hours."""

    day: date
    late: int
    outside: bool


def sign_of(row: Recorded) -> Sign:
    local = row.recorded_at.astimezone(SHANGHAI)
    day = local.date()
    return Sign(day, (day - row.occurred_on).days, outside(local))


def take(target: Target, batch: Batch, signs: Sequence[Sign]) -> set[int]:
    """Count the batch's events; the positions among them that are bulk. Those of earlier batches are marked in place."""
    keys = [(row.actor, sign.day) for row, sign in zip(batch.rows, signs, strict=True)]
    days = _known(target, set(keys))
    many: set[int] = set()
    for row, sign, key in zip(batch.rows, signs, keys, strict=True):
        day = days.get(key) or days.setdefault(key, Day(key, row.recorded_at))
        many.update(day.take(row, sign))
    earlier = [position for position in many if position <= batch.after]
    if earlier:
        target.run(q["many"], {"positions": sorted(earlier)})
    target.put("activity_day", (day.row() for day in days.values()))
    return many


def _known(target: Target, keys: Iterable[tuple[UUID, date]]) -> dict[tuple[UUID, date], Day]:
    people, dates = zip(*keys, strict=True)
    rows = target.rows(q["known_days"], {"actors": list(people), "days": list(dates)})
    return {(row[0], row[1]): Day.of(row) for row in rows}
