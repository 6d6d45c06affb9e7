"""People: who works with the system, in which roles, posted where and when."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.base import Event
from domain.channel import SpecialistPosted, SpecialistWithdrawn
from domain.person import Person
from projections.batch import Batch
from projections.engine import ReadModel
from projections.sql import Queries
from projections.target import Target

q = Queries(__file__)


class PersonRow(NamedTuple):
    id: UUID
    name: str
    login: str
    roles: list[str]
    active: bool


class Posting(NamedTuple):
    """`to_on` is the day of the withdrawal; None while posted."""

    channel: UUID
    person: UUID
    from_on: date
    to_on: date | None


class People(ReadModel):
    name: ClassVar[str] = "people"
    sql: ClassVar[Queries] = q

    def project(self, target: Target, batch: Batch) -> None:
        target.put("person", map(_person, batch.streams("person").items()))
        postings = [row for channel, events in batch.streams("channel").items() for row in _postings(channel, events)]
        target.put("posting", postings)


def _person(stream: tuple[UUID, Sequence[Event]]) -> tuple[Any, ...]:
    person = Person(stream[0])
    for event in stream[1]:
        event.mutate(person)
    return person.id, person.name, person.login, sorted(map(str, person.roles)), person.active


def _postings(channel: UUID, events: Sequence[Event]) -> Iterator[tuple[UUID, UUID, int, date, date | None]]:
    stays: dict[UUID, list[tuple[date, date | None]]] = {}
    for event in events:
        match event:
            case SpecialistPosted():
                stays.setdefault(event.person, []).append((event.occurred_on, None))
            case SpecialistWithdrawn() if stays.get(event.person):
                stays[event.person][-1] = (stays[event.person][-1][0], event.occurred_on)
    for person, periods in stays.items():
        for nth, (from_on, to_on) in enumerate(periods, start=1):
            yield channel, person, nth, from_on, to_on


def listed(conn: Connection[Any], *, active: bool | None = True) -> list[PersonRow]:
    """People by name, active ones first; `active=None` for all."""
    return [PersonRow._make(row) for row in conn.execute(q["listed"], {"active": active}).fetchall()]


def one(conn: Connection[Any], id: UUID) -> PersonRow | None:
    row = conn.execute(q["one"], {"id": id}).fetchone()
    return PersonRow._make(row) if row else None


def names(conn: Connection[Any]) -> dict[UUID, str]:
    """Every person's name by id, those deactivated included."""
    return dict(conn.execute(q["names"]).fetchall())


def postings(
    conn: Connection[Any], *, channel: UUID | None = None, person: UUID | None = None, on: date | None = None
) -> list[Posting]:
    """Postings, those running first; with `on`, only those of that day."""
    found = conn.execute(q["postings"], {"channel": channel, "person": person, "on": on}).fetchall()
    return [Posting._make(row) for row in found]
