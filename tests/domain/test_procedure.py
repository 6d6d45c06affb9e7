"""A procedure: what may happen to it and when, and what it is at the end of any day."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.procedure import Procedure, ProcedureKind, ProcedureStatus
from domain.procedure.kinds import papers_of
from domain.procedure.possible import possible

PROJECT, OFFICER = UUID(int=1), UUID(int=2)
PAPERS = "用地批准书、勘察报告"


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def act(procedure: Procedure, noun: str, on: str, **values: Any) -> Procedure:
    form = FORMS["procedure", noun].model_validate({"occurred_on": day(on)} | values)
    getattr(procedure, form.verb)(form)
    return procedure


def applied(**values: Any) -> Procedure:
    given: dict[str, Any] = {"kind": "building", "department": "区住建局", "project": PROJECT}
    return act(Procedure(UUID(int=9)), "procedures", "1-5", **(given | values))


def lacking(procedure: Procedure) -> Procedure:
    return act(procedure, "acceptance", "1-8", missing=PAPERS, promised_on=day("2-8"))


def refused(key: str, field: str | None, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert (refusal.value.key, refusal.value.field) == (key, field)


def test_it_is_called_as_it_was_named_or_as_its_kind():
    assert applied().name == "建筑工程施工许可证"
    assert applied(item="一号厂房施工许可").name == "一号厂房施工许可"
    void = act(applied(item="一号厂房施工许可"), "retractions", "1-6", fact=1, reason="记错")
    assert (void.state.exists, void.name) == (False, "一号厂房施工许可")


def test_it_is_for_a_project_a_firm_or_whoever_applies():
    refused("procedure.whose", "applicant", lambda: applied(project=None))
    assert applied(project=None, applicant="某某公司（筹）").state.applicant == "某某公司（筹）"
    refused("procedure.whose", "details.applicant", lambda: act(applied(), "details", "1-6", details={"project": None}))


def test_papers_are_divided_as_people_divide_them_and_named_once():
    assert papers_of("甲、乙，丙; 甲,丁；") == ("甲", "乙", "丙", "丁")
    assert papers_of(None) == ()


def test_it_is_accepted_with_papers_missing_against_a_promise_and_supplemented_in_parts():
    procedure = lacking(applied())
    assert procedure.state.missing == ("用地批准书", "勘察报告")
    assert (procedure.state.owed, procedure.state.promised_on) == (True, day("2-8"))
    act(procedure, "supplements", "1-20", papers="勘察报告")
    assert (procedure.state.missing, procedure.state.papers) == (("用地批准书",), ("用地批准书", "勘察报告"))
    refused("papers.unknown", "papers", lambda: act(procedure, "supplements", "1-21", papers="勘察报告"))
    act(procedure, "supplements", "1-25")
    assert (procedure.state.owed, procedure.state.supplemented_on) == (False, day("1-25"))
    assert procedure.at(day("1-22")).missing == ("用地批准书",)
    refused("papers.none", "papers", lambda: act(procedure, "supplements", "1-26"))


def test_missing_papers_need_a_promise_and_where_none_is_missing_nothing_is_promised():
    for values, key, field in (
        ({"missing": PAPERS}, "promise.day", "promised_on"),
        ({"missing": PAPERS, "promised_on": day("1-7")}, "promise.past", "promised_on"),
    ):
        refused(key, field, lambda values=values: act(applied(), "acceptance", "1-8", **values))
    assert act(applied(), "acceptance", "1-8", promised_on=day("2-1")).state.promised_on is None


def test_papers_are_owed_after_a_permit_but_not_after_a_refusal():
    granted = act(lacking(applied()), "grant", "1-20", document="施工许可证 2026-017")
    assert granted.state.owed
    act(granted, "supplements", "1-25")
    assert (granted.state.owed, granted.state.status) == (False, ProcedureStatus.GRANTED)
    assert not act(lacking(applied()), "refusal", "1-20", reason="不符合规划").state.owed


def test_on_the_spot_it_is_granted_without_acceptance():
    state = act(applied(), "grant", "1-5", document="备案证明").state
    assert (state.accepted_on, state.closed_on) == (None, day("1-5"))


def test_nothing_is_decided_twice_nor_before_it_was_accepted():
    procedure = act(applied(), "acceptance", "1-8")
    refused("procedure.accepted", None, lambda: act(procedure, "acceptance", "1-9"))
    refused("procedure.later_step", "occurred_on", lambda: act(procedure, "grant", "1-7", document="许可证"))
    act(procedure, "grant", "1-20", document="许可证")
    for noun, values in (("refusal", {"reason": "不符"}), ("withdrawal", {"reason": "不建了"}), ("grant", {"document": "证"}),
                         ("handling", {"way": "agent", "handler": OFFICER})):  # fmt: skip
        refused("procedure.closed", None, lambda noun=noun, values=values: act(procedure, noun, "1-21", **values))


def test_who_handles_it_takes_the_place_of_whoever_did():
    procedure = act(applied(), "handling", "1-6", way="agent", handler=OFFICER)
    refused("handling.same", "handler", lambda: act(procedure, "handling", "1-7", way="agent", handler=OFFICER))
    assert act(procedure, "handling", "1-7", way="helped", handler=OFFICER).state.way.text.zh == "帮办"


def test_the_day_of_acceptance_can_be_put_right_and_a_refusal_taken_back():
    procedure = act(lacking(applied()), "refusal", "1-20", reason="不符")
    act(procedure, "date-corrections", "1-22", fact=2, to=day("1-9"), reason="记错")
    act(procedure, "retractions", "1-22", fact=3, reason="复核后撤销")
    assert (procedure.state.status, procedure.state.accepted_on) == (ProcedureStatus.ACCEPTED, day("1-9"))


def test_revising_records_what_differs_only():
    procedure = applied()
    refused("details.unchanged", None, lambda: act(procedure, "details", "1-6", details={"kind": "building"}))
    refused("details.required", "details.kind", lambda: act(procedure, "details", "1-6", details={"kind": None}))
    act(procedure, "details", "1-6", details={"kind": "planning", "department": "区住建局"})
    assert procedure.events[-1].details.given() == {"kind": ProcedureKind.PLANNING}


SAMPLES: dict[str, dict[str, Any]] = {
    "details": {"details": {"item": "二号厂房"}}, "acceptance": {}, "supplements": {}, "grant": {"document": "证"},
    "refusal": {"reason": "不符"}, "withdrawal": {"reason": "不建了"}, "handling": {"way": "helped", "handler": OFFICER},
    "date-corrections": {"fact": 1, "to": day("1-4"), "reason": "记错"}, "retractions": {"fact": 1, "reason": "没有"},
    "detail-corrections": {"fact": 1, "details": {"item": "三号厂房"}, "reason": "记错"},
}  # fmt: skip
HISTORIES: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "applied": (), "accepted": (("acceptance", {}),),
    "lacking": (("acceptance", {"missing": PAPERS, "promised_on": day("3-1")}),),
    "granted lacking": (("acceptance", {"missing": PAPERS, "promised_on": day("3-1")}), ("grant", {"document": "证"})),
    "granted": (("grant", {"document": "证"}),), "refused": (("acceptance", {}), ("refusal", {"reason": "不符"})),
    "withdrawn": (("withdrawal", {"reason": "不建了"}),), "void": (("retractions", {"fact": 1, "reason": "没有"}),),
}  # fmt: skip


@pytest.mark.parametrize("history", HISTORIES)
def test_what_is_offered_is_what_it_takes(history):
    def after() -> Procedure:
        procedure = applied()
        for noun, values in HISTORIES[history]:
            act(procedure, noun, "2-1", **values)
        return procedure

    def takes(noun: str) -> bool:
        try:
            act(after(), noun, "2-2", **SAMPLES[noun])
        except Refused:
            return False
        return True

    assert {form.noun for form in possible(after())} - {"reinstatements"} == set(filter(takes, SAMPLES))
