"""Event ⇄ row, and the reads that the library's own parts make through our recorder."""

from collections.abc import Iterator
from threading import Thread
from typing import ClassVar
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError

from crm.store import Datastore, Mapper, Recorder, UnknownEvent, decode, read
from domain.base import EVENTS, Event, Text
from domain.lead import Lead
from domain.lead.event import LeadEvent
from tests.crm.conftest import call, registration


@pytest.fixture
def renamed_field() -> Iterator[type[Event]]:
    """An event whose fields changed twice since the first was stored."""

    class Measured(LeadEvent):
        TOPIC = "lead.measured"
        SCHEMA: ClassVar[int] = 3
        TITLE = Text("测量", "Measured")
        square_metres: int
        by: str

        @classmethod
        def upcast_v1(cls, values):
            return {"square_metres": values["mu"] * 667}

        @classmethod
        def upcast_v2(cls, values):
            return values | {"by": "未记"}

    yield Measured
    del EVENTS[Measured.TOPIC]


@pytest.fixture
def first(crm, by):
    """A lead of three events: its id."""
    lead = crm.create(by(), Lead, registration()).id
    crm.change(by(), Lead, lead, call("一"))
    crm.change(by(), Lead, lead, call("二"))
    return lead


def rows(district):
    with district.connect() as conn:
        return read(conn, 0, 1000)


def test_an_event_comes_back_as_it_was_and_knows_its_place(crm, by, district):
    lead = Lead(uuid4())
    lead.register(registration(company="龙门𠮷𪚥\\\"'; --", summary="两行\n的说明", investment="1.2亿", land_mu="30.5"))
    event = next(lead.pending)
    crm.record(by(), lead, request=b"")
    again = decode(rows(district)[0], crm.keys)
    assert again.position == 1
    assert again == event.placed(1)


def test_old_versions_are_brought_to_today_one_step_at_a_time(renamed_field, first, district):
    row = rows(district)[0]._replace(topic=renamed_field.TOPIC)
    stored = [(1, '{"mu": 2}'), (2, '{"square_metres": 9}'), (3, '{"square_metres": 9, "by": "甲"}')]
    events = [decode(row._replace(schema=schema, data=data)) for schema, data in stored]
    assert [(event.square_metres, event.by) for event in events] == [(1334, "未记"), (9, "未记"), (9, "甲")]


@pytest.mark.parametrize(("topic", "schema"), [("lead.never_heard_of", 1), ("lead.contacted", 99)])
def test_what_a_later_version_wrote_is_named_and_not_guessed(first, district, topic, schema):
    with pytest.raises(UnknownEvent, match=topic):
        decode(rows(district)[1]._replace(topic=topic, schema=schema))


def test_no_import_path_is_stored(first, district):
    assert [row.topic for row in rows(district)] == ["lead.registered", "lead.contacted", "lead.contacted"]


def test_reading_goes_on_after_a_position(first, district):
    with district.connect() as conn:
        assert [row.position for row in read(conn, 1, 1)] == [2]
        assert [row.position for row in read(conn, 2, 10)] == [3]
        assert read(conn, 3, 10) == []


@pytest.mark.parametrize(
    ("asked", "versions"),
    [
        ({}, [1, 2, 3]),
        ({"gt": 1}, [2, 3]),
        ({"lte": 2}, [1, 2]),
        ({"gt": 1, "lte": 2}, [2]),
        ({"desc": True}, [3, 2, 1]),
        ({"desc": True, "limit": 1, "lte": 2}, [2]),
        ({"limit": 2}, [1, 2]),
    ],
)
def test_the_library_selects_the_events_of_an_aggregate(crm, first, asked, versions):
    found = crm.recorder.select_events(first, **asked)
    assert [row.originator_version for row in found] == versions
    assert {row.originator_id for row in found} == {first}


@pytest.mark.parametrize(
    ("asked", "positions"),
    [
        ({"start": None, "limit": 10}, [1, 2, 3]),
        ({"start": 2, "limit": 10}, [2, 3]),
        ({"start": 2, "limit": 10, "inclusive_of_start": False}, [3]),
        ({"start": 1, "limit": 10, "stop": 2}, [1, 2]),
        ({"start": 1, "limit": 1}, [1]),
        ({"start": 1, "limit": 10, "topics": ["lead.registered"]}, [1]),
    ],
)
def test_a_notification_is_an_event_and_its_id_the_position(crm, first, asked, positions):
    found = crm.recorder.select_notifications(**asked)
    assert [notification.id for notification in found] == positions
    assert all(isinstance(crm.mapper.to_domain_event(notification), LeadEvent) for notification in found)


def test_the_last_position_is_none_before_the_first_event(crm, by):
    assert crm.recorder.max_notification_id() is None
    crm.create(by(), Lead, registration())
    assert crm.recorder.max_notification_id() == 1


def test_the_library_s_notification_log_and_subscription_read_through_us(crm, by, first):
    assert [item.id for item in crm.notification_log["1,10"].items] == [1, 2, 3]
    with crm.recorder.subscribe(gt=2) as subscription:
        writer = Thread(target=lambda: crm.change(by(), Lead, first, call("三")))
        writer.start()
        assert [next(subscription).id, next(subscription).id] == [3, 4]
        writer.join()


def test_saving_an_old_version_is_the_library_s_integrity_error(crm, by, first):
    ahead, behind = crm.lead(first), crm.lead(first)
    ahead.contact(call())
    behind.contact(call())
    crm.record(by(), ahead, request=b"")
    with pytest.raises(IntegrityError):
        crm.record(by(), behind, request=b"")


def test_nothing_to_store_stores_nothing(crm, by, district):
    assert crm.record(by(), Lead(uuid4()), request=b"").position == 0
    assert rows(district) == []


def test_the_recorder_makes_no_table_of_the_library_s(crm, district):
    Recorder(Datastore(crm.pool, district.schema)).create_table()
    with district.connect() as conn:
        found = conn.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname ~ 'stored|es_'"
        ).fetchone()
    assert found == (0,)


def test_mapper_takes_only_rows_of_ours(crm):
    with pytest.raises(TypeError):
        Mapper(crm.keys).to_domain_event("nothing")
