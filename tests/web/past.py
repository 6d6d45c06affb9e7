"""A district with something that happened since, and replays of it."""

from typing import Any
from uuid import uuid4

from psycopg import Connection

from crm import replays
from crm.application import By
from crm.database import connect
from domain.lead import Lead, Lose
from domain.person import Role
from projections.replay import Replay
from tests.web.book import DAY, bring
from tests.web.conftest import Office

EARLY, LATE = "长春早先装备有限公司", "吉林后来药业有限公司"
ADVANCED = "/leads?stage=contacted"
LOOKERS = (Role.MANAGER, Role.AUDITOR, Role.ADMIN)


class Past:
    """A district with a lead before the cut and one after it; the first was lost since."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.channel = office.centre()
        self.lead = bring(office, self.channel, EARLY)
        self.position = office.crm.position()
        self.later = bring(office, self.channel, LATE)
        office.crm.change(By(uuid4(), Role.STAFF, uuid4()), Lead, self.lead, Lose(reason="elsewhere", occurred_on=DAY))
        office.catch_up()

    @property
    def url(self) -> str:
        given = self.office.crm.settings.database_url
        assert given is not None
        return given.get_secret_value()

    def connect(self) -> Connection[Any]:
        return connect(self.url, self.office.crm.schema, autocommit=True)

    def replay(self, name: str = "then", position: int | None = None) -> Replay:
        to = str(position or self.position)
        return replays.make(self.office.crm.settings, self.url, name, to, lambda _done, _total: None)

    def drop(self, name: str = "then") -> None:
        replays.drop(self.office.crm.settings, self.url, name)
