"""What goes wrong while a replay is made or removed: it is said, and nothing is left for good."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

import psycopg
import pytest
from psycopg import sql

from projections import replay, replaying
from projections.engine import ReadModel
from projections.lead_rows import Leads
from projections.models import MODELS
from projections.rebuild import RebuildFailed
from tests.projections.conftest import Ground
from tests.projections.past import NOW, Past


@pytest.fixture
def past(ground: Ground) -> Past:
    return Past(ground)


class Interrupted(Leads):
    def project(self, target: Any, batch: Any) -> None:
        super().project(target, batch)
        raise KeyboardInterrupt


def test_a_build_that_was_broken_off_is_seen_not_found_and_cleared_away_by_the_next(past: Past) -> None:
    models: list[ReadModel] = [*MODELS[:2], Interrupted()]
    with pytest.raises(KeyboardInterrupt):
        past.make(models=models)
    (left,) = past.listed()
    assert left.made_at is None
    assert replay.find(past.ground.conn, past.live, "then") is None
    replaying.clear(past.ground.conn, past.live)
    assert past.listed() == []
    with pytest.raises(KeyboardInterrupt):
        past.make(models=models)
    past.make()
    assert past.listed()[0].made_at == NOW


CHILD = """
import sys
from datetime import UTC, date, datetime
from crm.database import connect
from projections import replay, replaying
from projections.models import MODELS
def open_():
    return connect(sys.argv[1], sys.argv[2], autocommit=True)
def told(done, total):
    print(done, flush=True)
    sys.stdin.read()
replaying.make(open_, "then", replay.Cut(11, date(2026, 1, 31)), MODELS, readers=[], made_at=datetime.now(UTC), progress=told)
"""


def test_a_build_that_was_killed_is_cleared_away_and_one_that_runs_is_not(past: Past) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, past.ground.district.url, past.live],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == b"11\n"
    replaying.clear(past.ground.conn, past.live)
    assert [one.made_at for one in past.listed()] == [None]
    with pytest.raises(RebuildFailed, match="being made"):
        past.make()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    child.stdin.close()
    deadline = time.monotonic() + 10
    while past.listed() and time.monotonic() < deadline:
        replaying.clear(past.ground.conn, past.live)
        time.sleep(0.01)
    assert past.listed() == []


def test_an_event_that_cannot_be_read_is_named_and_nothing_is_left(past: Past) -> None:
    past.ground.conn.execute("UPDATE event SET topic = 'lead.teleported' WHERE position = 7")
    with pytest.raises(RebuildFailed, match=r"lead\.teleported v1 @7: UnknownEvent"):
        past.make()
    assert past.listed() == []
    past.make("before", 6)


def test_one_of_another_version_says_so_and_is_made_again_without_ado(past: Past) -> None:
    class Older(Leads):
        VERSION = 99

    models: list[ReadModel] = [Older() if model.name == "leads" else model for model in MODELS]
    past.make(models=models)
    (old,) = past.listed()
    assert old.outdated(MODELS)
    assert not past.make(position=12).outdated(MODELS)
    assert [one.position for one in past.listed()] == [12]


def test_it_is_removed_while_somebody_reads_it(past: Past) -> None:
    made = past.make()
    with past.looking(made) as conn, conn.transaction():
        conn.execute("SELECT count(*) FROM lead")
        with past.connect() as other:
            other.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(made.schema)))
    past.drop()
    assert past.listed() == []
