"""One event through the application, and a whole command, beside the bare INSERT and COMMIT of the same row."""

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

from domain.lead import Lead
from domain.lead.work import AddNote
from tests.bench import makings
from tests.bench.district import District, by
from tests.bench.measure import Call, Figure, Taken, Target, at_least, at_once, rates, timed
from tests.bench.raw import Raw

FLOOR = "INSERT + COMMIT of the same row by psycopg, 1 thread"
APPEND = "append of one event, {}"
COMMAND = "command on a lead of 20 events, {}"
THREADS = {1: "1 thread", 4: "4 threads"}
TARGETS: dict[str, Target] = {
    APPEND.format(THREADS[1]): at_least(0.5),
    APPEND.format(THREADS[4]): at_least(0.75),
    COMMAND.format(THREADS[1]): at_least(0.25),
    COMMAND.format(THREADS[4]): at_least(0.25),
}
SLICES = 4
EVENTS, REUSED = 18, 5  # a lead takes five commands, with 18 to 22 events behind it


def measured(district: District) -> list[Figure]:
    """What is done a second."""
    slice_of, takes = max(1, district.effort // SLICES), district.rounds * SLICES
    ours: dict[str, Callable[[], Taken]] = {}
    for threads, said in THREADS.items():
        appends, commands = _appends(district, slice_of * takes), _commands(district, slice_of, takes)
        ours[APPEND.format(said)] = _in_slices(threads, appends, slice_of)
        ours[COMMAND.format(said)] = _in_slices(threads, commands, slice_of)
    with district.connect() as conn:
        raw = Raw(conn, "raw_event")
        found = rates(
            {FLOOR: lambda: timed(lambda: raw.store(conn, slice_of), slice_of), **ours}, district.rounds, SLICES
        )
    return [
        Figure(name, FLOOR, "/s", [(rate[FLOOR], rate[name]) for rate in found], target)
        for name, target in TARGETS.items()
    ]


def _in_slices(threads: int, calls: Iterator[Call], size: int) -> Callable[[], Taken]:
    return lambda: at_once(threads, list(islice(calls, size)))


def _appends(district: District, number: int) -> Iterator[Call]:
    """Events decided already, each to be stored: encoded, sealed (its key at hand, as after loading), chained, committed."""
    worked_on = makings.leads(district, number, events=5)

    def append(lead: Lead) -> Call:
        pending = makings.pending(lead)
        district.crm.keys.prepare([lead.id])
        return lambda: district.crm.record(by(), pending, request=uuid4().bytes)

    return map(append, worked_on)


def _commands(district: District, slice_of: int, takes: int) -> Iterator[Call]:
    """Commands as a page gives them: looked up, the lead loaded, decided on, stored. None twice on a lead in a slice."""
    number = slice_of * max(1, -(-takes // REUSED))
    worked_on = [lead.id for lead in makings.leads(district, number, EVENTS)]

    def command(lead: Any) -> Call:
        return lambda: district.crm.change(by(), Lead, lead, AddNote(note=makings.NOTE))

    return map(command, cycle(worked_on))
