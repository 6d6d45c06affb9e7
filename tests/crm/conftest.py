"""The application on an empty district, and what a person types into it."""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from crm.application import CRM, By
from domain.lead import Contact, Lead, Register
from domain.values import ContactPerson
from tests.conftest import District

CENTRE = UUID(int=1)
OFFICER = UUID(int=11)
DAY = date(2026, 1, 5)

Giver = Callable[..., By]


def registration(**values: object) -> Register:
    given = {"company": "长春示例装备有限公司", "industry": "C", "channel": CENTRE, "occurred_on": DAY}
    return Register.model_validate(given | values)


def call(note: str = "谈到用电价格", **values: object) -> Contact:
    return Contact.model_validate({"kind": "phone", "note": note, "occurred_on": DAY} | values)


def someone(name: str = "投资部经理", **values: object) -> ContactPerson:
    return ContactPerson.model_validate({"id": uuid4(), "name": name} | values)


@pytest.fixture
def crm(district: District) -> Iterator[CRM]:
    with CRM(district.settings, district.url) as application:
        yield application


@pytest.fixture
def by() -> Giver:
    """Gives an officer's next command: `by()`, or `by(command)` for one given before."""
    return lambda command=None: By(OFFICER, "staff", command or uuid4())


@pytest.fixture
def lead(crm: CRM, by: Giver) -> UUID:
    """A registered lead."""
    return crm.create(by(), Lead, registration()).id
