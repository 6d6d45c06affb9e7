"""Leads named by the state they are in, and days that read like days."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from domain.base import Form
from domain.lead import Contact, Land, Lead, Lose, Register, SignContract, SignIntent

CENTRE = UUID(int=1)
MISSION = UUID(int=2)
OFFICER = UUID(int=11)
SUCCESSOR = UUID(int=12)


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def register(when: str = "1-5", **values: object) -> Register:
    return Register.model_validate(
        {
            "company": "长春示例装备有限公司",
            "industry": "C",
            "channel": CENTRE,
            "owner": OFFICER,
            "occurred_on": day(when),
        }
        | values
    )


def contact(when: str, **values: object) -> Contact:
    return Contact.model_validate({"kind": "phone", "occurred_on": day(when)} | values)


def intent(when: str) -> SignIntent:
    return SignIntent(document="框架协议", occurred_on=day(when))


def contract(when: str, amount: str = "1.2亿") -> SignContract:
    return SignContract.model_validate({"amount": amount, "document": "投资协议", "occurred_on": day(when)})


def landing(when: str) -> Land:
    return Land.model_validate(
        {"how": "land", "where": "东部片区", "entity": "示例装备（长春）有限公司", "occurred_on": day(when)}
    )


def loss(when: str) -> Lose:
    return Lose.model_validate({"reason": "elsewhere", "occurred_on": day(when)})


def lead_after(*forms: Form, number: int = 100) -> Lead:
    """A lead registered on 5 January, after the given forms."""
    lead = Lead(UUID(int=number))
    for form in (register(), *forms):
        getattr(lead, form.verb)(form)
    return lead


@pytest.fixture
def registered() -> Lead:
    return lead_after()


@pytest.fixture
def landed() -> Lead:
    return lead_after(contact("1-8"), contract("3-1"), landing("4-1"))


@pytest.fixture
def placed() -> Callable[[Lead], Lead]:
    """Gives a lead's events the positions that saving would give them."""

    def give(lead: Lead, first: int = 1) -> Lead:
        for number, event in enumerate(lead.events, start=first):
            event.placed(number)
        return lead

    return give
