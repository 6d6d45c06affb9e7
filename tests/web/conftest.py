"""A district with its web application, people of every role, and browsers they are logged in with."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx import Response

from crm.access import SYSTEM
from crm.application import CRM, By
from domain.channel import Channel, ChannelKind, OpenChannel, Post
from domain.person import AddPerson, Role
from projections.engine import Projector, prepare
from projections.models import MODELS
from tests.conftest import District
from web.app import create_app
from web.security import Csrf

with warnings.catch_warnings():  # Starlette's client would rather stand on httpx2, which it does not require yet
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

PASSWORD = "spring-tide-2026"
TITLES = {
    Role.STAFF: "驻北京招商专员",
    Role.MANAGER: "区领导",
    Role.AUDITOR: "审计专员",
    Role.ADMIN: "系统管理员",
}


@dataclass
class Browser:
    """What one person sees. Posts carry the CSRF token; after one the projections catch up, as they do in production."""

    client: TestClient
    office: "Office"
    person: UUID | None = None

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, data: dict[str, Any] | None = None, *, follow: bool = True, **headers: str) -> Response:
        sent = {"csrf": self.csrf(), **(data or {})}
        answer: Response = self.client.post(path, data=sent, headers=headers, follow_redirects=False)
        self.office.catch_up()
        if follow and answer.status_code == 303:
            return self.get(answer.headers["location"], **headers)
        return answer

    def htmx(self, path: str, target: str = "main#main", data: dict[str, Any] | None = None) -> Response:
        headers = {"HX-Request": "true", "HX-Target": target}
        return self.get(path, **headers) if data is None else self.post(path, data, **headers)

    def csrf(self) -> str:
        """The token that a form of this browser would carry."""
        cookies = self.client.cookies
        if not (cookies.get("landfall") or cookies.get("visitor")):
            self.get("/login")
        session = cookies.get("landfall") or cookies.get("visitor") or ""
        return Csrf(self.office.app.state.signing_key, session)()


@dataclass
class Office:
    """The running application and the people who work with it."""

    app: FastAPI
    crm: CRM
    projector: Projector
    loop: TestClient

    def catch_up(self) -> None:
        self.projector.catch_up()

    def by(self, role: Role = Role.ADMIN) -> By:
        return By(SYSTEM, role, uuid4())

    def person(self, *roles: Role, login: str = "", channel: UUID | None = None, must_change: bool = False) -> UUID:
        """Add somebody with these roles, who may log in with PASSWORD."""
        from domain.person import GrantRole, Person

        login = login or f"{roles[0]}{uuid4().hex[:8]}"
        added = self.crm.create(self.by(), Person, AddPerson(name=TITLES[roles[0]], login=login, role=roles[0])).id
        for role in roles[1:]:
            self.crm.change(self.by(), Person, added, GrantRole(role=role))
        if channel:
            self.crm.change(self.by(), Channel, channel, Post(person=added))
        self.app.state.accounts.open(added, login, PASSWORD, must_change=must_change)
        self.catch_up()
        return added

    def centre(self, name: str = "北京联络中心") -> UUID:
        """Open a liaison centre."""
        opened = self.crm.create(self.by(), Channel, OpenChannel(kind=ChannelKind.LIAISON_CENTRE, name=name)).id
        self.catch_up()
        return opened

    def anonymous(self) -> Browser:
        client = TestClient(self.app, base_url="http://testserver", raise_server_exceptions=False)
        client.portal = self.loop.portal  # one event loop for all browsers, as in production, and not one a request
        return Browser(client, self)

    def browser(self, person: UUID) -> Browser:
        """A browser in which `person` is logged in."""
        browser = self.anonymous()
        browser.client.cookies.set("landfall", self.app.state.accounts.create_session(person))
        browser.person = person
        return browser

    def token(self, person: UUID) -> str:
        """An API token of `person`."""
        token: str = self.app.state.accounts.create_token(person, "测试")
        return token


@pytest.fixture
def office(district: District) -> Iterator[Office]:
    app = create_app(district.settings)
    with district.connect(autocommit=True) as connection, TestClient(app) as loop:
        prepare(connection, MODELS)
        yield Office(app, app.state.crm, Projector(connection, MODELS), loop)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as ever, with less work: a test logs in more often in a second than a person in a day."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr("crm.accounts._hasher", hasher)


@pytest.fixture
def login(office: Office) -> Callable[..., Browser]:
    """`login(Role.STAFF)`: the browser of a new person of that role; `channel=` posts them there."""
    return lambda *roles, **given: office.browser(office.person(*roles, **given))


@pytest.fixture
def visitor(office: Office) -> Browser:
    """A browser in which nobody is logged in."""
    return office.anonymous()
