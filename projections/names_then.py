"""Names as they were at a position of the ledger, from the events up to it: read models only know today's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from psycopg import Connection

from domain.base import Aggregate, Event
from domain.channel import Channel
from domain.funnel import fold
from domain.lead.corrections import FactReinstated, FactRetracted
from domain.lead.event import LeadEvent
from domain.meeting import Meeting
from domain.person import Person
from projections.stored import decode, of_streams

Some = TypeVar("Some", bound=Aggregate)


class ChannelThen(NamedTuple):
    name: str
    kind: str


def channels(conn: Connection[Any], ids: Iterable[UUID], position: int) -> dict[UUID, ChannelThen]:
    found = _aggregates(conn, Channel, ids, position)
    return {key: ChannelThen(channel.name, str(channel.kind)) for key, channel in found.items()}


def people(conn: Connection[Any], ids: Iterable[UUID], position: int) -> dict[UUID, str]:
    return {key: person.name for key, person in _aggregates(conn, Person, ids, position).items()}


def meetings(conn: Connection[Any], ids: Iterable[UUID], position: int) -> dict[UUID, Meeting]:
    """Meetings with the names they had."""
    return _aggregates(conn, Meeting, ids, position)


def companies(conn: Connection[Any], leads: Iterable[UUID], as_at: date, position: int) -> dict[UUID, str]:
    """What each lead's company was called on that day, as known at that position; a void lead goes by its last name."""
    return {
        lead: _company([event for event in events if isinstance(event, LeadEvent)], as_at)
        for lead, events in _streams(conn, leads, position).items()
    }


def _company(events: list[LeadEvent], as_at: date) -> str:
    # What was retracted, or happened later, still has to be called something.
    kept = [event for event in events if not isinstance(event, FactRetracted | FactReinstated)]
    ways = (fold(events, as_at), fold(kept, as_at), fold(kept))
    return next((str(way.attributes["company"]) for way in ways if "company" in way.attributes), "")


def _aggregates(conn: Connection[Any], kind: type[Some], ids: Iterable[UUID], position: int) -> dict[UUID, Some]:
    found: dict[UUID, Some] = {}
    for key, events in _streams(conn, ids, position).items():
        found[key] = kind(key)
        for event in events:
            event.mutate(found[key])
    return found


def _streams(conn: Connection[Any], ids: Iterable[UUID], position: int) -> Mapping[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = defaultdict(list)
    wanted = sorted(set(ids))
    for row in of_streams(conn, wanted, position) if wanted else ():
        found[row.stream].append(decode(row))
    return found
