"""Who may do what: the table of rules over every route and every role, and the rules of single leads."""

from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from crm import access
from crm.access import PUBLIC, RULES, Forbidden, Viewer
from domain.funnel import Stage
from domain.lead import Register
from domain.person import Role
from domain.rules import StaffReading
from domain.values import Industry
from tests.conftest import District as Place
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS
from web import app as application
from web.app import create_app, walk

CENTRE, ELSEWHERE, ME, SOMEBODY = (UUID(int=number) for number in range(1, 5))


class Row(NamedTuple):
    channel: UUID | None
    owner: UUID | None


OURS, MINE, THEIRS = Row(CENTRE, SOMEBODY), Row(ELSEWHERE, ME), Row(ELSEWHERE, SOMEBODY)


def _viewer(*roles: Role, sight: StaffReading = StaffReading.LIST) -> Viewer:
    return Viewer(ME, "招商专员", "me", frozenset(roles), frozenset({CENTRE}), sight=sight)


class World:
    """One of everything, within reach of staff posted to the channel: what a path's `id` stands for, by route name."""

    def __init__(self, office: Office) -> None:
        channel = office.centre()
        form = Register(company="某某装备有限公司", industry=Industry.C, channel=channel)
        lead = office.crm.register(office.by(), form).id
        office.catch_up()
        records = {name: record.made(office) for name, record in RECORDS.items()}
        self.ids = {"lead": lead, "channel": channel, "person": office.person(Role.STAFF), **records}
        self.office = office

    def address(self, route: APIRoute) -> str:
        page = route.name.removeprefix("api.").removeprefix("admin.").partition(".")[0]
        given = {name: self._example(route, name, page) for name in route.param_convertors}
        return str(self.office.app.url_path_for(route.name, **given))

    def _example(self, route: APIRoute, name: str, page: str) -> str:
        kind = next((p.field_info.annotation for p in route.dependant.path_params if p.name == name), str)
        if kind is UUID:
            return str(self.ids[page] if name == "id" and page in self.ids else uuid4())
        return "1" if kind is int else Stage.CONTACTED.value if kind is Stage else "x"


def _ask(browser: Browser, method: str, path: str, key: str) -> int:
    api = path.startswith("/api/")
    headers = {"authorization": f"Bearer {key}"} if api else {}
    data = None if api or method == "GET" else {"csrf": browser.csrf()}
    answer = browser.client.request(method, path, headers=headers, data=data, follow_redirects=False)
    sent_to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login?")
    return 401 if sent_to_login else int(answer.status_code)


@pytest.mark.parametrize("role", [None, *Role])
def test_the_table_of_rules_holds_over_every_route(office: Office, role: Role | None) -> None:
    world = World(office)
    browser = office.browser(office.person(role, channel=world.ids["channel"])) if role else office.anonymous()
    for name, record in RECORDS.items():
        record.answered(office, world.ids[name], browser.person)
    key = office.token(browser.person) if browser.person else ""
    wrong: list[tuple[str, str, int]] = []
    for route in walk(office.app.routes):
        if route.name in {"logout", "metrics"}:
            continue  # the one ends the session this test is in, the other has its own test
        rule = access.rule(route.name)
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            status = _ask(browser, method, world.address(route), key)
            may = rule == PUBLIC or role in rule
            expected = (status < 500 and status not in (401, 403)) if may else status == (403 if role else 401)
            if not expected:
                wrong.append((f"{method} {route.path} ({route.name})", str(role), status))
    assert not wrong, "\n".join(map(str, wrong))


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
    assert commands.pop("lead.rulings.form") == {Role.MANAGER}
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
def test_who_may_change_a_lead(roles: set[Role], lead: Row, may: object) -> None:
    assert access.may_change(_viewer(*roles), lead) is may


@pytest.mark.parametrize(
    ("sight", "reads", "lists"),
    [(StaffReading.NONE, False, False), (StaffReading.LIST, False, True), (StaffReading.FULL, True, True)],
)
def test_what_staff_see_of_other_channels_is_a_setting(sight: StaffReading, reads: object, lists: object) -> None:
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
