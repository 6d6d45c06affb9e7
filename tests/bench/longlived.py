"""A lead with thousands of events beside one with a few: to open its page, and to give it a command."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from domain.lead import Lead
from domain.lead.work import AddNote
from tests.bench import makings
from tests.bench.browser import Browser
from tests.bench.district import District, by
from tests.bench.measure import Figure, at_most, percentile
from tests.bench.pages import CAUGHT_UP_SECONDS, Ask, asked_by_turns

EVENTS, FEW = 5_000, 20
OPENED = "opening a lead of {:,} events"
COMMANDED = "a command on a lead of {:,} events"
FLOOR = "the same of a lead with {} events"
TARGET = at_most(2)


def measured(district: District, browser: Browser, events: int) -> list[Figure]:
    """Milliseconds, p95."""
    long, short = (_lead(district, number) for number in (events, FEW))
    pairs = {
        OPENED.format(events): [partial(browser.get, f"/leads/{lead}") for lead in (short, long)],
        COMMANDED.format(events): [_command(district, lead) for lead in (short, long)],
    }
    rounds = asked_by_turns(
        {f"{name} {place}": ask for name, asks in pairs.items() for place, ask in enumerate(asks)},
        district.rounds,
        district.effort,
    )
    return [Figure(name, FLOOR.format(FEW), "ms", _both(rounds, name), TARGET) for name in pairs]


def _both(rounds: Sequence[dict[str, list[float]]], name: str) -> list[tuple[float, float]]:
    return [(percentile(taken[f"{name} 0"], 0.95), percentile(taken[f"{name} 1"], 0.95)) for taken in rounds]


def _lead(district: District, events: int) -> UUID:
    (lead,) = makings.leads(district, 1, events)
    district.crm.wait(district.crm.position(), CAUGHT_UP_SECONDS)
    return lead.id


def _command(district: District, lead: UUID) -> Ask:
    return lambda: district.crm.change(by(), Lead, lead, AddNote(note=makings.NOTE))
