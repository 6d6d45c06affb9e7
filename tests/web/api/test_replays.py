"""`?replay=`: programs read what stood then, and write nothing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.person import Role
from tests.web.api.conftest import Program
from tests.web.book import DAY
from tests.web.conftest import Office
from tests.web.past import EARLY, LOOKERS, Past
from web.app import walk


@pytest.fixture
def past(office: Office) -> Past:
    return Past(office)


def test_a_program_reads_a_replay_by_its_name(past: Past, program: Callable[..., Program]) -> None:
    past.replay()
    auditor = program(Role.AUDITOR)
    now, then = auditor.get("/leads").json(), auditor.get("/leads", replay="then").json()
    assert {one["company"] for one in then["leads"]} == {EARLY}
    assert then["position"] == past.position
    assert len(now["leads"]) == 2
    assert auditor.get("/funnel", replay="then").json()["total"]["registered"] == 1
    assert auditor.get(f"/leads/{past.later}", replay="then").status_code == 404
    history = auditor.get(f"/leads/{past.lead}/history", replay="then").json()
    assert len(history["entries"] if "entries" in history else history["events"]) == 1
    assert auditor.get("/leads", replay="none").status_code == 404
    assert auditor.get("/leads", replay="No Name").status_code in (404, 422)


def test_a_program_cannot_write_to_a_replay_and_staff_cannot_read_one(
    past: Past, program: Callable[..., Program]
) -> None:
    past.replay()
    manager = program(Role.MANAGER)
    sent = {"kind": "phone", "occurred_on": DAY.isoformat()}
    answer = manager.send("POST", f"/leads/{past.lead}/contacts", params={"replay": "then"}, json=sent)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:landfall:replay.read_only")
    assert program(Role.STAFF).get("/leads", replay="then").status_code == 403


def test_no_connection_to_a_replay_can_write(past: Past) -> None:
    made = past.replay()
    opened = past.office.app.state.replays.of("then")
    with opened.pool.connection() as conn:
        assert conn.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
        assert conn.execute("SELECT count(*) FROM event").fetchone() == (made.position,)
        assert conn.execute("SELECT position FROM head").fetchone() == (made.position,)
    assert opened.version_at(past.later, made.position) == 0
    assert opened.position() == made.position
    assert isinstance(past.lead, UUID)


@pytest.mark.parametrize("role", LOOKERS)
def test_every_read_of_the_api_answers_from_a_replay(past: Past, program: Callable[..., Program], role: Role) -> None:
    past.replay()
    asking, wrong, answered = program(role), [], 0
    ids: dict[str, Any] = {"lead": past.lead, "channel": past.channel, "leads": past.lead, "documents": past.lead}
    for route in walk(past.office.app.routes):
        if "GET" not in (route.methods or ()) or not route.name.startswith("api."):
            continue
        if route.name == "api.openapi":
            continue
        page = route.name.removeprefix("api.").partition(".")[0]
        given: dict[str, Any] = {
            name: "contacted" if name == "stage" else ids.get(page, uuid4()) for name in route.param_convertors
        }
        given |= {"position": 1} if "position" in given else {}
        path = str(past.office.app.url_path_for(route.name, **given)).removeprefix("/api/v1")
        answer = asking.get(path, replay="then")
        if answer.status_code not in (200, 403, 404, 422):
            wrong.append((route.name, answer.status_code, answer.text))
        answered += answer.status_code == 200
    assert wrong == []
    assert answered > 8


def test_a_program_is_told_what_replays_there_are(past: Past, program: Callable[..., Program]) -> None:
    made = past.replay()
    (told,) = program(Role.AUDITOR).get("/audit/replays").json()["replays"]
    assert (told["name"], told["position"], told["state"]) == ("then", past.position, "ready")
    assert told["bytes"] == made.bytes > 0
    assert program(Role.STAFF).get("/audit/replays").status_code == 403
