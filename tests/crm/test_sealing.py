"""Personal data: ciphertext wherever it is stored, readable while its key is there."""

from uuid import uuid4

import pytest

from crm.application import CRM, Command, Done
from crm.erasure import text_subject
from crm.ledger import decided
from crm.sealed import sealed_fields
from crm.sealing import ERASED, Keys, Tampered, destroy_keys
from crm.store import Recorder, decode, read
from domain.base import EVENTS, Refused
from domain.lead import Lead, Revise
from domain.lead.details import DetailsChanged
from tests.crm.conftest import call, registration, someone


def stored(district):
    with district.connect() as conn:
        return read(conn, 0, 100)


def test_nothing_personal_is_readable_in_the_row_and_all_of_it_in_the_lead(crm, by, district):
    person = someone("总经理助理", phone="13800001111", wechat="wx-assistant", email="assistant@example.invalid")
    lead = crm.create(by(), Lead, registration(summary="老板身体不好", contacts=(person,))).id
    crm.change(by(), Lead, lead, call("她说明年再谈"))
    text = "".join(row.data for row in stored(district))
    for secret in ("欧阳", "13800001111", "wx-assistant", "ou@example", "老板身体", "明年再谈"):
        assert secret not in text
    opened = crm.lead(lead)
    assert opened.attribute("contacts") == (person,)
    assert opened.attribute("summary") == "老板身体不好"
    assert opened.events[1].note == "她说明年再谈"


def test_a_destroyed_key_takes_one_person_away_and_leaves_the_other(crm, by):
    gone, stays = someone("要删除的人", phone="13800001111"), someone("留下的人")
    lead = crm.create(by(), Lead, registration(contacts=(gone, stays))).id
    crm.keys.destroy(gone.id)
    first, second = crm.lead(lead).attribute("contacts")
    assert (first.name, first.phone, first.email) == (ERASED, ERASED, None)
    assert second == stays


def test_of_an_erased_person_nothing_can_be_written_again(crm, by):
    person = someone("要删除的人")
    lead = crm.create(by(), Lead, registration(contacts=(person,))).id
    crm.keys.destroy(person.id)
    back = Revise(details=DetailsChanged(contacts=(someone("又写回来", id=person.id),)))
    with pytest.raises(Refused, match=r"sealing\.erased"):
        crm.change(by(), Lead, lead, back)
    kept = crm.lead(lead).attribute("contacts")
    others = Revise(details=DetailsChanged(contacts=(*kept, someone("新人"))))
    crm.change(by(), Lead, lead, others)
    assert [person.name for person in crm.lead(lead).attribute("contacts")] == [ERASED, "新人"]


def test_a_person_who_never_had_a_key_here_cannot_be_erased_and_then_written(crm, by):
    person = someone()
    crm.keys.destroy(person.id)
    with pytest.raises(Refused, match=r"sealing\.erased"):
        crm.create(by(), Lead, registration(contacts=(person,)))


def test_a_copy_of_a_sealed_text_opens_wherever_it_lies(crm, by, district):
    person = someone("投资部经理")
    crm.create(by(), Lead, registration(contacts=(person,)))
    sealed = decode(stored(district)[0]).contacts[0].name
    assert sealed.startswith(f"sealed:v1:{person.id.hex}:")
    assert crm.open(sealed) == "投资部经理"
    assert crm.open_all({"rows": [(1, sealed), [None, sealed]]}) == {"rows": [(1, "投资部经理"), [None, "投资部经理"]]}


def test_a_sealed_text_cannot_be_passed_off_as_another_field_or_person(crm, by, district):
    one, other = someone("甲", phone="1"), someone("乙")
    crm.create(by(), Lead, registration(contacts=(one, other)))
    name = decode(stored(district)[0]).contacts[0].name
    for forged in (name.replace("0.name", "0.phone"), name.replace(one.id.hex, other.id.hex)):
        assert crm.open(forged) == forged


@pytest.mark.parametrize("typed", ["sealed:v1:", "sealed:v1:nonsense", f"sealed:v1:{'0' * 32}:{'0' * 32}:1:name:!"])
def test_what_only_looks_sealed_is_left_as_it_was_typed(crm, by, typed):
    lead = crm.create(by(), Lead, registration(company=typed, summary=typed)).id
    assert crm.lead(lead).attribute("company") == typed
    assert crm.lead(lead).attribute("summary") == typed


def test_every_event_says_where_its_notes_and_contact_persons_are():
    assert sealed_fields(EVENTS["lead.contacted"]) == {"note": "stream", "next_action": "stream"}
    person = dict.fromkeys(("name", "position", "phone", "wechat", "email"), "person")
    assert sealed_fields(EVENTS["lead.registered"]) == {"summary": "stream", "contacts": (person,)}
    assert sealed_fields(EVENTS["lead.details_revised"]) == {"details": {"summary": "stream", "contacts": (person,)}}


def test_another_process_finds_the_keys_and_the_wrong_master_key_is_named(crm, by, district):
    lead = crm.create(by(), Lead, registration(summary="秘密")).id
    with CRM(district.settings, district.url) as other:
        assert other.lead(lead).attribute("summary") == "秘密"
    with pytest.raises(Tampered, match="CRM_MASTER_KEY"):
        Keys(crm.pool, bytes(32)).seal(lead, lead, 1, "note", "x")


def test_a_thousand_texts_are_opened_with_one_query(crm):
    subjects = [uuid4() for _ in range(1000)]
    crm.keys.prepare(subjects)
    sealed = [crm.keys.seal(subject, subject, 1, "note", str(n)) for n, subject in enumerate(subjects)]
    fresh = Keys(crm.pool, crm.settings.wrapping_key())
    before = crm.pool.get_stats()["requests_num"]
    assert fresh.open_all(sealed) == [str(n) for n in range(1000)]
    assert crm.pool.get_stats()["requests_num"] == before + 1


def test_what_is_sealed_just_before_its_key_goes_is_sealed_anew_or_refused(crm, by, monkeypatch):
    person = someone("要删除的人")
    lead = crm.create(by(), Lead, registration(contacts=(person,))).id
    version = crm.lead(lead).version
    _destroyed_while_storing(monkeypatch, crm, {lead: text_subject(lead, 1)})
    done = crm.change(by(), Lead, lead, call("同时写的"), version=version)
    assert crm.lead(lead).events[-1].note == "同时写的"
    assert (done.repeated, crm.lead(lead).version) == (False, version + 1)
    _destroyed_while_storing(monkeypatch, crm, {person.id: None})
    moved = Revise(details=DetailsChanged(contacts=(someone("改了名的人", id=person.id),)))
    with pytest.raises(Refused, match=r"sealing\.erased"):
        crm.change(by(), Lead, lead, moved)
    assert crm.lead(lead).version == version + 1


def test_in_bulk_too_and_a_command_already_done_stays_done(crm, by, monkeypatch):
    leads = [crm.create(by(), Lead, registration()).id for _ in range(2)]
    commands = [_noting(crm, by(), lead) for lead in leads]
    _destroyed_while_storing(monkeypatch, crm, {leads[0]: text_subject(leads[0], 1)})
    assert all(isinstance(answer, Done) for answer in crm.bulk(commands))
    assert [crm.lead(lead).events[-1].note for lead in leads] == ["批量写的"] * 2
    crm.keys.destroy(text_subject(leads[0], 1))
    assert [answer.repeated for answer in crm.bulk(commands[1:])] == [True]


def _noting(crm, by, id):
    lead = crm.lead(id)
    decided(lead, call("批量写的"))
    return Command(by, lead, b"request")


def _destroyed_while_storing(monkeypatch, crm, subjects):
    """The next append comes after an erasure that nobody had heard of when its events were sealed."""
    append, pending = Recorder.append, dict(subjects)

    def late(self, *given, **more):
        with crm.pool.connection() as conn:
            destroy_keys(conn, pending)
        pending.clear()
        return append(self, *given, **more)

    monkeypatch.setattr(Recorder, "append", late)
