"""What is a firm's and a service's alone: registered out of a lead or for a project, everything on one page, logged in one line."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from crm import clock
from domain import FORMS
from domain.company import Company
from domain.lead import Lead, Register
from domain.person import Role
from domain.project import Project
from domain.responsibility import TakeResponsibility
from domain.service import Service
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS

Login = Callable[..., Browser]
TODAY = clock.today()
ENTITY = "某某智能装备（长春）有限公司"


@pytest.fixture
def landed(office: Office) -> UUID:
    """A lead that landed thirty days ago as a firm registered here."""
    register = Register.model_validate({
        "company": "某某智能装备有限公司", "industry": "C", "channel": office.centre(), "project": "电机生产线",
        "contacts": [{"id": str(uuid4()), "name": "投资部经理", "phone": "00000000000"}],
        "occurred_on": TODAY - timedelta(days=40),
    })  # fmt: skip
    lead = office.crm.register(office.by(), register).id
    landing = {"how": "registered", "where": "东部片区", "entity": ENTITY, "entity_code": "91350100M000100Y43",
               "occurred_on": TODAY - timedelta(days=30)}  # fmt: skip
    office.crm.change(office.by(), Lead, lead, FORMS["lead", "landing"].model_validate(landing))
    office.catch_up()
    return lead


def made(office: Office, kind: Any, **values: Any) -> UUID:
    record = RECORDS[kind.NAME]
    typed = {name.replace(".amount", ""): value for name, value in record.opens.items()} | values
    made = office.crm.create(office.by(), kind, kind.CREATES.model_validate(typed)).id
    office.catch_up()
    return made


def test_the_firm_of_a_landed_lead_is_registered_from_its_page(landed: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    assert f"/companies/new?lead={landed}" in manager.get(f"/leads/{landed}").text
    form = manager.get(f"/companies/new?lead={landed}").text
    for known in (ENTITY, "91350100M000100Y43", "东部片区", "投资部经理"):
        assert known in form
    page = manager.post("/companies", {"name": ENTITY, "sector": "manufacturing", "lead": str(landed)}).text
    assert "电机生产线" in page
    lead = manager.get(f"/leads/{landed}").text
    assert ENTITY in lead
    assert "/companies/new" not in lead


def test_a_firm_of_that_name_or_code_is_offered_to_be_linked(landed: UUID, office: Office, login: Login) -> None:
    company, manager = made(office, Company), login(Role.MANAGER)
    page = manager.get(f"/leads/{landed}").text
    assert "名称或代码相符" in page
    assert f"/companies/{company}/leads?lead={landed}" in page
    assert "按名称或代码找到" in manager.get(f"/companies/{company}").text
    manager.post(f"/companies/{company}/leads", {"lead": str(landed)})
    assert "按名称或代码找到" not in manager.get(f"/companies/{company}").text
    assert "名称或代码相符" not in manager.get(f"/leads/{landed}").text


def test_a_firm_registered_for_a_project_is_that_project_s(office: Office, login: Login) -> None:
    project, manager = made(office, Project, investor="某某建设有限公司"), login(Role.MANAGER)
    assert f"/companies/new?project={project}" in manager.get(f"/projects/{project}").text
    assert "某某建设有限公司" in manager.get(f"/companies/new?project={project}").text
    typed = {"name": "某某建设有限公司", "sector": "construction", "project": str(project)}
    answer = manager.post("/companies", typed, follow=False)
    assert RECORDS["project"].named in manager.get(answer.headers["location"]).text
    page = manager.get(f"/projects/{project}").text
    assert f'href="{answer.headers["location"]}"' in page
    assert "/companies/new" not in page
    stranger = login(Role.STAFF)
    assert stranger.post("/companies", typed).status_code == 422


def test_a_project_s_firm_is_chosen_from_the_list(office: Office, login: Login) -> None:
    company, manager = made(office, Company), login(Role.MANAGER)
    opens = RECORDS["project"].opens
    assert RECORDS["company"].named in manager.get("/projects/new").text
    page = manager.post("/projects", opens | {"company": str(company)})
    assert RECORDS["company"].named in page.text
    wrong = manager.post("/projects", opens | {"company": str(uuid4())})
    assert wrong.status_code == 422
    assert "请从列表中选择" in wrong.text
    assert RECORDS["project"].named in manager.get(f"/projects?company={company}").text


@pytest.mark.parametrize("kind", ["company", "project", "lead"])
def test_a_service_is_logged_in_one_line_where_one_is(kind: str, landed: UUID, office: Office, login: Login) -> None:
    manager = login(Role.MANAGER)
    about = {"company": lambda: made(office, Company), "project": lambda: made(office, Project), "lead": lambda: landed}
    id = about[kind]()  # noqa: A001
    path = {"company": "companies", "project": "projects", "lead": "leads"}[kind]
    here = f"/{path}/{id}"
    assert f"/services?back=%2F{path}%2F{id}" in manager.get(here).text
    typed = {
        "kind": "inspection",
        "subject": "走访了解用工",
        kind: str(id),
        "outcome": "done",
        "handled_by": str(manager.person),
    }
    answer = manager.post(f"/services?back={here}", typed, follow=False)
    assert answer.headers["location"] == here
    page = manager.get(here).text
    assert "走访了解用工" in page
    assert f"/services?kind=inspection&amp;{kind}={id}" in page
    assert "走访了解用工" in manager.get(f"/services?{kind}={id}&by=me&kind=inspection").text
    again = manager.post(f"/services?back={here}", typed | {"subject": ""})
    assert again.status_code == 422
    assert "请填写" in again.text


def test_the_counts_of_the_lists_open_what_is_behind_them(office: Office, login: Login) -> None:
    manager = login(Role.MANAGER)
    company = made(office, Company)
    made(office, Company, name="某某餐饮店", sector="trade", credit_code=None)
    officer = office.person(Role.STAFF)
    taken = TakeResponsibility.model_validate({"leader": manager.person, "officers": [{"person": officer}]})
    office.crm.change(office.by(), Company, company, taken)
    made(office, Service, company=str(company), outcome="solved")
    office.catch_up()
    page = manager.get("/companies").text
    assert "/companies?sector=trade" in page
    assert RECORDS["company"].named not in manager.get("/companies?sector=trade").text
    served = manager.get("/companies/service").text
    assert f"/companies?leader={manager.person}" in served
    assert RECORDS["company"].named in manager.get(f"/companies?officer={officer}").text
    assert "某某餐饮店" in manager.get("/companies?answered=no").text
    assert "某某餐饮店" not in manager.get("/companies?answered=yes").text
    solved = manager.get("/services?outcome=solved&kind=accompanied").text
    assert "用电报装" in solved
    assert "用电报装" not in manager.get(f"/services?to={TODAY - timedelta(days=1)}").text
    assert "看不懂这个日期" in manager.get("/services?from=gestern").text


def test_contact_persons_are_hidden_from_those_who_neither_oversee_nor_serve(office: Office, login: Login) -> None:
    from domain.district import DISTRICT, District, SetRules
    from domain.rules import StaffReading

    company = made(office, Company, contacts=[{"id": str(uuid4()), "name": "财务经理甲", "phone": "00000000000"}])
    staff = login(Role.STAFF)
    office.crm.change(office.by(), District, DISTRICT, SetRules(staff_reading=StaffReading.NONE))
    office.catch_up()
    assert "财务经理甲" not in staff.get(f"/companies/{company}").text
    assert "财务经理甲" in login(Role.MANAGER).get(f"/companies/{company}").text
    office.crm.change(office.by(), Company, company, TakeResponsibility.model_validate({"leader": staff.person}))
    assert "财务经理甲" in staff.get(f"/companies/{company}").text
    rows = office.projector.conn.execute("SELECT data::text FROM event WHERE topic LIKE 'company.%'").fetchall()
    assert rows
    assert not [data for (data,) in rows if "财务经理甲" in data]


def test_the_api_counts_services_by_kind(office: Office, login: Login) -> None:
    manager, company = login(Role.MANAGER), made(office, Company)
    made(office, Service, company=str(company), outcome="solved")
    key = {"authorization": f"Bearer {office.token(manager.person)}"} if manager.person else {}
    answer = manager.client.get(f"/api/v1/services?company={company}&from={TODAY}", headers=key).json()
    assert answer["kinds"]["accompanied"] == {"count": 1, "more": False}
    assert answer["solved"]["count"] == 1
    assert manager.client.get("/api/v1/services?from=gestern", headers=key).status_code == 422
    firm = manager.client.get(f"/api/v1/companies/{company}", headers=key).json()
    assert firm["name"] == RECORDS["company"].named
