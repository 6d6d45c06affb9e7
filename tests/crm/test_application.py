"""Commands: once each, on the present state, with an answer one can act on."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest

from crm import bulk, clock
from crm.application import CRM, By, Command, CommandReused, Done, Stale, Unknown
from domain.base import Refused
from domain.channel import Channel
from domain.lead import Lead, Lose, Merge
from tests.crm.conftest import DAY, OFFICER, call, registration


def notes(crm, lead):
    return [event.note for event in crm.lead(lead).events[1:]]


def test_a_command_answers_with_the_aggregate_and_its_position(crm, by):
    made = crm.create(by(), Lead, registration())
    assert made == Done(made.id, 1)
    assert crm.change(by(), Lead, made.id, call()) == Done(made.id, 2)
    assert crm.lead(made.id).version == 2


def test_the_second_click_changes_nothing_and_is_answered_as_the_first(crm, by):
    command = by()
    first = crm.create(command, Lead, registration())
    assert crm.create(command, Lead, registration()) == Done(first.id, first.position, repeated=True)
    lose = by()
    lost = crm.change(lose, Lead, first.id, Lose(reason="elsewhere", occurred_on=DAY))
    again = crm.change(lose, Lead, first.id, Lose(reason="elsewhere", occurred_on=DAY))
    assert again == Done(first.id, lost.position, repeated=True)
    assert crm.position() == 2


@pytest.mark.parametrize("attempt", range(5))
def test_two_clicks_at_once_store_one_contact(crm, by, lead, attempt):
    command, ready = by(), Barrier(2)

    def click() -> Done:
        ready.wait()
        return crm.change(command, Lead, lead, call())

    with ThreadPoolExecutor(2) as threads:
        first, second = (threads.submit(click) for _ in range(2))
        answers = [first.result(), second.result()]
    assert {answer.position for answer in answers} == {2}
    assert sorted(answer.repeated for answer in answers) == [False, True]
    assert notes(crm, lead) == ["谈到用电价格"]


@pytest.mark.parametrize("attempt", range(3))
def test_two_registrations_at_once_under_one_command_make_one_lead(crm, by, attempt):
    command, ready = by(), Barrier(2)

    def click(_: int) -> Done:
        ready.wait()
        return crm.create(command, Lead, registration())

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(click, range(2)))
    assert len({answer.id for answer in answers}) == 1
    assert crm.position() == 1


def test_a_command_id_used_for_something_else_is_refused(crm, by, lead):
    command = by()
    crm.change(command, Lead, lead, call("一"))
    for kind, target, form in (
        (Lead, lead, call("二")),
        (Lead, uuid4(), call("一")),
        (Channel, lead, call("一")),
        (Lead, lead, Lose(reason="elsewhere", occurred_on=DAY)),
    ):
        with pytest.raises(CommandReused):
            crm.change(command, kind, target, form)
    with pytest.raises(CommandReused):
        crm.create(command, Lead, registration())
    assert notes(crm, lead) == ["一"]


def test_the_request_hash_gives_nothing_away_without_the_secret(crm, district):
    other = district.settings.model_copy(update={"secret_key": None, "data_dir": district.data_dir / "other"})
    with CRM(other.model_copy(update={"master_key": district.settings.master_key}), district.url) as elsewhere:
        assert elsewhere.request(Lead, None, call()) != crm.request(Lead, None, call())


def test_a_refused_command_leaves_nothing_behind_and_may_come_again(crm, by, lead):
    command = by()
    with pytest.raises(Refused, match=r"fact\.before_registration"):
        crm.change(command, Lead, lead, call(occurred_on=DAY - timedelta(days=1)))
    assert crm.position() == 1
    assert crm.change(command, Lead, lead, call()).position == 2


def test_a_fact_without_a_day_is_dated_today_and_none_in_the_future(crm, by):
    today = clock.today()
    lead = crm.create(by(), Lead, registration(occurred_on=None)).id
    assert crm.lead(lead).events[0].occurred_on == today
    with pytest.raises(Refused) as refusal:
        crm.change(by(), Lead, lead, call(occurred_on=today + timedelta(days=1)))
    assert (refusal.value.key, refusal.value.field) == ("future", "occurred_on")


def test_what_is_not_there_is_unknown_whatever_it_is_asked_as(crm, by, lead):
    with pytest.raises(Unknown):
        crm.lead(uuid4())
    with pytest.raises(Unknown):
        crm.aggregate(Channel, lead)
    with pytest.raises(Unknown):
        crm.change(by(), Lead, uuid4(), call())
    for version in (0, 2):
        with pytest.raises(Unknown):
            crm.lead(lead, version)


def test_an_id_that_is_taken_is_refused(crm, by, lead):
    with pytest.raises(Refused, match="exists"):
        crm.create(by(), Lead, registration(), id=lead)


def test_a_lead_can_be_seen_as_it_was_at_any_version(crm, by, lead):
    crm.change(by(), Lead, lead, call())
    assert [crm.lead(lead, version).version for version in (1, 2)] == [1, 2]


def test_a_form_opened_before_somebody_else_saved_is_stale(crm, by, lead):
    crm.change(by(), Lead, lead, call("别人"), version=1)
    with pytest.raises(Stale) as stale:
        crm.change(by(), Lead, lead, call("自己"), version=1)
    assert stale.value.current_version == 2
    assert notes(crm, lead) == ["别人"]


def test_of_many_with_the_same_version_one_saves_and_the_others_are_stale(crm, district, by, lead):
    ready = Barrier(4)

    def save(worker: CRM) -> int:
        """The version this one found it at: 1 for the one that saved."""
        ready.wait()
        try:
            worker.change(by(), Lead, lead, call("自己"), version=1)
        except Stale as stale:
            return stale.current_version
        return 1

    with CRM(district.settings, district.url) as other, ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(save, (crm, crm, other, other))) == [1, 2, 2, 2]


def test_four_who_write_to_one_lead_without_a_pause_all_succeed(crm, by, lead):
    with ThreadPoolExecutor(4) as writers:
        done = list(writers.map(lambda number: crm.change(by(), Lead, lead, call(f"第 {number} 次")), range(60)))
    assert len({one.position for one in done}) == 60
    assert crm.lead(lead).version == 61


def test_without_a_version_a_conflict_is_decided_again_on_the_new_state(crm, district, by, lead):
    ready = Barrier(3)

    def save(worker: CRM) -> None:
        ready.wait()
        for number in range(5):
            worker.change(by(), Lead, lead, call(str(number)))

    with (
        CRM(district.settings, district.url) as second,
        CRM(district.settings, district.url) as third,
        ThreadPoolExecutor(3) as processes,
    ):
        list(processes.map(save, (crm, second, third)))
    assert sorted(notes(crm, lead)) == sorted("01234" * 3)


def test_several_aggregates_are_stored_in_one_append_under_one_command(crm, by, lead):
    other = crm.create(by(), Lead, registration(company="另一家")).id
    crm.change(by(), Lead, other, call("归入前的接洽"))
    command = by()
    form = Merge(into=lead, reason="同一项目", occurred_on=DAY)

    def merge():
        merged, survivor = crm.lead(other), crm.lead(lead)
        survivor.absorb(merged, DAY)
        merged.merge(form)
        return [merged, survivor]

    request = crm.request(Lead, other, form)
    done = crm.decide(command, merge, request)
    assert done == Done(other, 5)
    assert crm.decide(command, merge, request) == Done(other, 5, repeated=True)
    joined = crm.lead(lead)
    assert [event.note for event in joined.everything if event.TOPIC == "lead.contacted"] == ["归入前的接洽"]
    assert crm.lead(lead, 1).joined == {}


def test_the_history_of_a_lead_is_every_event_with_who_and_when(crm, lead):
    crm.change(By(OFFICER, "manager", command := uuid4(), origin := uuid4()), Lead, lead, call("备注"))
    (_, _), (row, event) = crm.history(lead)
    assert (row.actor, row.role, row.command, row.origin) == (OFFICER, "manager", command, origin)
    assert (event.note, event.position) == ("备注", 2)
    assert "备注" not in row.data


def test_waiting_ends_when_every_running_projection_has_come_so_far(crm, district):
    assert crm.wait(0, timeout=0.01) is False
    with district.connect(autocommit=True) as conn:
        conn.execute("CREATE TABLE projection (name text PRIMARY KEY, position bigint NOT NULL, stopped text)")
        assert crm.wait(0, timeout=0.01) is False
        conn.execute("INSERT INTO projection VALUES ('leads', 7, NULL), ('funnel', 5, NULL), ('agenda', 1, 'poison')")
    assert crm.wait(5, timeout=0.01) is True
    assert crm.wait(6, timeout=0.01) is False


@contextmanager
def projection(district):
    with district.connect(autocommit=True) as conn:
        conn.execute("CREATE TABLE projection (name text PRIMARY KEY, position bigint NOT NULL, stopped text)")
        conn.execute("INSERT INTO projection VALUES ('leads', 0, NULL)")
        yield conn


class TestBulk:
    def registered(self, by, number=1):
        lead = Lead(uuid4())
        lead.register(registration(company=f"第{number}家"))
        return Command(by(), lead, b"register")

    def test_every_command_gets_its_own_answer_in_order(self, crm, by):
        commands = [self.registered(by, number) for number in range(120)]
        answers = crm.bulk(commands)
        assert [answer.position for answer in answers] == list(range(1, 121))
        assert [answer.id for answer in answers] == [command.events[0].originator_id for command in commands]

    def test_a_second_run_of_the_same_changes_nothing(self, crm, by):
        commands = [self.registered(by) for _ in range(3)]
        first = crm.bulk(commands)
        again = crm.bulk([*commands, self.registered(by)])
        assert again[:3] == [Done(answer.id, answer.position, repeated=True) for answer in first]
        assert again[3].position == 4

    def test_one_that_conflicts_does_not_spoil_the_others(self, crm, by, lead):
        behind = crm.lead(lead)
        behind.contact(call())
        late = Command(by(), behind, b"contact")
        behind.contact(call("接着"))
        later = Command(by(), behind, b"contact")
        crm.change(by(), Lead, lead, call("抢先"))
        before, after = self.registered(by), self.registered(by)
        answers = crm.bulk([before, late, later, after])
        assert [type(answer) for answer in answers] == [Done, Refused, Refused, Done]
        assert notes(crm, lead) == ["抢先"]

    def test_one_whose_id_was_used_for_something_else_does_not_either(self, crm, by):
        used = self.registered(by)
        crm.bulk([used])
        other = self.registered(lambda: used.by)
        other.request = b"other"
        fresh = self.registered(by)
        refused, done = crm.bulk([other, fresh])
        assert refused.key == "command.reused"
        assert done.position == 2

    def test_a_command_that_stands_twice_in_the_list_is_stored_once(self, crm, by):
        command = self.registered(by)
        first, second = crm.bulk([command, Command(command.by, command.events, command.request)])
        assert second == Done(first.id, first.position, repeated=True)
        assert crm.position() == 1

    def test_nothing_decided_is_no_command(self, by):
        with pytest.raises(ValueError, match="decided"):
            Command(by(), Lead(uuid4()), b"")


def test_of_the_process_environment_nothing_steers_the_library(crm, district, monkeypatch):
    monkeypatch.setenv("IS_SNAPSHOTTING_ENABLED", "y")
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    with CRM(district.settings, district.url) as other:
        assert other.snapshots is None

    def test_it_is_stored_no_faster_than_pages_follow(self, crm, district, by, monkeypatch):
        monkeypatch.setattr(bulk, "AHEAD_EVENTS", 60)
        ahead, done = [], threading.Event()
        with projection(district) as conn, ThreadPoolExecutor(1) as threads:

            def project():
                while not done.wait(0.01):
                    behind = conn.execute("SELECT h.position - p.position FROM head h, projection p").fetchone()[0]
                    ahead.append(behind)
                    conn.execute("UPDATE projection SET position = position + %s", [min(behind, 40)])

            projecting = threads.submit(project)
            crm.bulk([self.registered(by) for _ in range(600)])
            done.set()
            projecting.result()
        assert 60 <= max(ahead) <= 60 + bulk.FEWEST_EVENTS * 2**3
        assert crm.position() == 600

    def test_where_nobody_projects_it_waits_once(self, crm, district, by, monkeypatch):
        monkeypatch.setattr(bulk, "AHEAD_EVENTS", 10)
        monkeypatch.setattr(bulk, "PATIENCE_SECONDS", 0.05)
        looked = []
        with projection(district):
            shown = crm._followed._shown
            crm._followed._shown = lambda: looked.append(1) or shown()
            crm.bulk([self.registered(by) for _ in range(100)])
            waited = len(looked)
            crm.bulk([self.registered(by) for _ in range(100)])
        assert waited > 2
        assert len(looked) - waited <= 2 * 100 / bulk.FEWEST_EVENTS
        assert crm.position() == 200
