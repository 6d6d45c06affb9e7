"""A lead at one of its events: as then known, or the day of that event as known today, and what had just changed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from crm.application import CRM
from domain.funnel import Standing
from domain.lead import Lead
from web.pages.facts import Change
from web.pages.lead_facts import Facts
from web.pages.story import Entry
from web.words import Words


class Moment(NamedTuple):
    """Where the lead stood, and what it rests on. `otherwise`: what is different by the other clock."""

    entry: Entry
    day: date
    standing: Standing
    changed: Mapping[str, Change]
    otherwise: Sequence[Change]
    position: int


class Stop(NamedTuple):
    """A stop of the slider: a version of the lead, and what it is called."""

    version: int
    label: str


def moment(crm: CRM, now: Lead, entries: Sequence[Entry], version: int, clock: str, facts: Facts) -> Moment:
    """The lead `now` as it stood at `version`, by the clock “then” or “today”."""
    entry = entries[version - 1]
    day = entry.moved.now if entry.moved else entry.event.occurred_on
    then = _known_at(crm, now, entries, version)
    today = now.at(day)
    if clock == "today":
        before, standing, other, position = now.at(day - timedelta(1)), today, then, crm.position()
    else:
        day = entry.event.occurred_on  # what it was corrected to was not known then
        before = _known_at(crm, now, entries, version - 1)
        standing, other, position = then, today, entry.recorded.position
    changed = {change.name: change for change in facts.changes(before, standing)}
    return Moment(entry, day, standing, changed, list(facts.changes(standing, other)), position)


def _known_at(crm: CRM, now: Lead, entries: Sequence[Entry], version: int) -> Standing:
    """Where it stood by what was known when `version` was recorded; nowhere before the first."""
    if version == 0:
        return Standing()
    position = entries[version - 1].recorded.position
    then = crm.lead(now.id, version=version)
    known = {
        other: [event for event in events if event.position is None or event.position <= position]
        for other, events in then.joined.items()
    }
    return then.join(known).standing


def stops(entries: Sequence[Entry], words: Words) -> list[Stop]:
    """The slider's stops: every version with the day of its event."""
    last = len(entries)
    return [
        Stop(n, words.t("第 {n} / {last} 版 · {day}", "Version {n} / {last} · {day}", n=n, last=last, day=words.day(entry.event.occurred_on)))
        for n, entry in enumerate(entries, start=1)
    ]  # fmt: skip
