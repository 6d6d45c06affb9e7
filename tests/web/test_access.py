"""Who may do what: the table of rules over every route and every role, and the rules of single leads."""

import re
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from crm import access
from crm.access import PUBLIC, RULES, Forbidden, Viewer
from domain.district import StaffReading
from domain.person import Role
from tests.conftest import District as Place
from tests.web.conftest import Browser, Office
from web import app as application
from web.app import create_app, walk

Login = Callable[..., Browser]
CENTRE, ELSEWHERE, ME, SOMEBODY = (UUID(int=number) for number in range(1, 5))


class Row(NamedTuple):
    channel: UUID | None
    owner: UUID | None


OURS, MINE, THEIRS = Row(CENTRE, SOMEBODY), Row(ELSEWHERE, ME), Row(ELSEWHERE, SOMEBODY)


def _viewer(*roles: Role, sight: StaffReading = StaffReading.LIST) -> Viewer:
    return Viewer(ME, "招商专员", "me", frozenset(roles), frozenset({CENTRE}), sight=sight)


def _path(route: APIRoute) -> str:
    """An address of the route, for things that do not exist."""
    examples = {"uuid": str(uuid4()), "int": "1"}

    def filled(found: re.Match[str]) -> str:
        kind = getattr(route.dependant.path_params, "kind", None) or _annotation(route, found[1].partition(":")[0])
        return examples.get(kind, "x")

    return re.sub(r"{([^}]+)}", filled, route.path)


def _annotation(route: APIRoute, name: str) -> str:
    for param in route.dependant.path_params:
        if param.name == name:
            return getattr(param.field_info.annotation, "__name__", "").lower()
    return ""


def _ask(browser: Browser, method: str, route: APIRoute, key: str) -> int:
    path, api = _path(route), route.path.startswith("/api/")
    headers = {"authorization": f"Bearer {key}"} if api else {}
    data = None if api or method == "GET" else {"csrf": browser.csrf()}
    answer = browser.client.request(method, path, headers=headers, data=data, follow_redirects=False)
    sent_to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login?")
    return 401 if sent_to_login else answer.status_code


@pytest.mark.parametrize("role", [None, *Role])
def test_the_table_of_rules_holds_over_every_route(office: Office, login: Login, role: Role | None) -> None:
    browser = login(role) if role else office.anonymous()
    key = office.token(browser.person) if browser.person else ""
    wrong: list[tuple[str, str, int]] = []
    for route in walk(office.app.routes):
        rule = access.rule(route.name)
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            if route.name in {"logout", "metrics"}:
                continue  # the one ends the session this test is in, the other has its own test
            status = _ask(browser, method, route, key)
            may = rule == PUBLIC or role in rule
            expected = (status < 500 and status not in (401, 403)) if may else status == (403 if role else 401)
            if not expected:
                wrong.append((f"{method} {route.path} ({route.name})", str(role), status))
    assert wrong == []


def test_the_application_refuses_to_start_with_a_route_that_has_no_rule(
    district: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = APIRouter()
    router.add_api_route("/forgotten", lambda: None, name="forgotten")
    monkeypatch.setattr(application, "ROUTERS", (*application.ROUTERS, router))
    with pytest.raises(RuntimeError, match="forgotten"):
        create_app(district.settings)


def test_a_name_of_the_api_falls_under_the_rule_of_its_page() -> None:
    assert access.rule("api.leads") == RULES["leads"]
    assert access.unruled(["api.leads", "api.nothing", "leads"]) == ["api.nothing"]


def test_commands_change_leads_only_in_the_hands_of_staff_and_managers() -> None:
    commands = {name: roles for name, roles in RULES.items() if name.startswith("lead.") and name.endswith(".form")}
    assert len(commands) > 15
    assert all(roles == {Role.STAFF, Role.MANAGER} for roles in commands.values())


@pytest.mark.parametrize(
    ("roles", "lead", "may"),
    [
        ({Role.STAFF}, OURS, True),
        ({Role.STAFF}, MINE, True),
        ({Role.STAFF}, THEIRS, False),
        ({Role.MANAGER}, THEIRS, True),
        ({Role.AUDITOR}, OURS, False),
        ({Role.ADMIN}, MINE, False),
        ({Role.AUDITOR, Role.STAFF}, OURS, True),
        ({Role.ADMIN, Role.STAFF}, THEIRS, False),
    ],
)
def test_who_may_change_a_lead(roles: set[Role], lead: Row, may: bool) -> None:
    assert access.may_change(_viewer(*roles), lead) is may


@pytest.mark.parametrize(
    ("sight", "reads", "lists"),
    [(StaffReading.NONE, False, False), (StaffReading.LIST, False, True), (StaffReading.FULL, True, True)],
)
def test_what_staff_see_of_other_channels_is_a_setting(sight: StaffReading, reads: bool, lists: bool) -> None:
    viewer = _viewer(Role.STAFF, sight=sight)
    assert access.may_read(viewer, THEIRS) is reads
    assert access.may_list(viewer, THEIRS) is lists
    assert access.sees_contacts(viewer, THEIRS) is reads
    assert access.listable(viewer)["all"] is lists


@pytest.mark.parametrize("lead", [OURS, MINE])
@pytest.mark.parametrize("sight", list(StaffReading))
def test_staff_always_read_their_channels_leads_and_their_own(sight: StaffReading, lead: Row) -> None:
    viewer = _viewer(Role.STAFF, sight=sight)
    assert access.may_read(viewer, lead)
    assert access.sees_contacts(viewer, lead)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.ADMIN])
def test_managers_auditors_and_administrators_read_every_lead(role: Role) -> None:
    assert access.may_read(_viewer(role, sight=StaffReading.NONE), THEIRS)


def test_a_person_acts_in_the_role_that_lets_them() -> None:
    viewer = _viewer(Role.STAFF, Role.ADMIN)
    assert viewer.acting_on("leads.register").acting is Role.STAFF
    assert viewer.acting_on("admin.person.add").acting is Role.ADMIN


def test_to_demand_what_is_not_allowed_is_forbidden_in_words() -> None:
    with pytest.raises(Forbidden) as forbidden:
        access.demand(allowed=False, zh="只有负责人可以移交。", en="Only the owner may hand over.")
    assert forbidden.value.text.zh == "只有负责人可以移交。"


def test_rights_follow_roles_and_postings_at_once(office: Office) -> None:
    from domain.channel import Channel, Withdraw
    from domain.person import GrantRole, Person

    centre = office.centre()
    person = office.person(Role.STAFF, channel=centre)
    assert _today(office, person).channels == {centre}
    office.crm.change(office.by(), Person, person, GrantRole(role=Role.MANAGER))
    office.crm.change(office.by(), Channel, centre, Withdraw(person=person))
    office.catch_up()
    assert _today(office, person).roles == {Role.STAFF, Role.MANAGER}
    assert _today(office, person).channels == set()


def _today(office: Office, person: UUID) -> Viewer:
    from crm import clock

    found = access.look_up(office.crm.pool, person, clock.today())
    assert found
    return found
