"""The projector as a process: it comes back when it dies or its connections do, and goes when it is told to."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from crm.application import CRM
from crm.prepare import prepare
from crm.projector import NAME, Supervisor, run
from domain.lead import Lead
from projections import leads
from tests.conftest import District
from tests.crm.conftest import Giver, call

SECONDS = 30.0


@pytest.fixture
def prepared(district: District) -> District:
    prepare(district.settings, district.url)
    return district


@pytest.fixture
def supervisor(prepared: District) -> Iterator[Supervisor]:
    made = Supervisor(prepared.settings, prepared.url)
    made.start()
    yield made
    made.stop()
    assert made.child is not None
    assert made.child.poll() is not None


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def test_what_is_done_can_be_read_and_a_killed_projector_comes_back(
    prepared: District, supervisor: Supervisor, crm: CRM, lead: UUID, by: Giver
) -> None:
    done = crm.change(by(), Lead, lead, call())
    assert crm.wait(done.position, SECONDS)
    with crm.pool.connection() as conn:
        row = leads.one(conn, lead)
    assert row is not None
    assert (row.version, row.stage) == (2, "contacted")
    first = supervisor.child
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    done = crm.change(by(), Lead, lead, call())
    assert crm.wait(done.position, SECONDS)
    assert supervisor.child is not first


def test_a_projector_whose_connections_are_cut_connects_again(
    prepared: District, crm: CRM, lead: UUID, by: Giver
) -> None:
    stopping = threading.Event()
    thread = threading.Thread(target=run, args=(prepared.settings, prepared.url, stopping))
    thread.start()
    try:
        assert crm.wait(crm.change(by(), Lead, lead, call()).position, SECONDS)
        with prepared.connect(autocommit=True) as conn:
            cut = conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", [NAME]
            ).fetchall()
            assert cut == [(True,), (True,)]
        assert crm.wait(crm.change(by(), Lead, lead, call()).position, SECONDS)
    finally:
        stopping.set()
        thread.join(SECONDS)
    assert not thread.is_alive()
