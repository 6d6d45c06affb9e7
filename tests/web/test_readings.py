"""What is read as an auditor, and what anybody takes out, stands in the log of readings before it is shown."""

from collections.abc import Callable
from uuid import UUID

import pytest

from crm import readings
from crm.readings import Reading
from domain.lead import Register
from domain.person import Role
from domain.values import Industry
from tests.web.conftest import Browser, Office
from web.app import route_names

Login = Callable[..., Browser]


@pytest.fixture
def lead(office: Office) -> UUID:
    form = Register(company="某某装备有限公司", industry=Industry.C, channel=office.centre())
    made = office.crm.register(office.by(), form).id
    office.catch_up()
    return made


def log(office: Office) -> list[Reading]:
    """The log so far, in its order."""
    with office.crm.pool.connection() as conn:
        assert readings.check(conn) is None
        return list(reversed(readings.listed(conn).rows))


def test_every_page_and_every_read_of_the_api_is_written_down_for_an_auditor(
    office: Office, login: Login, lead: UUID
) -> None:
    auditor = login(Role.AUDITOR)
    for path in ("/leads?q=某某", f"/leads/{lead}", f"/leads/{lead}/history", "/board", "/audit"):
        assert auditor.get(path).status_code == 200, path
    key = {"authorization": f"Bearer {office.token(UUID(str(auditor.person)))}"}
    assert auditor.get("/api/v1/leads", **key).status_code == 200
    rows = log(office)
    assert [(row.route, row.subject) for row in rows] == [
        ("leads", None), ("lead", lead), ("lead.history", lead), ("board", None), ("audit", None), ("api.leads", None),
    ]  # fmt: skip
    assert {(row.person, row.role, row.rested_on) for row in rows} == {
        (auditor.person, "auditor", office.crm.position())
    }


def test_a_request_is_one_reading_whatever_part_of_the_page_it_asks_for(office: Office, login: Login) -> None:
    auditor = login(Role.AUDITOR)
    auditor.htmx("/leads?stage=contacted", "section#results")
    assert [row.route for row in log(office)] == ["leads"]


def test_no_one_else_s_reading_is_written_down_but_what_they_take_out_is(
    office: Office, login: Login, lead: UUID
) -> None:
    manager = login(Role.MANAGER)
    for path in ("/leads", f"/leads/{lead}", "/board", "/audit"):
        assert manager.get(path).status_code == 200, path
    assert log(office) == []
    assert manager.get("/leads/export.csv").status_code == 200
    manager.get(f"/leads/{lead}/documents/{'0' * 64}")
    assert [(row.route, row.subject, row.role) for row in log(office)] == [
        ("leads.export", None, "manager"), ("lead.document", lead, "manager"),
    ]  # fmt: skip


def test_who_acts_in_another_role_is_not_reading_as_an_auditor(office: Office, login: Login) -> None:
    both = login(Role.AUDITOR, Role.MANAGER)
    assert both.get("/leads").status_code == 200
    assert log(office) == []


def test_nothing_is_shown_that_cannot_be_written_down(office: Office, login: Login) -> None:
    auditor, manager = login(Role.AUDITOR), login(Role.MANAGER)
    with office.crm.pool.connection() as conn:
        conn.execute("ALTER TABLE reading_head RENAME TO elsewhere")
    answer = auditor.get("/leads")
    assert answer.status_code == 503
    assert "查阅记录写不进去" in answer.text
    assert "<table" not in answer.text
    assert manager.get("/leads").status_code == 200
    assert manager.get("/leads/export.csv").status_code == 503
    key = {"authorization": f"Bearer {office.token(UUID(str(auditor.person)))}"}
    assert auditor.get("/api/v1/leads", **key).json()["type"] == "urn:landfall:unrecorded"


def test_what_an_auditor_may_not_open_and_what_is_not_theirs_to_read_is_no_reading(
    office: Office, login: Login
) -> None:
    auditor = login(Role.AUDITOR)
    assert auditor.get("/leads/new").status_code == 403
    assert auditor.get("/healthz").status_code == 200
    assert auditor.get("/static/app.css").status_code == 200
    assert auditor.post("/logout").status_code == 200
    assert log(office) == []


def test_every_route_that_hands_out_files_is_one_that_there_is(office: Office) -> None:
    known = {name.removeprefix("api.") for name in route_names(office.app)}
    assert known >= readings.TAKES_OUT
