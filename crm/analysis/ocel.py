"""OCEL 2.0 as JSON: leads, channels, occasions and persons as objects with their values over time, and what happened to them.

The parts of the file stand in an order in which each is written as it is read: which types there are is known last.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from pydantic_core import to_json

from crm.analysis.cases import START, Case, Told, Value, attributes, cases, moment, particulars, references
from crm.analysis.parties import Party, parties
from crm.clock import SHANGHAI
from domain.base import Event
from projections.stored import Recorded

Types = dict[str, dict[str, str]]
"""Attributes and their types, by type of event or object."""

_TYPES = ((bool, "boolean"), (int, "integer"), (float, "float"), (datetime, "time"), (str, "string"))
_HOLDERS = (("channel", "channel"), ("occasion", "occasion"), ("brought_by", "brought by"), ("owner", "owner"))


def lines(
    conn: Connection[Any], until: int, language: str, step: Callable[[int, int], None] = lambda _done, _all: None
) -> Iterator[str]:
    """The file, as the events up to position `until` have it. `step` is told how many events are written of how many."""
    log = _Log(parties(conn, until), language)
    yield '{"objects": [\n'
    yield from _listed(log.objects(cases(conn, until)))
    yield '],\n"events": [\n'
    yield from _listed(_counted(log.events(cases(conn, until)), until, step))
    yield f'],\n"objectTypes": {_types(log.object_types)},\n"eventTypes": {_types(log.event_types)}}}\n'


class _Log:
    """What one export has seen so far."""

    def __init__(self, known: dict[UUID, Party], language: str) -> None:
        self._parties = known
        self._language = language
        self._void: set[UUID] = set()
        self.object_types: Types = {"lead": {}, "channel": {}, "occasion": {}, "person": {}}
        self.event_types: Types = {}

    def objects(self, leads: Iterable[Case]) -> Iterator[dict[str, Any]]:
        """First of all: it notes which leads are void."""
        for party in self._parties.values():
            yield self._object(party.kind, party.id, party.values, party.named)
        for case in leads:
            if case.told:
                yield self._object("lead", case.lead, _values(case), self._named(case))
            else:
                self._void.add(case.lead)

    def events(self, leads: Iterable[Case]) -> Iterator[dict[str, Any]]:
        for party in self._parties.values():
            for event, row in party.told:
                at = moment(event.occurred_on, row.position)
                yield self._event(event, row, at, party.kind, {})
        for case in leads:
            for told in case.told:
                yield self._event(told.event, told.row, told.at, "lead", _noted(case, told))

    def _object(
        self, kind: str, id: UUID, values: Iterable[tuple[datetime, str, Value]], named: Iterable[tuple[str, UUID]]
    ) -> dict[str, Any]:
        return {
            "id": str(id),
            "type": kind,
            "attributes": [
                {"name": name, "time": _said(at), "value": self._value(self.object_types[kind], name, value)}
                for at, name, value in values
            ],
            "relationships": self._related(named),
        }

    def _event(self, event: Event, row: Recorded, at: datetime, kind: str, noted: dict[str, Value]) -> dict[str, Any]:
        name = event.TITLE.said(self._language)
        types = self.event_types.setdefault(name, {})
        late = (row.recorded_at.astimezone(SHANGHAI).date() - event.occurred_on).days
        said: dict[str, Value] = {
            "topic": row.topic,
            "position": row.position,
            "recorded_at": row.recorded_at,
            "days_late": late,
            "role": row.role,
        }
        return {
            "id": f"e{row.position}",
            "type": name,
            "time": _said(at),
            "attributes": [
                {"name": name, "value": self._value(types, name, value)}
                for name, value in (said | noted | dict(particulars(event))).items()
            ],
            "relationships": self._related([(kind, row.stream), ("recorded by", row.actor), *references(event)]),
        }

    def _value(self, types: dict[str, str], name: str, value: Value) -> Value:
        types.setdefault(name, next(said for kind, said in _TYPES if isinstance(value, kind)))
        return _said(value) if isinstance(value, datetime) else value

    def _named(self, case: Case) -> list[tuple[str, UUID]]:
        held = case.last.attributes
        into = [pair for told in case.told for pair in references(told.event) if pair[0] in {"into", "absorbed"}]
        return [(said, held[name]) for name, said in _HOLDERS if held.get(name)] + into

    def _related(self, named: Iterable[tuple[str, UUID]]) -> list[dict[str, str]]:
        """Each named once in each part; what is no object here (the system itself, a void lead, a file) is left out."""
        leads = {"lead", "into", "absorbed"}
        return [
            {"objectId": str(other), "qualifier": part}
            for part, other in dict.fromkeys(named)
            if other in self._parties or (part in leads and other not in self._void)
        ]


def _values(case: Case) -> Iterator[tuple[datetime, str, Value]]:
    """What the lead was at first, each change since, and how often it was corrected."""
    held: dict[str, Value] = {}
    for told in case.told:
        now = attributes(told.standing)
        for name in sorted(now.keys() | held.keys()):
            if now.get(name) != held.get(name):
                yield (told.at if held else START), name, now.get(name, "")
        held = now
    yield START, "corrections", case.corrections
    yield START, "facts_retracted", case.retracted


def _noted(case: Case, told: Told) -> dict[str, Value]:
    """Whether what is told was corrected since, and the day it was first said to have happened on."""
    noted: dict[str, Value] = {"corrected": told.event.originator_version in case.corrected}
    return noted | ({"first_dated": str(told.first_dated)} if told.first_dated else {})


def _said(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _types(types: Types) -> str:
    return to_json(
        [
            {"name": name, "attributes": [{"name": one, "type": held[one]} for one in sorted(held)]}
            for name, held in sorted(types.items())
        ]
    ).decode()


def _listed(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    between = ""
    for one in found:
        yield between + to_json(one).decode()
        between = ",\n"
    yield "\n"


def _counted(found: Iterable[dict[str, Any]], total: int, step: Callable[[int, int], None]) -> Iterator[dict[str, Any]]:
    for done, one in enumerate(found, start=1):
        if done % 1000 == 0:
            step(done, max(done, total))
        yield one
