"""Batches, exactly once: what is taken in when the projector dies, meets an event it cannot read, or has company."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from projections import engine
from projections.engine import Projector, ReadModel, reached, states
from projections.follow import follow
from projections.models import MODELS
from projections.people import People
from tests.projections.conftest import Ground
from tests.projections.stories import COLUMNS, row
from tests.projections.told import Tale, lead_id

SOON = 20.0


def many(leads: int) -> Tale:
    tale = Tale()
    for number in range(leads):
        tale.registered(number).contacted(number).contracted(number)
    return tale


def test_a_second_look_finds_nothing_new(ground: Ground) -> None:
    ground.given(many(3).events)
    assert ground.project() == 9
    before = ground.digests()
    assert ground.project() == 9
    assert ground.digests() == before


def test_every_table_is_filled_in_the_order_of_its_columns(ground: Ground) -> None:
    ground.given(many(1).events)
    ground.project()
    (lead,) = ground.rows("SELECT company, stage, owner, amount_fen FROM lead")
    assert lead == ("长春示例装备有限公司", "contract_signed", UUID(int=11), 2 * 10**10)
    (interval, *_) = ground.rows("SELECT status, stage, country, industry FROM funnel_interval ORDER BY known_from")
    assert interval == ("open", 1, "CN", "C")


class Forgetful(People):
    """Fails once in the middle of a batch, after it has written."""

    failed = False

    def project(self, target: Any, batch: Any) -> None:
        super().project(target, batch)
        if batch.until > 4 and not Forgetful.failed:
            Forgetful.failed = True
            raise KeyboardInterrupt


def test_what_a_dying_projector_had_written_is_gone_with_its_position(ground: Ground) -> None:
    ground.given(many(3).events)
    models: list[ReadModel] = [*MODELS[1:], Forgetful()]
    with pytest.raises(KeyboardInterrupt):
        Projector(ground.conn, models, 4).catch_up()
    assert {state.position for state in states(ground.conn)} == {4}  # whole batches only, for all of them
    ground.project()
    live = ground.digests()
    ground.clear_read_models()
    ground.project()
    assert ground.digests() == live


def test_an_event_nobody_can_read_stops_who_reads_it_and_nobody_else(ground: Ground) -> None:
    tale = many(2)
    rows = [row(event) for event in tale.events]
    poisoned = list(rows[3])
    poisoned[COLUMNS.index("data")] = '{"company": 7, "phone": "13900000000"}'
    ground.put([*rows[:3], poisoned, *rows[4:]])
    ground.project()
    found = {state.name: state for state in states(ground.conn)}
    assert found["people"].position == found["channels"].position == 6
    assert (found["people"].stopped, found["channels"].stopped) == (None, None)
    for name in ("leads", "funnel", "agenda", "activity"):
        assert found[name].position == 3
        assert found[name].stopped == "lead.registered v1 @4: ValidationError"
    assert ground.rows("SELECT id FROM lead") == [(lead_id(0),)]
    assert reached(ground.conn) == 6


def test_an_event_from_the_future_stops_too(ground: Ground) -> None:
    values = list(row(Tale().registered().events[0]))
    values[COLUMNS.index("topic")] = "lead.teleported"
    ground.put([values])
    ground.project()
    assert {state.stopped for state in states(ground.conn)} == {None, "lead.teleported v1 @1: UnknownEvent"}


def test_a_stopped_read_model_stays_stopped_until_it_is_rebuilt(ground: Ground) -> None:
    values = list(row(Tale().registered().events[0]))
    values[COLUMNS.index("schema")] = 99
    ground.put([values])
    ground.project()
    ground.conn.execute("UPDATE event SET schema = 1")
    ground.project()
    assert "leads" in {state.name for state in states(ground.conn) if state.stopped}


def test_a_read_model_of_another_shape_is_outdated(ground: Ground) -> None:
    assert engine.outdated(ground.conn, MODELS) == []
    ground.conn.execute("UPDATE projection SET shape = 'older' WHERE name = 'leads'")
    assert [model.name for model in engine.outdated(ground.conn, MODELS)] == ["leads"]


def test_status_tells_how_far_each_has_come(ground: Ground) -> None:
    ground.given(many(2).events)
    assert {(s.position, s.behind) for s in engine.status(ground.conn, MODELS)} == {(0, 6)}
    ground.project()
    assert {(s.position, s.behind, s.stopped) for s in engine.status(ground.conn, MODELS)} == {(6, 0, None)}


# ── live ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def following(ground: Ground) -> Iterator[threading.Event]:
    stopping = threading.Event()

    def connect() -> Any:
        return ground.district.connect(autocommit=True)

    thread = threading.Thread(target=follow, args=(connect, MODELS, stopping))
    thread.start()
    try:
        yield stopping
    finally:
        stopping.set()
        thread.join(SOON)
    assert not thread.is_alive()


def wait_for(ground: Ground, position: int) -> None:
    deadline = time.monotonic() + SOON
    while reached(ground.conn) < position:
        assert time.monotonic() < deadline, "not projected in time"
        time.sleep(0.005)


def test_events_appear_by_themselves_even_when_no_notification_comes(ground: Ground) -> None:
    with following(ground):
        ground.given(many(2).events)
        wait_for(ground, 6)
    assert len(ground.rows("SELECT FROM lead")) == 2


def test_of_two_projectors_one_waits_for_its_turn(ground: Ground) -> None:
    with following(ground) as first, following(ground):
        ground.given(many(1).events)
        wait_for(ground, 3)
        first.set()
        ground.given([event.placed(event.position + 3) for event in many(2).events[3:]])
        wait_for(ground, 6)
    assert len(ground.rows("SELECT FROM lead")) == 2


CHILD = """
import sys
from crm.database import connect
from projections.engine import Projector
from projections.models import MODELS
conn = connect(sys.argv[1], sys.argv[2], autocommit=True)
projector = Projector(conn, MODELS, 3)
print("ready", flush=True)
while True:
    projector.advance()
"""


def test_a_projector_killed_again_and_again_takes_every_event_in_once(ground: Ground) -> None:
    events = many(60).events
    ground.given(events)
    position = 0
    while position < len(events):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, ground.district.url, ground.district.schema], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        goal = min(position + 90, len(events))
        while child.poll() is None and reached(ground.conn) < goal:
            time.sleep(0.001)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert reached(ground.conn) > position
        position = reached(ground.conn)
    killed = ground.digests()
    ground.clear_read_models()
    ground.project()
    assert ground.digests() == killed


def test_many_small_batches_within_one_transaction_do_not_mix(ground: Ground) -> None:
    ground.given(many(4).events)
    with ground.conn.transaction():
        ground.project(batch=2)
    inside = ground.digests()
    ground.clear_read_models()
    ground.project()
    assert ground.digests() == inside
