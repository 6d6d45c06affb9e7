"""Who and what leads have to do with: channels, occasions, and the persons of the district (their roles, never names)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection

from crm.analysis.cases import START, Value, moment
from domain.base import Event
from domain.channel import (
    ChannelClosed,
    ChannelOpened,
    ChannelReopened,
    ChannelRevised,
    SpecialistPosted,
    SpecialistWithdrawn,
)
from domain.person import PersonAdded, PersonDeactivated, PersonReactivated, RoleGranted, RoleWithdrawn
from projections.stored import Recorded, decode

Kind = Literal["channel", "occasion", "person"]


@dataclass
class Party:
    """A channel, an occasion or a person: what it was called and was, from when on; `named` are other parties."""

    id: UUID
    kind: Kind
    values: list[tuple[datetime, str, Value]] = field(default_factory=list)
    named: list[tuple[str, UUID]] = field(default_factory=list)
    told: list[tuple[Event, Recorded]] = field(default_factory=list)

    def says(self, at: datetime, name: str, value: Value | None) -> None:
        if value is not None and value != self.now(name):
            self.values.append((at, name, value))

    def now(self, name: str) -> Value | None:
        return next((value for _, said, value in reversed(self.values) if said == name), None)


def parties(conn: Connection[Any], until: int) -> dict[UUID, Party]:
    """All of them by id: a district has hundreds, so they are held in memory."""
    found: dict[UUID, Party] = {}
    for row in _rows(conn, until):
        event = decode(row)
        _take(found, event, moment(event.occurred_on, row.position))
        if row.stream in found and not row.topic.startswith("person."):
            found[row.stream].told.append((event, row))
    return found


def _rows(conn: Connection[Any], until: int) -> Iterator[Recorded]:
    with conn.cursor(binary=True) as cursor:
        yield from map(Recorded._make, cursor.execute(_PARTIES, (until,)).fetchall())


def _take(found: dict[UUID, Party], event: Event, at: datetime) -> None:
    match event:
        case ChannelOpened():
            party = found[event.originator_id] = Party(
                event.originator_id, "occasion" if event.kind.occasion else "channel"
            )
            if event.parent:
                party.named.append(("held by", event.parent))
            party.says(START, "kind", str(event.kind))
            party.says(START, "country", event.country)
            _described(party, event, START)
        case PersonAdded():
            party = found[event.originator_id] = Party(event.originator_id, "person")
            party.says(START, "roles", str(event.role))
            party.says(START, "active", value=True)
        case _ if event.originator_id in found:
            _change(found[event.originator_id], found, event, at)


def _described(party: Party, event: ChannelOpened | ChannelRevised, at: datetime) -> None:
    for name in ("name", "city", "starts_on", "ends_on"):
        value = getattr(event, name)
        party.says(at, name, None if value is None else str(value))


def _change(party: Party, found: dict[UUID, Party], event: Event, at: datetime) -> None:
    match event:
        case ChannelRevised():
            _described(party, event, at)
        case ChannelClosed() | ChannelReopened():
            party.says(at, "closed", isinstance(event, ChannelClosed))
        case RoleGranted():
            _listed(party, "roles", at, add=str(event.role))
        case RoleWithdrawn():
            _listed(party, "roles", at, remove=str(event.role))
        case PersonDeactivated() | PersonReactivated():
            party.says(at, "active", isinstance(event, PersonReactivated))
        case SpecialistPosted() if event.person in found:
            _listed(found[event.person], "posted_to", at, add=str(party.id))
        case SpecialistWithdrawn() if event.person in found:
            _listed(found[event.person], "posted_to", at, remove=str(party.id))


def _listed(party: Party, name: str, at: datetime, *, add: str = "", remove: str = "") -> None:
    """One more, or one fewer, in an attribute that lists several."""
    held = set(filter(None, str(party.now(name) or "").split(",")))
    party.says(at, name, ",".join(sorted((held | {add}) - {remove, ""})))


_PARTIES = (
    "SELECT position, stream, version, topic, schema, occurred_on, recorded_at, actor, role, command, origin, data, hash "
    "FROM event WHERE (topic LIKE 'channel.%%' OR topic LIKE 'person.%%') AND position <= %s ORDER BY position"
)
