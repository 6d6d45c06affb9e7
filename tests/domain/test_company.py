"""A firm and a service to it: what may happen and when, and what they are at the end of any day."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Aggregate, Form, Refused
from domain.company import Company, CompanyStatus
from domain.company.possible import possible
from domain.correctable import Correctable
from domain.service import Service, ServiceOutcome
from domain.service import possible as possible_of_service

LEADER, OFFICER, LEAD = UUID(int=1), UUID(int=2), UUID(int=3)


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def act(record: Any, noun: str, on: str, **values: Any) -> Any:
    form = FORMS[record.NAME, noun].model_validate({"occurred_on": day(on)} | values)
    getattr(record, form.verb)(form)
    return record


def firm(**values: Any) -> Any:
    given = {"name": "某某装备有限公司", "sector": "manufacturing", "lead": LEAD}
    return act(Company(UUID(int=9)), "companies", "1-5", **(given | values))


def call(**values: Any) -> Any:
    given = {"kind": "phone", "subject": "用电报装", "company": UUID(int=9), "outcome": "goes_on"}
    return act(Service(UUID(int=8)), "services", "2-1", **(given | values))


def test_a_firm_keeps_every_name_it_went_by() -> None:
    company = firm(former_name="某某机械厂")
    act(company, "names", "3-1", name="某某智能装备有限公司")
    assert company.state.names == ("某某智能装备有限公司", "某某机械厂", "某某装备有限公司")
    assert company.at(day("2-1")).name == "某某装备有限公司"
    act(company, "names", "4-1", name="某某装备有限公司")
    assert company.state.former_names == ("某某机械厂", "某某智能装备有限公司")


def test_who_answers_is_known_for_every_day() -> None:
    company = act(firm(), "responsibility", "2-1", leader=LEADER, officers=[{"person": OFFICER}])
    act(company, "responsibility", "3-1", leader=OFFICER)
    assert company.at(day("1-31")).responsibility is None
    assert company.at(day("2-28")).responsibility.people == {LEADER, OFFICER}
    assert company.state.responsibility.leader == OFFICER
    refuses(company, "responsibility", "3-2", "officers.twice", leader=LEADER, officers=[{"person": OFFICER}] * 2)


def test_a_firm_that_has_gone_is_answered_for_by_nobody_new_until_it_is_back() -> None:
    company = act(firm(), "ending", "2-1", how="moved", reason="迁往外区")
    assert company.state.status is CompanyStatus.MOVED
    refuses(company, "responsibility", "2-2", "company.gone", leader=LEADER)
    refuses(company, "ending", "2-2", "company.gone", how="closed", reason="注销")
    act(company, "reopening", "3-1")
    assert company.state.status is CompanyStatus.ACTIVE
    refuses(company, "reopening", "3-2", "company.active")


def test_a_firm_is_linked_to_a_lead_once_and_is_not_its_own_parent() -> None:
    company = firm()
    refuses(company, "leads", "2-1", "lead.linked", lead=LEAD)
    act(company, "leads", "2-1", lead=OFFICER)
    assert company.state.leads == (LEAD, OFFICER)
    refuses(company, "details", "2-1", "parent.itself", details={"parent": company.id})
    refuses(company, "details", "2-1", "details.unchanged", details={"sector": "manufacturing"})
    refuses(company, "details", "2-1", "details.required", details={"sector": None})
    refuses(company, "names", "2-1", "name.same", name="某某装备有限公司")


def test_a_retracted_registration_takes_the_firm_with_it() -> None:
    company = act(firm(), "retractions", "2-1", fact=1, reason="重复登记")
    assert not company.state.exists
    assert company.name == "某某装备有限公司"
    refuses(company, "names", "2-2", "record.void", name="另一名称")


def test_a_service_is_for_somebody() -> None:
    with pytest.raises(ValueError, match=r"service\.for_nobody"):
        call(company=None)
    service = call(company=None, served="某某餐饮店")
    refuses(service, "details", "2-2", "service.for_nobody", details={"served": None})
    refuses(service, "details", "2-2", "details.unchanged", details={"subject": "用电报装"})


def test_what_came_of_a_service_is_known_by_its_day() -> None:
    service = act(call(), "follow-ups", "2-9", outcome="solved", result="已送电")
    assert (service.state.outcome, service.state.solved_on) == (ServiceOutcome.SOLVED, day("2-9"))
    assert service.at(day("2-8")).outcome is ServiceOutcome.GOES_ON
    act(service, "details", "2-10", details={"outcome": "unsolved"})
    assert service.state.solved_on is None
    assert call(outcome="solved").state.solved_on == day("2-1")


def test_a_service_can_be_corrected_and_retracted() -> None:
    service = act(call(), "date-corrections", "2-5", fact=1, to=day("1-30"), reason="日期录错")
    assert service.state.served_on == day("1-30")
    act(service, "detail-corrections", "2-5", fact=1, details={"kind": "inspection"}, reason="方式录错")
    assert service.state.kind == "inspection"
    act(service, "retractions", "2-6", fact=1, reason="重复")
    assert not service.state.exists
    assert service.name == "用电报装"


VALUES: dict[str, dict[str, Any]] = {
    "details": {"details": {"address": "东部片区"}}, "names": {"name": "新名"}, "leads": {"lead": OFFICER},
    "ending": {"how": "closed", "reason": "注销"}, "reopening": {}, "responsibility": {"leader": LEADER},
    "follow-ups": {"outcome": "done", "result": "已办结"},
}  # fmt: skip


@pytest.mark.parametrize("record", [
    firm(), act(firm(), "ending", "2-1", how="moved", reason="迁往外区"), act(firm(), "retractions", "2-1", fact=1, reason="重复"),
    call(), act(call(), "retractions", "2-2", fact=1, reason="重复"),
])  # fmt: skip
def test_what_is_offered_is_taken_and_what_is_not_offered_is_refused(record: Correctable) -> None:
    offered = possible(record) if isinstance(record, Company) else possible_of_service(record)  # type: ignore[arg-type]
    for form in asked(record):
        typed = (
            {"details": {"result": "已受理"}}
            if record.NAME == "service" and form.noun == "details"
            else VALUES[form.noun]
        )
        assert taken(record.copy(), form, typed) is (form in offered), form.noun


def asked(record: Aggregate) -> list[type[Form]]:
    return [form for (name, noun), form in FORMS.items() if name == record.NAME and noun in VALUES]


def taken(record: Any, form: type[Form], typed: dict[str, Any]) -> bool:
    try:
        act(record, form.noun, "5-1", **typed)
    except Refused:
        return False
    return True


def refuses(record: Any, noun: str, on: str, key: str, **values: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act(record, noun, on, **values)
    assert refusal.value.key == key
