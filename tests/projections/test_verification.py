"""`verify`: what the events make of the read models today, compared with what is there; nothing is swapped."""

import threading
from typing import Any

import psycopg
import pytest
from psycopg import sql

from domain.base import Event
from projections import engine
from projections.follow import follow
from projections.models import MODELS
from projections.rebuild import Compared, Difference, RebuildFailed, verify
from tests.projections.conftest import Ground
from tests.projections.stories import COLUMNS, row
from tests.projections.told import Tale, lead_id

LEADS = 30


@pytest.fixture
def filled(ground: Ground) -> Ground:
    tale = Tale()
    for number in range(LEADS):
        tale.registered(number).contacted(number)
    ground.given(tale.events)
    ground.project()
    return ground


def compared(ground: Ground) -> dict[str, Compared]:
    return {one.table: one for one in verify(lambda: ground.district.connect(autocommit=True), MODELS)}


def sides(ground: Ground) -> list[tuple[str]]:
    return ground.rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE %s", f"{ground.district.schema}\\_\\_%")


def test_sound_tables_are_the_same_each_with_its_digest(filled: Ground) -> None:
    found = compared(filled)
    assert set(found) == {table for model in MODELS for table in model.tables}
    assert all(one.same for one in found.values())
    assert found["lead"].position == 2 * LEADS
    assert found["lead"].live is not None
    assert found["lead"].live.rows == LEADS
    assert sides(filled) == []


def test_a_changed_a_missing_and_an_extra_row_are_named_and_left_as_they_are(filled: Ground) -> None:
    filled.conn.execute("UPDATE lead SET company = 'X' WHERE id = %s", [lead_id(3)])
    filled.conn.execute("DELETE FROM lead WHERE id = %s", [lead_id(4)])
    filled.conn.execute("CREATE TEMP TABLE copied AS SELECT * FROM lead WHERE id = %s", [lead_id(5)])
    filled.conn.execute("UPDATE copied SET id = %s", [lead_id(77)])
    filled.conn.execute("INSERT INTO lead SELECT * FROM copied")
    before = filled.digests()
    found = compared(filled)
    assert {table for table, one in found.items() if not one.same} == {"lead"}
    assert set(found["lead"].first) == {
        Difference(str(lead_id(3)), "changed"),
        Difference(str(lead_id(4)), "missing"),
        Difference(str(lead_id(77)), "extra"),
    }
    assert found["lead"].differing == 3
    assert filled.digests() == before
    assert sides(filled) == []


def test_only_the_first_of_many_are_named_and_all_are_counted(filled: Ground) -> None:
    filled.conn.execute("UPDATE lead SET amount_fen = 1")
    lead = compared(filled)["lead"]
    assert (lead.differing, len(lead.first)) == (LEADS, 5)


def test_read_models_that_lie_behind_are_compared_where_they_are(filled: Ground) -> None:
    more = Tale().registered(99).contacted(99).events
    filled.given([event.placed(2 * LEADS + number) for number, event in enumerate(more, 1)])
    filled.projector.size = 1
    filled.conn.execute("UPDATE projection SET stopped = 'x' WHERE name = 'leads'")
    filled.projector.advance()
    found = compared(filled)
    assert all(one.same for one in found.values())
    assert (found["lead"].position, found["person"].position) == (2 * LEADS, 2 * LEADS + 1)


def test_an_event_that_nobody_can_read_any_more_is_said_of_its_read_models(filled: Ground) -> None:
    filled.conn.execute("UPDATE event SET topic = 'lead.teleported' WHERE position = 7")
    found = compared(filled)
    assert found["lead"].trouble == "lead.teleported v1 @7: UnknownEvent"
    assert (found["lead"].position, found["lead"].same) == (6, False)
    assert sides(filled) == []


def test_tables_of_another_version_are_not_compared(filled: Ground) -> None:
    filled.conn.execute("UPDATE projection SET shape = 'older' WHERE name = 'leads'")
    found = compared(filled)
    assert "crm rebuild" in str(found["lead"].trouble)
    assert found["funnel_interval"].same


def test_a_table_that_was_taken_away_is_missed(filled: Ground) -> None:
    filled.conn.execute("DROP TABLE lead_name")
    assert "no such table" in str(compared(filled)["lead_name"].trouble)


def test_two_at_once_are_refused(filled: Ground) -> None:
    with filled.district.connect(autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('landfall rebuild ' || current_schema(), 0))")
        with pytest.raises(RebuildFailed, match="running"):
            compared(filled)


def put(conn: psycopg.Connection[Any], event: Event) -> None:
    insert = sql.SQL("INSERT INTO event ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, COLUMNS)), sql.SQL(", ").join([sql.Placeholder()] * len(COLUMNS))
    )
    with conn.transaction():
        conn.execute(insert, row(event))
        conn.execute("UPDATE head SET position = %s", [event.position])


def test_it_compares_while_events_come_and_are_projected(filled: Ground) -> None:
    stopping, comparing = threading.Event(), threading.Event()

    def connect() -> psycopg.Connection[Any]:
        return filled.district.connect(autocommit=True)

    def write() -> None:
        with connect() as conn:
            position = 2 * LEADS
            while not comparing.wait(0.005):
                position += 1
                put(conn, Tale().registered(position).events[0].placed(position))

    threads = [threading.Thread(target=follow, args=(connect, MODELS, stopping)), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            assert [one for one in verify(connect, MODELS) if not one.same] == []
    finally:
        comparing.set()
        stopping.set()
        for thread in threads:
            thread.join()
    assert engine.reached(filled.conn) > 2 * LEADS
