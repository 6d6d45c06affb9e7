"""How the district began: its rules, its people, its channels and occasions with their outcomes, as commands."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from crm.access import SYSTEM
from crm.command import By
from crm.demo import cast
from crm.demo.cast import PEOPLE, SOURCES, Source, began, ended, identity, posted
from crm.demo.editions import editions
from crm.demo.pace import DEMO, Pace
from crm.demo.telling import Told, decide
from domain.base import Aggregate, Form
from domain.channel import Channel, ChannelKind, HandInReport, OpenChannel, Post, ReportOutcome
from domain.district import DISTRICT, District, SetRules
from domain.person import AddPerson, Person, Role

FIRST = identity("command", "rules")
"""The id of the first command of every demo district."""

FOUNDED = timedelta(days=760)
_ADMIN = cast.MEMBERS["admin"].id


def opening(today: date, pace: Pace = DEMO) -> Iterator[Told]:
    """Everything that had to be there before the first lead."""
    founded = today - FOUNDED
    yield _told(FIRST, founded, SYSTEM, District(DISTRICT), SetRules(occurred_on=founded))
    for member in PEOPLE:
        person = AddPerson(name=member.name, login=member.login, role=member.role, occurred_on=founded)
        yield _told(identity("command", "person", member.login), founded, SYSTEM, Person(member.id), person)
    for source in SOURCES:
        for edition in editions(source, today) if pace.yearly else (source,):
            yield from _channel(edition, today, founded)


def _channel(source: Source, today: date, founded: date) -> Iterator[Told]:
    channel = Channel(source.id)
    for step, form in enumerate(_doings(source, today, founded)):
        if form.occurred_on and form.occurred_on <= today:
            yield _told(identity("command", "channel", source.key, step), form.occurred_on, _ADMIN, channel, form)


def _doings(source: Source, today: date, founded: date) -> Iterator[Form]:
    first, last = began(source, today), ended(source, today)
    opened = first - timedelta(days=25) if source.kind.occasion else founded
    yield OpenChannel(
        kind=source.kind,
        name=source.name,
        country=source.country,
        city=source.city,
        starts_on=first if source.kind.occasion else None,
        ends_on=last if source.kind.occasion else None,
        occurred_on=opened,
    )
    for member in posted(source):
        yield Post(person=member.id, occurred_on=opened)
    if source.firms:
        yield ReportOutcome(
            conferences=source.conferences,
            firms_met=source.firms,
            cooperations=source.cooperations,
            note=source.note,
            occurred_on=last + timedelta(days=3),
        )
    if source.kind is ChannelKind.OVERSEAS_MISSION:
        yield HandInReport(reference=f"{source.name}出访总结报告", occurred_on=last + timedelta(days=12))


def _told(command: UUID, day: date, person: UUID, aggregate: Aggregate, form: Form) -> Told:
    decide(aggregate, form)
    events = tuple(aggregate.collect_events())
    return Told(day, By(person, Role.ADMIN, command), type(aggregate), aggregate.id, form, events)
