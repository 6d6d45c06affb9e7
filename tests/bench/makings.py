"""Leads made to measure: with so many events and no more, beside those of the demo."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import uuid4

from crm import clock
from crm.bulk import Command
from crm.demo import cast
from domain.base import Form
from domain.lead import Contact, Lead, Register
from domain.lead.details import LeadRegistered
from domain.lead.progress import Contacted, SiteVisited, VisitSite
from domain.lead.work import AddNote, Judge, LeadJudged, NoteAdded
from tests.bench.district import District, by

DAYS = 90
NOTE = "对方确认下周来园区看地块，带来两套厂房平面图，主要问用电容量、蒸汽价格和用工补贴。"


def leads(district: District, number: int, events: int) -> list[Lead]:
    """New leads, stored, of that many events each; as they are in memory after that."""
    made = [Lead(uuid4()) for _ in range(number)]
    commands = [Command(by(), _begun(lead, n, events), uuid4().bytes) for n, lead in enumerate(made)]
    district.crm.bulk(commands)
    return made


def _begun(lead: Lead, number: int, events: int) -> Lead:
    """The lead with its events pending; made without asking its guards, which is not what is measured."""
    rng = Random(number)  # noqa: S311  it invents, it keeps no secret
    source = cast.any_source(rng)
    first = clock.today() - timedelta(days=DAYS)
    owner = cast.someone(rng, source).id
    lead.record(
        LeadRegistered,
        Register(
            occurred_on=first, company=f"长春测量装备{number}有限公司", industry="C", channel=source.id, owner=owner
        ),
    )
    for place, (event, form) in zip(range(1, events), _work(), strict=False):
        day = first + timedelta(days=place * DAYS // events)
        lead.record(event, form.model_copy(update={"occurred_on": day}))
    return lead


def _work() -> Iterator[tuple[type, Form]]:
    """What goes on with a lead, over and over: judged once, then calls, notes and now and then a visit."""
    yield LeadJudged, Judge(verdict="pursue", reason="符合产业方向")
    due = clock.today() + timedelta(days=7)
    while True:
        yield Contacted, Contact(kind="phone", outcome="interested", note=NOTE)
        yield Contacted, Contact(kind="meeting", note=NOTE, next_action="回复用电方案", next_due=due)
        yield NoteAdded, AddNote(note=NOTE)
        yield SiteVisited, VisitSite(place="智能装备产业园", visitors=4)


def pending(lead: Lead) -> Lead:
    """The lead with one more event, decided and not stored."""
    lead.record(NoteAdded, AddNote(occurred_on=clock.today(), note=NOTE))
    return lead
