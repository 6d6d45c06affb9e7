"""Tells lives and the cast's own doings to the domain: the commands and the events they decide, with nothing stored yet.

Whoever stores them (`filling`) or copies them in bulk takes the same stream.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from crm.command import By
from crm.demo.life import Life, Moment
from crm.demo.pace import DEMO, Pace
from crm.demo.plot import lived
from domain.base import Aggregate, Event, Form
from domain.lead import Lead
from domain.lead.status import Merge


class Told(NamedTuple):
    """One command as decided: entered on `entered` by whom, to which aggregate, and the events that came of it."""

    entered: date
    by: By
    kind: type[Aggregate]
    id: UUID
    form: Form
    events: tuple[Event, ...]


def leads(seed: int, numbers: Iterable[int], today: date, pace: Pace = DEMO) -> Iterator[Told]:
    """The lives of the leads of those numbers, one after the other."""
    for number in numbers:
        yield from told(lived(seed, number, today, pace))


def told(life: Life) -> Iterator[Told]:
    """One life, in the order in which it was entered: nothing is entered before what it was decided on."""
    lead, twin = Lead(life.identity()), Lead(life.identity("twin"))
    entered = date.min
    for place, moment in enumerate(life.told()):
        entered = max(entered, moment.entered)
        form = moment.form if isinstance(moment.form, Form) else moment.form(lead)
        if form is not None:
            subject = twin if moment.twin else lead
            yield _decided(moment, entered, life.identity("command", place), subject, form, lead)


def _decided(moment: Moment, entered: date, command: UUID, subject: Lead, form: Form, lead: Lead) -> Told:
    decide(subject, form)
    events = list(subject.collect_events())
    if isinstance(form, Merge) and form.occurred_on:
        lead.absorb(subject, form.occurred_on)
        events += lead.collect_events()
    by = By(moment.member.id, moment.member.role, command)
    return Told(entered, by, Lead, subject.id, form, tuple(events))


def decide(aggregate: Aggregate, form: Form) -> None:
    """Have the aggregate do what the form says."""
    getattr(aggregate, form.verb)(form)
