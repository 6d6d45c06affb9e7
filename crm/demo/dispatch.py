"""The demo's half-monthly dispatch meetings, each pinned on its day to what was known that morning."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from crm import clock
from crm.application import CRM
from crm.command import By
from crm.demo.cast import MEMBERS, identity
from crm.loading import Entry
from crm.meetings import rests_on
from crm.store import Mapper
from domain.meeting import Meeting, PinMeeting

MEETINGS = 3
AT = time(9, 0)
HALVES = (1, 16)


def days(today: date) -> list[date]:
    """The last meetings before `today`: on the 1st and the 16th of a month."""
    return sorted(_backwards(today))


def moment(day: date) -> datetime:
    """When the meeting of that day was pinned."""
    return datetime.combine(day, AT, clock.SHANGHAI)


def command(day: date) -> By:
    manager = MEMBERS["manager"]
    return By(manager.id, manager.role, identity("command", "meeting", day.isoformat()))


def pinned(crm: CRM, day: date) -> Entry:
    """The meeting of that day on what is known now; the read models must have come that far. Raises Refused."""
    form = PinMeeting(name=_name(day), as_at=day - timedelta(days=1), occurred_on=day)
    made = Meeting(identity("meeting", day.isoformat()))
    made.pin(form, rests_on(crm.pool, form, crm.position()))
    mapper = Mapper(crm.keys)
    rows = [mapper.to_stored_event(event) for event in made.collect_events()]
    return Entry(moment(day), command(day), crm.request(Meeting, None, form), rows)


def _backwards(today: date) -> Iterator[date]:
    found, day = 0, today - timedelta(days=1)
    while found < MEETINGS:
        if day.day in HALVES:
            found += 1
            yield day
        day -= timedelta(days=1)


def _name(day: date) -> str:
    """After the half month that has just ended."""
    ended = day - timedelta(days=1)
    return f"{ended.year}年{ended.month}月{'上' if day.day > 1 else '下'}半月调度会"
