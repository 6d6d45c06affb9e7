"""What is offered is what the lead takes: the list for menus against the guards themselves, in every state."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.lead import Lead
from domain.lead.possible import STAGE_FORMS, possible

DAY = date(2026, 3, 1)
OTHER, CHANNEL, PERSON = UUID(int=7), UUID(int=8), UUID(int=9)
SAMPLES = {
    "contacts": {"kind": "phone"},
    "visits": {"place": "东盛园区"},
    "negotiation": {"subject": "用地"},
    "intent": {"document": "框架协议"},
    "contract": {"amount": "2亿", "document": "投资协议"},
    "landing": {"how": "registered", "where": "园区", "entity": "示例公司"},
    "setback": {"to": "registered", "reason": "投资方退出"},
    "hold": {"reason": "等指标"},
    "resumption": {},
    "loss": {"reason": "market"},
    "reopening": {"reason": "又来联系"},
    "merger": {"into": OTHER, "reason": "同一项目"},
    "unmerger": {"reason": "并错了"},
    "details": {"details": {"jobs": 77}},
    "investment": {"amount": "3亿"},
    "assignment": {"owner": PERSON},
    "judgement": {"verdict": "pursue", "reason": "符合方向"},
    "next-action": {"next_action": "回电", "next_due": "2026-04-01"},
    "next-action-done": {},
    "notes": {"note": "备注"},
    "documents": {"name": "a.pdf", "sha256": "0" * 64, "size": 1, "media_type": "application/pdf"},
    "claims": {"channel": CHANNEL, "reason": "先谈的"},
    "date-corrections": {"fact": 1, "to": "2026-01-01", "reason": "记错"},
    "detail-corrections": {"fact": 1, "details": {"jobs": 5}, "reason": "记错"},
    "retractions": {"fact": 1, "reason": "没有"},
}
"""One right way to fill in every form. (Reinstating needs a fact that is retracted: see the lead's own tests.)"""
STEPS = ("contacts", "negotiation", "intent", "contract", "landing")
HISTORIES: dict[str, tuple[str, ...]] = {
    **{STEPS[count - 1] if count else "registered": STEPS[:count] for count in range(6)},
    "on hold": ("contacts", "hold"),
    "lost": ("negotiation", "loss"),
    "lost from hold": ("hold", "loss"),
    "reopened": ("loss", "reopening"),
    "moved back": ("intent", "setback"),
    "with a next action": ("next-action",),
    "merged": ("contacts", "merger"),
    "unmerged": ("contacts", "merger", "unmerger"),
    "void": ("retractions",),
}


def after(*nouns: str) -> Lead:
    lead = Lead(UUID(int=1))
    register = {
        "company": "长春示例装备有限公司",
        "industry": "C",
        "channel": UUID(int=2),
        "occurred_on": date(2026, 1, 5),
    }
    lead.register(FORMS["lead", "leads"].model_validate(register))
    for noun in nouns:
        carry_out(lead, noun)
    return lead


def carry_out(lead: Lead, noun: str) -> None:
    form = FORMS["lead", noun]
    getattr(lead, form.verb)(form.model_validate({"occurred_on": DAY, **SAMPLES[noun]}))


def taken(act: Callable[[], None]) -> bool:
    try:
        act()
    except Refused:
        return False
    return True


@pytest.mark.parametrize("history", HISTORIES)
def test_what_is_offered_is_what_the_lead_takes(history):
    offered = {form.noun for form in possible(after(*HISTORIES[history]))} - {"reinstatements"}
    takes = {noun for noun in SAMPLES if taken(lambda noun=noun: carry_out(after(*HISTORIES[history]), noun))}
    assert offered == takes


def test_every_stage_after_the_first_has_the_form_that_is_its_evidence():
    assert [form.noun for form in STAGE_FORMS.values()] == list(STEPS)
