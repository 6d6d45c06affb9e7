"""The application on an empty district, and what a person types into it."""

import base64
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pydantic import SecretStr

from crm.application import CRM, By
from crm.settings import Settings
from domain.lead import Contact, Lead, Register
from domain.values import ContactPerson
from projections.engine import prepare
from projections.models import MODELS
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


@pytest.fixture
def own_folder(district: District, tmp_path: Path) -> Settings:
    """The district's settings, with a data folder in which nobody has signed anything yet."""
    master = base64.b64encode(district.settings.wrapping_key()).decode()
    return district.settings.model_copy(update={"data_dir": tmp_path, "master_key": SecretStr(master)})


@pytest.fixture
def ledger(district: District) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the district as its account has it (autocommit)."""
    with district.connect(autocommit=True) as connection:
        prepare(connection, MODELS)
        yield connection


@pytest.fixture
def busy(crm: CRM, by: Giver, lead: UUID) -> CRM:
    """A ledger of 40 events."""
    for number in range(39):
        crm.change(by(), Lead, lead, call(f"第{number}次"))
    return crm


@pytest.fixture
def more(busy: CRM, by: Giver, lead: UUID) -> Callable[..., None]:
    """Records so many more."""

    def add(events: int = 1) -> None:
        for number in range(events):
            busy.change(by(), Lead, lead, call(f"又{number}次"))

    return add
