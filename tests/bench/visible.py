"""From an acknowledged command to the row a page reads, beside the time of one commit."""

import time
from functools import partial
from uuid import UUID

from domain.lead import Lead
from domain.lead.work import AddNote
from tests.bench import makings
from tests.bench.district import District, by
from tests.bench.measure import Call, Figure, percentile, timed, within
from tests.bench.raw import Raw

NAME = "visible after a command, beyond its commit, {}"
FLOOR = "one INSERT + COMMIT by psycopg"
SHARES = {"p50": 0.5, "p95": 0.95}
TARGETS = {"p95": within(10, "ms")}
LOOK_SECONDS = 0.0005
LONGEST_SECONDS = 30.0
READABLE = "SELECT 1 FROM lead WHERE id = %s AND position >= %s"


class NeverVisible(RuntimeError):
    """A command was not to be seen for so long that something must be wrong."""


def measured(district: District) -> list[Figure]:
    """Milliseconds. The projections run beside, in `crm serve`."""
    leads = [lead.id for lead in makings.leads(district, max(5, district.effort // 4), events=5)]
    found: dict[str, list[tuple[float, float]]] = {share: [] for share in SHARES}
    with district.connect() as conn:
        raw = Raw(conn, "raw_event")
        for _ in range(district.rounds):
            floor, ours = _round(district, partial(raw.store, conn), leads)
            for name, share in SHARES.items():
                found[name].append((percentile(floor, share), percentile(ours, share)))
    return [Figure(NAME.format(name), FLOOR, "ms", rounds, TARGETS.get(name)) for name, rounds in found.items()]


def _round(district: District, store: Call, leads: list[UUID]) -> tuple[list[float], list[float]]:
    floor, ours = [], []
    for lead in leads:
        floor.append(timed(store).seconds * 1000)
        done = district.crm.change(by(), Lead, lead, AddNote(note=makings.NOTE))
        ours.append(until_readable(district, lead, done.position) * 1000)
    return floor, ours


def until_readable(district: District, lead: UUID, position: int) -> float:
    started = time.perf_counter()
    with district.crm.pool.connection() as conn:
        while not conn.execute(READABLE, (lead, position), prepare=True).fetchone():
            if time.perf_counter() - started > LONGEST_SECONDS:
                raise NeverVisible(f"position {position} after {LONGEST_SECONDS:.0f} s")
            time.sleep(LOOK_SECONDS)
    return time.perf_counter() - started
