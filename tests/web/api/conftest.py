"""Programs that call the API, each with the token of a person."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from httpx import Response

from crm.access import Role
from tests.web.conftest import Office

LEAD = {"company": "长春示例装备有限公司", "industry": "C", "occurred_on": "2026-03-02"}


@dataclass
class Program:
    """What calls the API with a token; after a command the projections catch up, as they do in production."""

    office: Office
    client: Any
    token: str
    person: UUID

    def send(self, method: str, path: str, **given: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.token}", **given.pop("headers", {})}
        answer: Response = self.client.request(method, f"/api/v1{path}", headers=headers, **given)
        if method == "POST":
            self.office.catch_up()
        return answer

    def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> Response:
        return self.send("GET", path, params=params, headers=headers or {})

    def post(self, path: str, body: Any, **headers: str) -> Response:
        return self.send(
            "POST", path, json=body, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )

    def raw(self, path: str, body: bytes, kind: str = "application/json") -> Response:
        return self.send("POST", path, content=body, headers={"Content-Type": kind})

    def lead(self, channel: UUID, **values: Any) -> str:
        """The id of a lead registered through `channel`."""
        answer = self.post("/leads", {**LEAD, "channel": str(channel), **values})
        assert answer.status_code == 201, answer.text
        lead: str = answer.json()["id"]
        return lead


@pytest.fixture
def program(office: Office) -> Callable[..., Program]:
    """`program(Role.STAFF, channel=…)`: a program with the token of a new person of that role."""

    def make(*roles: Role, **given: Any) -> Program:
        person = office.person(*roles, **given)
        return Program(office, office.anonymous().client, office.token(person), person)

    return make


@pytest.fixture
def centre(office: Office) -> UUID:
    return office.centre()


@pytest.fixture
def officer(program: Callable[..., Program], centre: UUID) -> Program:
    """A specialist posted to the centre."""
    return program(Role.STAFF, channel=centre)


@pytest.fixture
def manager(program: Callable[..., Program]) -> Program:
    return program(Role.MANAGER)


def problem(answer: Response) -> dict[str, Any]:
    """The problem details of an error answer, whose shape is checked."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found: dict[str, Any] = json.loads(answer.content)
    assert {"type", "title", "status", "detail"} <= set(found)
    assert found["status"] == answer.status_code
    assert found["type"].startswith("urn:landfall:")
    return found
