"""Every lead with what happened to it, as it is known now: corrections applied, nothing personal opened."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from crm.clock import SHANGHAI
from domain.base import Event, Term
from domain.facts import sequence
from domain.funnel import Stage, Standing, known
from domain.lead import LeadEvent
from domain.lead.status import LeadMerged, LeadUnmerged
from domain.values import Money
from projections.stored import Recorded, decode

AT_ONCE = 5000
START = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment of a value that an object has from its beginning, as OCEL wants it said."""

Value = str | int | float | bool | datetime


class Told(NamedTuple):
    """A fact as it is known now, and the row it was recorded in; `standing` is where the lead stood after it."""

    event: LeadEvent
    row: Recorded
    standing: Standing

    @property
    def at(self) -> datetime:
        return moment(self.event.occurred_on, self.row.position)

    @property
    def late(self) -> int:
        """How many days after it happened it was recorded."""
        return (self.row.recorded_at.astimezone(SHANGHAI).date() - self.event.occurred_on).days

    @property
    def first_dated(self) -> date | None:
        """The day first recorded, where it was corrected since."""
        return self.row.occurred_on if self.row.occurred_on != self.event.occurred_on else None


class Case(NamedTuple):
    """One lead: what happened, in the order in which it took effect; how often it was corrected, how much retracted."""

    lead: UUID
    told: list[Told]
    corrected: frozenset[int]
    corrections: int
    retracted: int

    @property
    def last(self) -> Standing:
        return self.told[-1].standing


def moment(day: date, position: int) -> datetime:
    """The beginning of a fact's day in Asia/Shanghai, and its position in microseconds.

    A fact has a day and no hour. The microseconds keep, within a day, the order in which the funnel takes facts in.
    """
    return datetime.combine(day, time(), SHANGHAI) + timedelta(microseconds=position)


def cases(conn: Connection[Any], until: int) -> Iterator[Case]:
    """Every lead there is at position `until`; one at a time in memory. Nothing is told of a void one."""
    with conn.transaction(), conn.cursor("cases", binary=True) as cursor:
        cursor.itersize = AT_ONCE
        rows = map(Recorded._make, cursor.execute(_BY_LEAD, (until,)))
        for lead, own in groupby(rows, key=lambda row: row.stream):
            yield case_of(lead, own)


def case_of(lead: UUID, rows: Iterable[Recorded]) -> Case:
    """One lead out of its rows."""
    stored = {row.version: row for row in rows}
    events = [event for event in map(decode, stored.values()) if isinstance(event, LeadEvent)]
    history = known(events)
    corrections = [c for event in events if (c := event.correction()) and c.merged is None]
    told = [
        Told(fact, stored[fact.originator_version], standing)
        for fact, standing in history._replace(merged=False).standings()
        if isinstance(fact, LeadEvent)
    ]
    facts = sum(event.correction() is None for event in events)
    return Case(
        lead,
        _with_mergers(told, events, stored) if told else [],
        frozenset(c.of for c in corrections),
        len(corrections),
        facts - len(told),
    )


def _with_mergers(told: list[Told], events: Iterable[LeadEvent], stored: dict[int, Recorded]) -> list[Told]:
    """The facts and, in their places, the lead's being merged away and given back, which the fold takes as no facts."""
    mergers = [event for event in events if isinstance(event, LeadMerged | LeadUnmerged)]
    found = list(told)
    for event in mergers:
        standing = next((one.standing for one in reversed(told) if sequence(one.event) < sequence(event)), Standing())
        if isinstance(event, LeadMerged):
            standing = standing.merged()
        found.append(Told(event, stored[event.originator_version], standing))
    return sorted(found, key=lambda one: sequence(one.event)) if mergers else told


def particulars(event: Event) -> Iterator[tuple[str, Value]]:
    """What an event carries that is a word of the field, an amount (CNY) or a count: never free text, never a person."""
    for name in event.payload_fields():
        value = getattr(event, name)
        match value:
            case Term() | Stage():
                yield name, str(value)
            case Money():
                yield name, value.fen / 100
            case bool():
                yield name, value
            case int() if name != "fact":
                yield name, value


def references(event: Event) -> Iterator[tuple[str, UUID]]:
    """The other things an event names: (in what part, its id)."""
    for name in event.payload_fields():
        value = getattr(event, name)
        if isinstance(value, UUID):
            yield name.replace("_", " "), value


def attributes(standing: Standing) -> dict[str, Value]:
    """What a lead was at a standing."""
    held = standing.attributes
    amount = held.get("amount")
    said = {
        "company": held.get("company"),
        "project": held.get("project"),
        "country": held.get("country"),
        "region": held.get("region"),
        "industry": held.get("industry") and str(held["industry"]),
        "amount_cny": amount.fen / 100 if isinstance(amount, Money) else None,
        "stage": standing.stage and str(standing.stage),
        "status": str(standing.status),
        "channel": held.get("channel") and str(held["channel"]),
        "owner": held.get("owner") and str(held["owner"]),
    }
    return {name: value for name, value in said.items() if value is not None}


_BY_LEAD = (
    "SELECT position, stream, version, topic, schema, occurred_on, recorded_at, actor, role, command, origin, data, hash "
    "FROM event WHERE topic LIKE 'lead.%%' AND position <= %s ORDER BY stream, version"
)
