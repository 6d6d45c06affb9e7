"""The log of readings: appended through one function, chained, and checked to the first row that is not as written."""

from uuid import UUID, uuid4

import pytest

from crm import readings
from crm.access import Viewer
from crm.readings import Filters
from domain.person import Role
from projections.engine import prepare
from projections.models import MODELS
from tests.conftest import District

AUDITOR = Viewer(UUID(int=31), "审计专员", "audit", frozenset({Role.AUDITOR}))
LEAD = UUID(int=301)
SWAPPED = """
UPDATE reading SET position = CASE position WHEN 2 THEN -3 ELSE -2 END WHERE position IN (2, 3);
UPDATE reading SET position = -position WHERE position < 0
"""


@pytest.fixture
def conn(district: District):
    with district.connect(autocommit=True) as connection:
        prepare(connection, MODELS)
        yield connection


@pytest.fixture
def read(conn):
    """Five readings."""
    for n, route in enumerate(("leads", "lead", "api.leads", "audit", "leads.export")):
        readings.append(conn, AUDITOR, route, LEAD if n == 1 else None)
    return conn


def test_a_reading_says_who_what_when_and_what_it_rested_on(read):
    rows = readings.listed(read).rows
    assert [row.position for row in rows] == [5, 4, 3, 2, 1]
    assert [(row.person, row.role, row.rested_on) for row in rows] == [(AUDITOR.id, "auditor", 0)] * 5
    assert (rows[3].route, rows[3].subject) == ("lead", LEAD)


def test_the_log_as_written_passes(conn, read):
    assert readings.check(read) is None
    conn.execute("DELETE FROM reading; UPDATE reading_head SET position = 0, hash = decode(repeat('00', 32), 'hex')")
    assert readings.check(conn) is None


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (f"UPDATE reading SET person = '{UUID(int=4)}' WHERE position = 3", 3),
        ("UPDATE reading SET role = 'admin' WHERE position = 1", 1),
        ("UPDATE reading SET route = 'today' WHERE position = 4", 4),
        ("UPDATE reading SET subject = NULL WHERE position = 2", 2),
        ("UPDATE reading SET rested_on = 7 WHERE position = 5", 5),
        ("UPDATE reading SET recorded_at = recorded_at - interval '1 hour' WHERE position = 2", 2),
        ("UPDATE reading SET hash = sha256('x') WHERE position = 2", 2),
        ("DELETE FROM reading WHERE position = 3", 3),
        ("DELETE FROM reading WHERE position = 5", 5),
        ("DELETE FROM reading", 1),
        ("UPDATE reading SET position = 6 WHERE position = 5", 5),
        (SWAPPED, 2),
        ("INSERT INTO reading SELECT 6, recorded_at, person, role, route, subject, 0, hash FROM reading LIMIT 1", 6),
        ("UPDATE reading_head SET hash = sha256('x')", 6),
        ("DELETE FROM reading_head", 6),
    ],
)
def test_what_was_done_to_it_is_found_at_its_first_place(read, damage, found):
    read.execute(damage)
    assert readings.check(read) == found


def test_a_long_log_is_checked_piece_by_piece(read, monkeypatch):
    monkeypatch.setattr(readings, "_AT_ONCE", 2)
    assert readings.check(read) is None
    read.execute("UPDATE reading SET route = 'x' WHERE position = 5")
    assert readings.check(read) == 5


def test_readings_are_asked_by_person_record_route_and_moment(read):
    def positions(**asked):
        return [row.position for row in readings.listed(read, Filters(**asked)).rows]

    moments = [row.recorded_at for row in reversed(readings.listed(read).rows)]
    assert positions(person=AUDITOR.id) == [5, 4, 3, 2, 1]
    assert positions(person=uuid4()) == []
    assert positions(subject=LEAD) == [2]
    assert positions(routes=["lead", "leads.export"]) == [5, 2]
    assert positions(recorded_from=moments[2], recorded_to=moments[4]) == [4, 3]
    first = readings.listed(read, limit=2)
    second = readings.listed(read, limit=2, after=first.next)
    assert [row.position for row in second.rows] == [3, 2]
    assert readings.listed(read, limit=2, before=second.previous) == first._replace(next=first.next)
    assert readings.counted(read, Filters(routes=["lead"])).count == 1
    assert readings.readers(read) == [AUDITOR.id]


def test_everything_an_auditor_reads_is_due_and_files_whoever_takes_them():
    manager = Viewer(UUID(int=32), "区领导", "boss", frozenset({Role.MANAGER}), acting=Role.MANAGER)
    for route in ("leads", "lead.history", "api.leads"):
        assert readings.due(route, AUDITOR, reads=True), route
        assert not readings.due(route, manager, reads=True), route
        assert not readings.due(route, AUDITOR, reads=False), route
    for route in ("leads.export", "lead.document", "api.lead.document", "import.failed_rows"):
        assert readings.due(route, manager, reads=True), route
    assert not readings.due("login", AUDITOR, reads=True)
