"""Leads for the tests of their pages: brought in and worked on through the application, by nobody in particular."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from crm.application import By
from domain import FORMS
from domain.lead import Lead, Register
from domain.person import Role
from tests.web.conftest import Office

DAY = date(2026, 1, 5)


def bring(office: Office, channel: UUID, company: str = "长春示例装备有限公司", **values: Any) -> UUID:
    """Register a lead of `channel`; answers its id."""
    given = {"company": company, "industry": "C", "channel": channel, "occurred_on": DAY, "investment": "1.2亿"}
    form = Register.model_validate(given | values)
    return office.crm.register(By(uuid4(), Role.STAFF, uuid4()), form).id


def work(office: Office, lead: UUID, noun: str, **values: Any) -> None:
    """Carry out one command on a lead."""
    form = FORMS["lead", noun].model_validate({"occurred_on": DAY} | values)
    office.crm.change(By(uuid4(), Role.STAFF, uuid4()), Lead, lead, form)


def sign(office: Office, lead: UUID) -> None:
    """Take a lead all the way to its contract."""
    work(office, lead, "contacts", kind="phone")
    work(office, lead, "negotiation", subject="用地与税收")
    work(office, lead, "intent", document="框架协议〔2026〕1号")
    work(office, lead, "contract", amount="2亿", document="投资协议〔2026〕1号")
