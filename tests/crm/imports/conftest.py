"""A district with two centres, a mission and an officer, and an importer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from crm.access import SYSTEM
from crm.application import CRM, By
from crm.imports.choices import Choices, Source
from crm.imports.judging import Importer
from crm.imports.run import Applied, apply
from domain.channel import Channel, ChannelKind, OpenChannel
from domain.person import AddPerson, Person, Role
from projections import leads
from projections.engine import Projector, prepare
from projections.leads import LeadFilters, LeadRow
from projections.models import MODELS
from tests.conftest import District
from tests.crm.imports.ledgers import CENTRE

IMPORTER = Importer(SYSTEM, "admin")


@dataclass
class Office:
    """The district as an importer finds it."""

    crm: CRM
    projector: Projector
    centre: UUID

    def source(self, data: bytes, name: str = "台账.xlsx", **choices: Any) -> Source:
        return Source(data, name, Choices(**choices))

    def apply(self, data: bytes, name: str = "台账.xlsx", **choices: Any) -> Applied:
        applied = apply(self.crm, self.source(data, name, **choices), IMPORTER)
        self.projector.catch_up()
        return applied

    def leads(self) -> dict[str, LeadRow]:
        """Every lead there is, by company."""
        with self.crm.pool.connection() as conn:
            return {row.company: row for row in leads.every(conn, LeadFilters())}

    def history(self, company: str) -> list[tuple[str, date]]:
        return [(event.TOPIC, event.occurred_on) for _, event in self.crm.history(self.leads()[company].id)]


@pytest.fixture
def office(crm: CRM, district: District) -> Iterator[Office]:
    def by() -> By:
        return By(SYSTEM, "admin", uuid4())

    opened = {
        name: crm.create(
            by(), Channel, OpenChannel(kind=kind, name=name, starts_on=day, occurred_on=date(2020, 1, 1))
        ).id
        for name, kind, day in (
            (CENTRE, ChannelKind.LIAISON_CENTRE, None),
            ("上海招商联络中心", ChannelKind.LIAISON_CENTRE, None),
            ("2023年德国招商团", ChannelKind.OVERSEAS_MISSION, date(2023, 5, 1)),
        )
    }
    crm.create(by(), Person, AddPerson(name="驻北京招商专员", login="beijing", role=Role.STAFF))
    with district.connect(autocommit=True) as connection:
        prepare(connection, MODELS)
        projector = Projector(connection, MODELS)
        projector.catch_up()
        yield Office(crm, projector, opened[CENTRE])
