"""People, channels and who did what: the rows that their events make."""

from datetime import UTC, datetime
from uuid import UUID

from domain.channel import (
    Channel,
    CloseChannel,
    HandInReport,
    OpenChannel,
    Post,
    ReportOutcome,
    ReviseChannel,
    Withdraw,
)
from domain.lead import CorrectDate, Lead, Retract, Revise
from domain.person import AddPerson, Deactivate, GrantRole, Person, RenamePerson
from projections import activity, activity_asked, channels, people
from projections.activity import ActivityFilters
from projections.paging import Scope
from tests.projections.conftest import Ground
from tests.projections.stories import row
from tests.projections.told import CENTRE, MISSION, OFFICER, Tale, day, lead_id

IMPORT = UUID(int=77)


def staffed() -> Tale:
    tale = Tale()
    add = {"name": "驻北京招商专员", "login": "beijing", "role": "staff", "occurred_on": day("1-1")}
    tale.then(Person, OFFICER, AddPerson.model_validate(add))
    centre = {"kind": "liaison_centre", "name": "驻北京招商联络中心", "city": "北京", "occurred_on": day("1-2")}
    tale.then(Channel, CENTRE, OpenChannel.model_validate(centre))
    return tale.then(Channel, CENTRE, Post(person=OFFICER, occurred_on=day("1-3")))


def test_a_person_s_row_follows_their_events(ground: Ground) -> None:
    tale = staffed()
    tale.then(Person, OFFICER, GrantRole.model_validate({"role": "manager", "occurred_on": day("2-1")}))
    tale.then(Person, OFFICER, RenamePerson(name="北京中心主任", occurred_on=day("2-2")))
    ground.given(tale.events)
    ground.project(batch=2)
    (person,) = people.listed(ground.conn)
    assert (person.name, person.roles, person.active) == ("北京中心主任", ["manager", "staff"], True)
    assert people.one(ground.conn, OFFICER) == person
    tale.then(Person, OFFICER, Deactivate(reason="离任", occurred_on=day("3-1")))
    ground.given(tale.events[-1:])
    ground.project()
    assert people.listed(ground.conn) == []
    assert [person.active for person in people.listed(ground.conn, active=None)] == [False]
    assert people.names(ground.conn) == {OFFICER: "北京中心主任"}


def test_postings_have_a_beginning_and_an_end(ground: Ground) -> None:
    tale = staffed()
    tale.then(Channel, CENTRE, Withdraw(person=OFFICER, occurred_on=day("2-1")))
    tale.then(Channel, CENTRE, Post(person=OFFICER, occurred_on=day("3-1")))
    ground.given(tale.events)
    ground.project(batch=1)
    stays = [(stay.from_on, stay.to_on) for stay in people.postings(ground.conn, channel=CENTRE)]
    assert stays == [(day("3-1"), None), (day("1-3"), day("2-1"))]
    assert people.postings(ground.conn, person=OFFICER, on=day("2-15")) == []
    assert len(people.postings(ground.conn, person=OFFICER, on=day("4-1"))) == 1


def test_an_occasion_tells_what_it_came_to(ground: Ground) -> None:
    tale = staffed()
    trip = {
        "kind": "overseas_mission",
        "name": "德法意招商团",
        "country": "DE",
        "starts_on": day("2-1"),
        "parent": CENTRE,
    }
    tale.then(Channel, MISSION, OpenChannel.model_validate(trip | {"occurred_on": day("1-20")}))
    told = {"conferences": 3, "firms_met": 40, "cooperations": 3, "occurred_on": day("2-20")}
    tale.then(Channel, MISSION, ReportOutcome.model_validate(told))
    tale.then(Channel, MISSION, HandInReport(reference="出访总结", occurred_on=day("2-25")))
    again = {"name": "德法意招商团（春）", "starts_on": day("2-1"), "ends_on": day("2-12"), "occurred_on": day("2-26")}
    tale.then(Channel, MISSION, ReviseChannel.model_validate(again))
    tale.then(Channel, CENTRE, CloseChannel(reason="撤并", occurred_on=day("3-1")))
    ground.given(tale.events)
    ground.project(batch=3)
    mission = channels.one(ground.conn, MISSION)
    assert mission is not None
    assert (mission.name, mission.conferences, mission.firms_met, mission.ends_on) == (
        again["name"],
        3,
        40,
        day("2-12"),
    )
    assert (mission.report, mission.report_on, mission.occasion, mission.closed) == (
        "出访总结",
        day("2-25"),
        True,
        False,
    )
    assert [channel.id for channel in channels.listed(ground.conn, parent=CENTRE)] == [MISSION]
    assert [channel.id for channel in channels.listed(ground.conn, closed=True)] == [CENTRE]
    assert channels.of_kind(ground.conn, "overseas_mission") == [MISSION]
    assert channels.names(ground.conn)[MISSION] == again["name"]
    assert channels.one(ground.conn, UUID(int=404)) is None


def busy(ground: Ground) -> Tale:
    """People, a channel and a lead that is renamed, corrected, retracted: positions 1 to 8, the lead's from 4 on."""
    tale = staffed().registered().contacted()
    renamed = {"details": {"company": "新名有限公司"}, "occurred_on": day("1-12")}
    tale.then(Lead, lead_id(1), Revise.model_validate(renamed))
    tale.then(Lead, lead_id(1), CorrectDate(fact=2, to=day("1-11"), reason="录错", occurred_on=day("1-13")))
    tale.then(Lead, lead_id(1), Retract(fact=1, reason="录错", occurred_on=day("1-14")))
    ground.put(row(event, origin=IMPORT if event.position in (4, 5) else None) for event in tale.events)
    ground.project(batch=3)
    return tale


def test_every_event_is_listed_under_the_name_its_thing_then_had(ground: Ground) -> None:
    busy(ground)
    rows = activity_asked.listed(ground.conn).rows
    assert [entry.position for entry in rows] == [8, 7, 6, 5, 4, 3, 2, 1]
    old, new = "长春示例装备有限公司", "新名有限公司"
    assert [entry.title for entry in rows] == [new, new, new, old, old, *["驻北京招商联络中心"] * 2, "驻北京招商专员"]
    assert (rows[0].channel, rows[0].topic, rows[0].aggregate) == (CENTRE, "lead.fact_retracted", "lead")
    assert rows[3].late_days == (datetime(2026, 3, 1, tzinfo=UTC).date() - day("1-10")).days


def test_activity_can_be_asked_by_who_what_when_and_how_late(ground: Ground) -> None:
    busy(ground)
    march = datetime(2026, 3, 1, tzinfo=UTC)

    def positions(scope: Scope = Scope(), **asked: object) -> list[int]:  # noqa: B008 - frozen
        filters = ActivityFilters(**asked)  # type: ignore[arg-type]
        return [entry.position for entry in activity_asked.listed(ground.conn, filters, scope=scope).rows]

    assert positions(corrections=True) == [8, 7]
    assert positions(topic="lead.contacted") == [5]
    assert positions(topic="lead.contacted", corrections=True) == []
    assert positions(stream=CENTRE, aggregate="channel") == [3, 2]
    assert positions(origin=IMPORT, channel=CENTRE) == [5, 4]
    assert positions(actor=UUID(int=201)) == [7, 4, 1]
    assert positions(late_over=54) == [4, 3, 2, 1]
    assert positions(recorded_from=march.replace(minute=7), occurred_to=day("1-13")) == [7]
    assert positions(recorded_to=march.replace(minute=2), occurred_from=day("1-2")) == [2]
    assert positions(Scope(all=False, channels=[CENTRE])) == [8, 7, 6, 5, 4]
    first = activity_asked.listed(ground.conn, limit=3)
    second = activity_asked.listed(ground.conn, limit=3, after=first.next)
    assert [entry.position for entry in second.rows] == [5, 4, 3]


def test_what_came_of_an_import_and_of_each_person_s_day_is_summed_up(ground: Ground) -> None:
    busy(ground)
    (brought,) = activity.origins(ground.conn).rows
    assert (brought.origin, brought.events, brought.leads, brought.first_position, brought.last_position) == (
        IMPORT,
        2,
        1,
        4,
        5,
    )
    summaries = activity.actors(ground.conn, day("3-1"), day("3-1"))
    assert [(summary.events, summary.leads) for summary in summaries] == [(3, 1), (3, 0), (2, 0)]
    assert activity.actors(ground.conn, day("3-2"), day("12-31")) == []
