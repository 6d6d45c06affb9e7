"""An aggregate kept in memory: never older than the ledger, and never telling what was erased."""

from datetime import timedelta
from uuid import uuid4

import pytest

from crm import loaded
from crm.application import CRM
from crm.sealing import ERASED
from domain.base import Refused
from domain.lead import CorrectDate, Lead, Lose, Merge, Retract, Revise, Unmerge
from domain.lead.details import DetailsChanged
from tests.crm.conftest import DAY, call, registration, someone


def test_what_another_process_records_is_there_at_the_next_look(crm, by, district, lead):
    assert crm.lead(lead).version == 1
    with CRM(district.settings, district.url) as other:
        other.change(by(), Lead, lead, call("别处记的"))
    assert crm.lead(lead).events[-1].note == "别处记的"


def test_what_was_decided_and_not_stored_leaves_nothing_behind(crm, by, lead):
    abandoned = crm.lead(lead)
    abandoned.contact(call())
    with pytest.raises(Refused):
        crm.change(by(), Lead, lead, call(occurred_on=DAY - timedelta(days=9)))
    assert (crm.lead(lead).version, len(crm.lead(lead).events)) == (1, 1)


def test_a_person_erased_elsewhere_is_not_read_from_memory(crm, by, district):
    person = someone("要删除的人")
    lead = crm.create(by(), Lead, registration(contacts=(person,), summary="留着")).id
    assert crm.lead(lead).attribute("contacts") == (person,)
    with CRM(district.settings, district.url) as other:
        other.keys.destroy(person.id)
    (found,) = crm.lead(lead).attribute("contacts")
    assert (found.name, crm.lead(lead).attribute("summary")) == (ERASED, "留着")


def test_once_somebody_is_erased_the_lead_is_kept_in_memory_again(crm, by):
    person = someone("要删除的人")
    lead = crm.create(by(), Lead, registration(contacts=(person,))).id
    crm.keys.destroy(person.id)
    crm.lead(lead)
    crm.lead(lead)  # the key was held until now
    asked = []
    crm._recorder.select_events = lambda *given: asked.append(given) or []
    assert crm.lead(lead).attribute("contacts")[0].name == ERASED
    assert asked == []


def test_what_is_let_go_of_in_this_process_is_gone_from_memory(crm, by):
    person = someone("要删除的人")
    lead = crm.create(by(), Lead, registration(contacts=(person,))).id
    crm.lead(lead)
    crm.forget([person.id])
    assert lead not in crm._loaded._held


def test_another_history_under_the_same_id_is_read_anew(crm, by, district, lead):
    crm.lead(lead)
    with district.connect(autocommit=True) as conn:
        conn.execute("UPDATE event SET data = replace(data, '长春示例', '换过的') WHERE stream = %s", (lead,))
    assert crm.lead(lead).attribute("company").startswith("换过的")


def test_it_holds_so_many_events_and_no_more(crm, by, monkeypatch):
    monkeypatch.setattr(loaded, "MOST_EVENTS", 5)
    leads = [crm.create(by(), Lead, registration()).id for _ in range(7)]
    for lead in leads:
        crm.lead(lead)
    assert list(crm._loaded._held) == leads[-5:]
    assert crm.lead(leads[0]).version == 1


def test_memory_and_replay_say_the_same_of_a_life_with_corrections_and_mergers(crm, by, district):
    lead, other = (crm.create(by(), Lead, registration()).id for _ in range(2))
    forms = [
        (lead, call("一", occurred_on=DAY + timedelta(days=9))),
        (lead, call("迟记的", occurred_on=DAY + timedelta(days=3))),
        (lead, CorrectDate(fact=2, to=DAY + timedelta(days=1), reason="记错")),
        (lead, Revise(details=DetailsChanged(region="吉林"), occurred_on=DAY + timedelta(days=4))),
        (lead, Retract(fact=3, reason="没有发生")),
        (other, call("别的线索")),
        (other, Merge(into=lead, reason="同一家")),
        (lead, call("合并以后")),
        (other, Unmerge(reason="弄错了")),
        (lead, Lose(reason="land")),
    ]
    with CRM(district.settings, district.url) as reader:
        for subject, form in forms:
            if isinstance(form, Merge):
                crm.merge(by(), subject, form)
            elif isinstance(form, Unmerge):
                crm.unmerge(by(), subject, form)
            else:
                crm.change(by(), Lead, subject, form)
            for one in (lead, other):
                kept, replayed = reader.lead(one), reader.lead(one, version=reader.lead(one).version)
                assert (kept.history, kept.standing, kept.events) == (
                    replayed.history,
                    replayed.standing,
                    replayed.events,
                )
                assert (kept.joined, kept.absorbed, kept.merged_into) == (
                    replayed.joined, replayed.absorbed, replayed.merged_into,
                )  # fmt: skip


def test_there_is_nothing_to_hold_of_what_does_not_exist(crm):
    assert crm._loaded.get(uuid4()) is None
