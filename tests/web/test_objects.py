"""Another channel's lead, by its id and in every list: what staff get to see of it is what the district has set."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute

from domain import FORMS
from domain.district import DISTRICT, District, SetRules
from domain.lead import AttachDocument, Register
from domain.person import Role
from domain.rules import StaffReading
from domain.values import ContactPerson, Industry
from tests.web.conftest import Browser, Office
from web.api.examples import example
from web.app import walk

COMPANY, CONTACT, PHONE = "哈尔滨某某装备有限公司", "投资部经理", "00000000000"
LISTS = (
    "/leads", "/leads?q=某某装备", "/leads?q=hebmmzb", "/leads/export.csv", "/board", "/", "/funnel",
    "/api/v1/leads", "/api/v1/leads?q=某某装备",
)  # fmt: skip


@dataclass
class Case:
    """A lead of the Beijing centre, and somebody of the Shanghai centre."""

    office: Office
    lead: UUID
    outsider: Browser
    key: str

    def set(self, reading: StaffReading) -> None:
        given = self.office.crm.rules()
        if given.staff_reading is not reading:
            rules = {name: getattr(given, name) for name in type(given).model_fields} | {"staff_reading": reading}
            self.office.crm.change(self.office.by(), District, DISTRICT, SetRules(**rules))
            self.office.catch_up()

    def routes(self) -> Iterator[tuple[str, str, APIRoute]]:
        """Every method and address that is about this one lead."""
        for route in walk(self.office.app.routes):
            name = route.name.removeprefix("api.")
            if (name == "lead" or name.startswith("lead.")) and "id" in route.param_convertors:
                given = {param: str(self.lead) if param == "id" else "1" for param in route.param_convertors}
                path = str(self.office.app.url_path_for(route.name, **given))
                for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield method, path, route

    def status(self, method: str, path: str, route: APIRoute) -> int:
        """What the outsider is answered, asking as one should: with a token, an example as the body, a fact named."""
        sent: dict[str, Any] = {"follow_redirects": False}
        if path.startswith("/api/"):
            form = FORMS.get(("lead", route.name.removeprefix("api.lead.")))
            sent["headers"] = {"authorization": f"Bearer {self.key}"}
            sent |= {"json": example(form)} if form and form is not AttachDocument else {}
        else:
            sent["params"] = {"fact": "1"}
            sent["data"] = {"csrf": self.outsider.csrf()} if method != "GET" else None
        if method != "GET" and route.name.endswith("lead.documents"):
            sent["files"] = {"file": ("plan.pdf", b"%PDF-1.4", "application/pdf")}
        return int(self.outsider.client.request(method, path, **sent).status_code)

    def text(self, path: str) -> str:
        headers = {"authorization": f"Bearer {self.key}"} if path.startswith("/api/") else {}
        answer = self.outsider.get(path, **headers)
        assert answer.status_code == 200, path
        return str(answer.text)


@pytest.fixture
def case(office: Office) -> Case:
    beijing, shanghai = office.centre("北京联络中心"), office.centre("上海联络中心")
    person = ContactPerson(id=uuid4(), name=CONTACT, phone=PHONE)
    form = Register(company=COMPANY, industry=Industry.C, channel=beijing, contacts=(person,))
    lead = office.crm.register(office.by(), form).id
    outsider = office.browser(office.person(Role.STAFF, channel=shanghai))
    assert outsider.person
    return Case(office, lead, outsider, office.token(outsider.person))


@pytest.mark.parametrize("reading", [StaffReading.NONE, StaffReading.LIST])
def test_by_its_id_another_channels_lead_is_closed_in_pages_and_api(case: Case, reading: StaffReading) -> None:
    case.set(reading)
    tried = {(method, path): case.status(method, path, route) for method, path, route in case.routes()}
    assert len(tried) > 50
    assert {where: status for where, status in tried.items() if status not in (403, 404)} == {}


def test_where_everything_may_be_read_it_may_still_not_be_changed(case: Case) -> None:
    case.set(StaffReading.FULL)
    for method, path, route in case.routes():
        if method != "GET" or route.name.endswith(".form"):
            assert case.status(method, path, route) in (403, 404), (method, path)
    assert CONTACT in case.text(f"/leads/{case.lead}")


def test_by_default_lists_searches_and_exports_have_it_without_its_contact_persons(case: Case) -> None:
    for path in LISTS:
        shown = case.text(path)
        assert CONTACT not in shown, path
        assert PHONE not in shown, path
        assert COMPANY in shown or path in {"/", "/funnel"}, path


def test_where_nothing_may_be_read_lists_searches_and_exports_leave_it_out(case: Case) -> None:
    case.set(StaffReading.NONE)
    assert [path for path in LISTS if COMPANY in case.text(path)] == []


def test_whoever_is_posted_to_its_channel_opens_and_changes_it(case: Case) -> None:
    channel = case.office.crm.lead(case.lead).attribute("channel")
    insider = case.office.browser(case.office.person(Role.STAFF, channel=channel))
    assert CONTACT in insider.get(f"/leads/{case.lead}").text
    logged = insider.post(f"/leads/{case.lead}/contacts", {"kind": "phone", "note": "谈到用电价格"}, follow=False)
    assert logged.status_code == 303
