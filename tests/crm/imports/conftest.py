"""A district with two centres, a mission and an officer, and an importer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from crm.access import SYSTEM
from crm.application import CRM, By
from crm.database import migrate
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
    with opened(crm, district) as found:
        yield found


@pytest.fixture
def other(cluster: str, empty_schema: str, short_folder: Path) -> Iterator[Office]:
    """Another district, with channels and people of the same names, and nothing else of the first one's."""
    with psycopg.connect(cluster) as connection:
        migrate(connection, f"{empty_schema}_other")
    district = District(cluster, f"{empty_schema}_other", short_folder)
    with CRM(district.settings, district.url) as crm, opened(crm, district) as found:
        yield found


@contextmanager
def opened(crm: CRM, district: District) -> Iterator[Office]:
    def by() -> By:
        return By(SYSTEM, "admin", uuid4())

    channels = {
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
    crm.create(by(), Person, AddPerson(name="分管区领导", login="leader", role=Role.MANAGER))
    with district.connect(autocommit=True) as connection:
        prepare(connection, MODELS)
        projector = Projector(connection, MODELS)
        projector.catch_up()
        yield Office(crm, projector, channels[CENTRE])
