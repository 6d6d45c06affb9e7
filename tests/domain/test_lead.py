"""What may happen to a lead, and what may not."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from domain.base import EVENTS, Refused, field_text
from domain.funnel import Stage, Status
from domain.lead import (
    AddNote,
    Assign,
    AttachDocument,
    Claim,
    CompleteNextAction,
    Contact,
    CorrectDate,
    CorrectDetails,
    EnterNegotiation,
    Hold,
    Judge,
    Lead,
    Merge,
    MoveBack,
    Reinstate,
    Reopen,
    Resume,
    Retract,
    Revise,
    ReviseInvestment,
    SetNextAction,
    Unmerge,
)
from domain.lead.corrections import FactRetracted
from domain.lead.event import LeadEvent
from tests.domain.conftest import (
    CENTRE,
    MISSION,
    OFFICER,
    SUCCESSOR,
    contact,
    contract,
    day,
    intent,
    landing,
    lead_after,
    loss,
    register,
)


def refusal(lead: Lead, form: object) -> Refused:
    """Why the lead will not have it; nothing may have happened to it."""
    before = lead.version
    with pytest.raises(Refused) as raised:
        getattr(lead, form.verb)(form)
    assert lead.version == before
    return raised.value


def test_a_registered_lead_stands_in_the_first_stage_with_its_channel_and_owner(registered):
    assert registered.standing.stage is Stage.REGISTERED
    assert registered.standing.status is Status.OPEN
    assert registered.attribute("channel") == CENTRE
    assert registered.attribute("owner") == OFFICER
    assert registered.standing.registered_on == day("1-5")


def test_a_lead_is_registered_once(registered):
    assert refusal(registered, register()).key == "lead.exists"


def test_a_two_way_contact_evidences_the_second_stage_and_sets_the_next_action():
    lead = lead_after(contact("1-8", next_action="寄送区情资料", next_due="2026-01-12"))
    assert lead.standing.stage is Stage.CONTACTED
    assert lead.attribute("next_due") == day("1-12")


def test_the_planned_investment_is_revised_by_a_fact_of_its_own():
    with pytest.raises(ValidationError):
        Revise.model_validate({"details": {"investment": "2亿"}})


def test_half_a_next_action_is_refused_at_the_missing_field():
    with pytest.raises(ValidationError) as raised:
        Contact.model_validate({"kind": "phone", "next_action": "回访"})
    assert raised.value.errors()[0]["ctx"]["error"].field == "next_due"


def test_a_phone_call_after_signing_moves_nothing_back():
    assert lead_after(intent("2-1"), contact("2-10")).standing.stage is Stage.INTENT_SIGNED


def test_stages_may_be_skipped():
    lead = lead_after(contract("3-1"))
    assert lead.standing.stage is Stage.CONTRACT_SIGNED
    assert lead.standing.reached is Stage.CONTRACT_SIGNED


def test_from_the_contract_on_the_contracted_amount_counts():
    lead = lead_after(contract("3-1", "8000万"))
    assert lead.attribute("amount").fen == 8_000_000_000
    assert lead.at(day("2-28")).attributes["amount"] is None


def test_the_same_stage_is_not_entered_twice_unless_the_lead_fell_back():
    lead = lead_after(intent("2-1"))
    assert refusal(lead, intent("2-20")).key == "stage.reached"
    lead.move_back(MoveBack.model_validate({"to": "contacted", "reason": "协议作废", "occurred_on": day("2-25")}))
    lead.sign_intent(intent("3-5"))
    assert lead.standing.stage is Stage.INTENT_SIGNED
    assert lead.standing.entered[Stage.INTENT_SIGNED] == day("3-5")


def test_an_intent_found_out_after_the_contract_is_entered_with_its_own_date():
    lead = lead_after(contract("3-1"))
    lead.sign_intent(intent("2-1"))
    assert lead.standing.stage is Stage.CONTRACT_SIGNED
    assert lead.at(day("2-10")).stage is Stage.INTENT_SIGNED


def test_no_fact_is_dated_before_the_registration(registered):
    refused = refusal(registered, contact("1-4"))
    assert refused.key == "fact.before_registration"
    assert refused.field == "occurred_on"
    assert "2026-01-05" in refused.text.zh
    assert "2026-01-05" in refused.text.en


def test_moving_back_lowers_and_never_raises():
    lead = lead_after(intent("2-1"))
    up = MoveBack.model_validate({"to": "landed", "reason": "x", "occurred_on": day("2-2")})
    assert refusal(lead, up).key == "setback.not_lower"
    lead.move_back(MoveBack.model_validate({"to": "registered", "reason": "换了负责人", "occurred_on": day("2-2")}))
    assert lead.standing.stage is Stage.REGISTERED
    assert lead.standing.reached is Stage.INTENT_SIGNED


def test_a_landed_lead_cannot_be_lost(landed):
    assert refusal(landed, loss("5-1")).key == "status.landed"


def test_a_lost_lead_takes_nothing_but_a_reopening():
    lead = lead_after(contact("1-8"), loss("2-1"))
    assert refusal(lead, contact("2-5")).key == "status.not_open"
    lead.reopen(Reopen(reason="对方重新联系", occurred_on=day("2-10")))
    lead.contact(contact("2-11"))
    assert lead.standing.status is Status.OPEN
    assert lead.at(day("2-5")).status is Status.LOST


def test_what_happened_before_a_loss_may_still_be_entered():
    lead = lead_after(contact("1-8"), loss("2-1"))
    lead.contact(contact("1-20"))
    assert lead.standing.status is Status.LOST


def test_a_loss_is_not_dated_before_progress_made_since():
    lead = lead_after(contact("1-8"), intent("2-1"))
    refused = refusal(lead, loss("1-20"))
    assert refused.key == "status.later_facts"
    assert refused.field == "occurred_on"


def test_the_reason_other_needs_an_explanation(registered):
    other = loss("1-9").model_copy(update={"reason": "other"})
    other = type(other).model_validate({"reason": "other", "occurred_on": day("1-9")})
    assert refusal(registered, other).field == "note"


def test_a_lead_on_hold_rests_until_it_is_resumed():
    lead = lead_after(contact("1-8"))
    lead.hold(Hold(reason="等待规划调整", occurred_on=day("1-10")))
    assert lead.standing.status is Status.ON_HOLD
    assert refusal(lead, intent("1-12")).key == "status.not_open"
    lead.resume(Resume(occurred_on=day("1-20")))
    assert lead.standing.status is Status.OPEN
    assert refusal(lead, Resume(occurred_on=day("1-21"))).key == "status.not_on_hold"


def test_handing_over_keeps_credit_stage_and_follow_ups():
    lead = lead_after(contact("1-8", next_action="回访", next_due="2026-02-01"))
    lead.assign(Assign(owner=SUCCESSOR, occurred_on=day("1-15")))
    assert lead.events[-1].previous == OFFICER
    assert lead.attribute("owner") == SUCCESSOR
    assert lead.attribute("channel") == CENTRE
    assert lead.attribute("next_due") == day("2-1")
    assert lead.standing.stage is Stage.CONTACTED
    assert refusal(lead, Assign(owner=SUCCESSOR, occurred_on=day("1-16"))).field == "owner"


def test_only_what_differs_is_revised():
    lead = lead_after()
    same = {"company": "长春示例装备有限公司", "jobs": 120}
    lead.revise(Revise.model_validate({"details": same, "occurred_on": day("1-9")}))
    assert lead.events[-1].details.given() == {"jobs": 120}
    again = Revise.model_validate({"details": same, "occurred_on": day("1-9")})
    assert refusal(lead, again).key == "details.unchanged"


def test_a_company_cannot_lose_its_name(registered):
    empty = Revise.model_validate({"details": {"company": None}, "occurred_on": day("1-9")})
    assert refusal(registered, empty).field == "details.company"


def test_a_revised_investment_holds_from_its_own_day_on():
    lead = lead_after(contract("3-1", "8000万"))
    lead.revise_investment(ReviseInvestment.model_validate({"amount": "1亿", "occurred_on": day("4-1")}))
    assert lead.attribute("amount").fen == 10_000_000_000
    assert lead.at(day("3-15")).attributes["amount"].fen == 8_000_000_000


def test_a_next_action_is_set_and_done(registered):
    done = CompleteNextAction(occurred_on=day("1-9"))
    assert refusal(registered, done).key == "next_action.none"
    due = {"next_action": "约见", "next_due": day("1-20"), "occurred_on": day("1-8")}
    registered.set_next_action(SetNextAction.model_validate(due))
    registered.complete_next_action(done)
    assert registered.attribute("next_due") is None


def test_judgement_and_notes_move_no_stage(registered):
    judged = {"verdict": "pursue", "reason": "符合主导产业", "occurred_on": day("1-6")}
    registered.judge(Judge.model_validate(judged))
    registered.add_note(AddNote(note="已核对营业执照", occurred_on=day("1-6")))
    assert registered.standing.stage is Stage.REGISTERED
    assert registered.attribute("verdict") == "pursue"


def test_a_document_is_attached_once(registered):
    file = AttachDocument(
        name="意向书.pdf", sha256="ab" * 30, size=9, media_type="application/pdf", occurred_on=day("1-6")
    )
    registered.attach_document(file)
    assert refusal(registered, file).key == "document.twice"


def test_a_later_channel_may_claim_and_the_credit_stays(registered):
    registered.claim(Claim(channel=MISSION, reason="推介会上首次接触", occurred_on=day("1-9")))
    assert registered.attribute("channel") == CENTRE
    assert [claim.channel for claim in registered.claims] == [MISSION]
    twice = Claim(channel=CENTRE, reason="x", occurred_on=day("1-9"))
    assert refusal(registered, twice).key == "claim.known"


# ── corrections ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_corrected_date_moves_the_fact():
    lead = lead_after(contact("1-8"), intent("2-20"))
    lead.correct_date(CorrectDate(fact=3, to=day("2-2"), reason="录入有误", occurred_on=day("3-1")))
    assert lead.at(day("2-10")).stage is Stage.INTENT_SIGNED
    assert lead.standing.entered[Stage.INTENT_SIGNED] == day("2-2")


def test_a_registration_cannot_be_corrected_past_the_first_fact():
    lead = lead_after(contact("1-8"))
    late = CorrectDate(fact=1, to=day("1-9"), reason="x", occurred_on=day("3-1"))
    assert refusal(lead, late).key == "correction.after_first_fact"


def test_a_retracted_fact_never_happened_until_it_is_reinstated():
    lead = lead_after(contact("1-8"), intent("2-1"))
    lead.retract(Retract(fact=3, reason="未签署", occurred_on=day("3-1")))
    assert lead.standing.stage is Stage.CONTACTED
    assert lead.standing.reached is Stage.CONTACTED
    twice = Retract(fact=3, reason="x", occurred_on=day("3-1"))
    assert refusal(lead, twice).key == "correction.retracted"
    lead.reinstate(Reinstate(fact=3, reason="找到原件", occurred_on=day("3-2")))
    assert lead.standing.stage is Stage.INTENT_SIGNED
    assert refusal(lead, Reinstate(fact=3, reason="x", occurred_on=day("3-2"))).key == "correction.not_retracted"


def test_retracting_the_registration_voids_the_lead():
    lead = lead_after(contact("1-8"))
    lead.retract(Retract(fact=1, reason="重复登记", occurred_on=day("1-9")))
    assert not lead.standing.counts
    assert refusal(lead, contact("1-10")).key == "lead.void"
    lead.reinstate(Reinstate(fact=1, reason="并非重复", occurred_on=day("1-11")))
    assert lead.standing.stage is Stage.CONTACTED


def test_corrected_details_replace_the_facts_own():
    lead = lead_after(contract("3-1", "8000万"))
    right = {"amount": {"minor": 9_000_000_000, "currency": "CNY"}}
    form = CorrectDetails.model_validate({"fact": 2, "details": right, "reason": "抄错", "occurred_on": day("3-9")})
    lead.correct_details(form)
    assert lead.attribute("amount").fen == 9_000_000_000


def test_what_is_put_right_is_stored_as_events_store_it_and_says_again_what_was_put_right_before():
    lead = lead_after(contract("3-1", "8000万"))
    for details in ({"amount": "9000万"}, {"document": "投资协议（二）"}):
        form = {"fact": 2, "details": details, "reason": "抄错", "occurred_on": day("3-9")}
        lead.correct_details(CorrectDetails.model_validate(form))
    assert lead.attribute("amount").fen == 9_000_000_000
    amount = {"minor": 9_000_000_000, "currency": "CNY", "rate": None}
    assert lead.events[-1].details == {"amount": amount, "document": "投资协议（二）"}


def test_a_wrong_value_is_refused_in_words():
    form = {"fact": 2, "details": {"amount": "USD 10m"}, "reason": "抄错", "occurred_on": day("3-9")}
    refused = refusal(lead_after(contract("3-1")), CorrectDetails.model_validate(form))
    assert "签约金额：外币金额请填写当日汇率" in refused.text.zh


def test_a_correction_that_changes_nothing_is_refused():
    lead = lead_after(contract("3-1", "8000万"))
    said = {"fact": 2, "reason": "x", "occurred_on": day("3-9")}
    same = CorrectDetails.model_validate({**said, "details": {"amount": "8000万"}})
    assert refusal(lead, same).key == "correction.unchanged"
    other = CorrectDetails.model_validate({**said, "details": {"document": "另一份合同"}})
    lead.correct_details(other)
    assert refusal(lead, other).key == "correction.unchanged"


def test_a_fact_is_not_corrected_to_a_day_after_its_correction():
    late = CorrectDate(fact=2, to=day("3-2"), reason="x", occurred_on=day("3-1"))
    assert refusal(lead_after(contact("1-8")), late).field == "to"


@pytest.mark.parametrize("details", [{}, {"nonsense": 1}, {"amount": -5}, {"note": "秘密"}])
def test_corrections_of_what_is_not_there_or_not_valid_are_refused(details):
    lead = lead_after(contract("3-1"))
    form = CorrectDetails.model_validate({"fact": 2, "details": details, "reason": "x", "occurred_on": day("3-9")})
    assert refusal(lead, form).field == "details"


def test_what_is_stored_sealed_is_revised_and_never_kept_readable_in_a_correction():
    lead = lead_after()
    lead.revise(Revise.model_validate({"details": {"summary": "机密"}, "occurred_on": day("1-9")}))
    for fact, details in ((1, {"summary": "机密"}), (1, {"contacts": []}), (2, {"details": {"summary": "机密"}})):
        form = CorrectDetails.model_validate(
            {"fact": fact, "details": details, "reason": "x", "occurred_on": day("3-9")}
        )
        assert refusal(lead, form).key == "correction.fields"


@pytest.mark.parametrize("fact", [3, 99])
def test_a_correction_names_a_fact_and_never_another_correction(fact):
    lead = lead_after(contact("1-8"))
    lead.retract(Retract(fact=2, reason="x", occurred_on=day("1-9")))
    form = Retract(fact=fact, reason="x", occurred_on=day("1-9"))
    assert refusal(lead, form).key == "correction.unknown"


# ── merging ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def merged() -> tuple[Lead, Lead]:
    survivor = lead_after(contact("2-1"))
    other = lead_after(intent("1-20"), number=200)
    other.merge(Merge(into=survivor.id, reason="同一项目", occurred_on=day("3-1")))
    survivor.absorb(other, day("3-1"))
    return survivor, other


def test_the_survivor_folds_both_histories_and_the_merged_lead_counts_as_merged():
    survivor, other = merged()
    assert other.standing.status is Status.MERGED
    assert other.at(day("2-1")).status is Status.MERGED
    assert other.standing.stage is None
    assert survivor.at(day("1-25")).stage is Stage.INTENT_SIGNED
    assert survivor.absorbed == {other.id: "长春示例装备有限公司"}
    assert refusal(other, contact("3-2")).key == "lead.merged"


def test_a_company_that_an_event_names_is_called_so_in_both_languages():
    for event in EVENTS.values():
        if issubclass(event, LeadEvent) and "company" in event.payload_fields():
            assert field_text(event, "company") == ("企业名称", "Company")


def test_unmerging_restores_exactly():
    survivor, other = merged()
    other.unmerge(Unmerge(reason="不是同一项目", occurred_on=day("3-5")))
    survivor.release(other.id, day("3-5"))
    assert other.standing.stage is Stage.INTENT_SIGNED
    assert survivor.standing.stage is Stage.CONTACTED
    assert survivor.at(day("1-25")).stage is Stage.REGISTERED


def test_facts_of_a_merged_lead_are_corrected_once_it_is_unmerged():
    _, other = merged()
    for form in (
        CorrectDate(fact=1, to=day("1-2"), reason="x", occurred_on=day("3-9")),
        Retract(fact=1, reason="x", occurred_on=day("3-9")),
        Reinstate(fact=1, reason="x", occurred_on=day("3-9")),
    ):
        refused = refusal(other, form)
        assert refused.key == "correction.merged"
        assert "先撤销合并" in refused.text.zh


def test_what_was_entered_for_days_before_the_registration_counts_from_the_registration_on_once_unmerged():
    survivor = lead_after(contact("2-1"))
    other = lead_after(intent("1-20"), number=200)
    survivor.correct_date(CorrectDate(fact=1, to=day("1-30"), reason="x", occurred_on=day("3-1")))
    other.merge(Merge(into=survivor.id, reason="同一项目", occurred_on=day("3-1")))
    survivor.absorb(other, day("3-1"))
    survivor.hold(Hold(reason="等政策", occurred_on=day("2-2")))
    survivor.correct_date(CorrectDate(fact=5, to=day("1-25"), reason="x", occurred_on=day("3-1")))
    survivor.release(other.id, day("3-5"))
    assert not survivor.at(day("1-26")).counts
    assert (survivor.standing.stage, survivor.standing.status) == (Stage.CONTACTED, Status.OPEN)


def test_a_lead_is_not_merged_into_itself_nor_into_a_merged_one(registered):
    itself = Merge(into=registered.id, reason="x", occurred_on=day("1-9"))
    assert refusal(registered, itself).field == "into"
    _, other = merged()
    with pytest.raises(Refused, match=r"merger\.into_merged"):
        other.absorb(lead_after(number=300), day("3-2"))


def test_a_lead_that_took_others_in_is_not_merged_away():
    survivor, _ = merged()
    away = Merge(into=UUID(int=900), reason="x", occurred_on=day("3-2"))
    assert refusal(survivor, away).key == "merger.has_absorbed"


def test_a_lead_that_took_others_in_is_void_only_once_they_are_given_back():
    survivor, _ = merged()
    away = Retract(fact=1, reason="误登", occurred_on=day("3-2"))
    assert refusal(survivor, away).key == "correction.has_absorbed"


def test_a_void_lead_stands_nowhere_whatever_was_merged_into_it():
    survivor, _ = merged()
    survivor.trigger(FactRetracted, day("3-2"), fact=1, reason="误登")  # as stored by a version that let it through
    assert not survivor.standing.counts


def test_negotiation_is_entered_with_what_is_talked_about():
    form = EnterNegotiation(subject="厂房租赁条件", occurred_on=day("1-20"))
    assert lead_after(form).standing.stage is Stage.NEGOTIATING


def test_landing_after_skipping_reaches_everything():
    assert lead_after(landing("2-1")).standing.reached is Stage.LANDED
