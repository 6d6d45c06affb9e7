"""Read models made anew beside the live ones: readers go on, interruptions leave nothing behind, poison is refused."""

import threading
import time
from typing import Any

import psycopg
import pytest

from projections.engine import ReadModel, states
from projections.lead_rows import Leads
from projections.leads import LeadFilters, search, totals
from projections.models import MODELS
from projections.rebuild import RebuildFailed, rebuild
from tests.projections.conftest import Ground
from tests.projections.stories import COLUMNS, row
from tests.projections.told import Tale

LEADS = 30


def connect_to(ground: Ground) -> Any:
    return lambda: ground.district.connect(autocommit=True)


@pytest.fixture
def filled(ground: Ground) -> Ground:
    tale = Tale()
    for number in range(LEADS):
        tale.registered(number).contacted(number)
    ground.given(tale.events)
    ground.project()
    return ground


def test_what_was_damaged_is_made_good(filled: Ground) -> None:
    sound = filled.digests()
    filled.conn.execute("UPDATE lead SET amount_fen = 1")
    assert filled.digests() != sound
    told: list[tuple[int, int]] = []
    rebuild(connect_to(filled), [Leads()], lambda done, total: told.append((done, total)))
    assert filled.digests() == sound
    assert told[-1] == (2 * LEADS, 2 * LEADS)
    assert filled.rows("SELECT FROM pg_namespace WHERE nspname = %s", f"{filled.district.schema}__rebuild") == []


def test_indexes_come_along(filled: Ground) -> None:
    named = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1"
    before = filled.rows(named)
    rebuild(connect_to(filled), MODELS)
    assert filled.rows(named) == before


def test_a_stopped_read_model_goes_on_once_it_is_rebuilt(ground: Ground) -> None:
    values = list(row(Tale().registered().events[0]))
    values[COLUMNS.index("schema")] = 99
    ground.put([values])
    ground.project()
    with pytest.raises(RebuildFailed, match="UnknownEvent"):
        rebuild(connect_to(ground), MODELS)
    assert any(state.stopped for state in states(ground.conn))
    ground.conn.execute("UPDATE event SET schema = 1")
    rebuild(connect_to(ground), MODELS)
    assert {state.stopped for state in states(ground.conn)} == {None}
    assert totals(ground.conn, LeadFilters()).count == 1


class Interrupted(Leads):
    def project(self, target: Any, batch: Any) -> None:
        super().project(target, batch)
        raise KeyboardInterrupt


def test_an_interrupted_rebuild_leaves_the_live_tables_and_is_cleared_away_by_the_next(filled: Ground) -> None:
    before = filled.digests()
    with pytest.raises(KeyboardInterrupt):
        rebuild(connect_to(filled), [Interrupted()])
    assert filled.digests() == before
    rebuild(connect_to(filled), MODELS)
    assert filled.digests() == before


def test_two_rebuilds_at_once_are_refused(filled: Ground) -> None:
    with filled.district.connect(autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('landfall rebuild ' || current_schema(), 0))")
        with pytest.raises(RebuildFailed, match="running"):
            rebuild(connect_to(filled), MODELS)


def test_events_that_come_meanwhile_are_in_the_new_tables(filled: Ground) -> None:
    late = Tale().registered(99).events[0].placed(2 * LEADS + 1)

    def add(done: int, _total: int) -> None:
        if done == 2 * LEADS:
            filled.given([late])

    rebuild(connect_to(filled), [Leads()], add)
    assert totals(filled.conn, LeadFilters()).count == LEADS + 1


class Reader(threading.Thread):
    """Asks again and again, as pages do; keeps whatever went wrong, and every count it was given."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.stopping = threading.Event()
        self.counts: set[int] = set()
        self.trouble: list[Exception] = []
        self._ground = ground

    def run(self) -> None:
        with self._ground.district.connect(autocommit=True) as conn:
            while not self.stopping.is_set():
                try:
                    self.counts.add(len(search(conn, limit=LEADS + 1).rows))
                except psycopg.Error as error:
                    self.trouble.append(error)


def test_readers_see_all_leads_all_the_time(filled: Ground) -> None:
    reader = Reader(filled)
    reader.start()
    models: list[ReadModel] = [Leads()]
    try:
        for _ in range(3):
            rebuild(connect_to(filled), models)
            time.sleep(0.01)
    finally:
        reader.stopping.set()
        reader.join()
    assert reader.trouble == []
    assert reader.counts == {LEADS}
