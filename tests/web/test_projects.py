"""What is a project's alone: opened out of a landed lead, drawn against its plan, on the board, on the chart, as a file."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from python_calamine import load_workbook

from crm import clock
from domain import FORMS
from domain.lead import Lead, Register
from domain.person import Role
from domain.project import Project
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS

Login = Callable[..., Browser]
TODAY = clock.today()
RECORD = RECORDS["project"]


def act(office: Office, id: UUID, noun: str, days_ago: int, **values: object) -> None:
    form = FORMS["project", noun].model_validate({"occurred_on": TODAY - timedelta(days=days_ago), **values})
    office.crm.change(office.by(), Project, id, form)
    office.catch_up()


@pytest.fixture
def building(office: Office) -> UUID:
    """A project of 1.2亿 that began forty days ago and should have been enclosed by now."""
    made = RECORD.made(office)
    act(office, made, "milestone-plans", 55, milestone="start", planned_on=TODAY - timedelta(days=50))
    act(office, made, "milestone-plans", 55, milestone="topping_out", planned_on=TODAY - timedelta(days=5))
    act(office, made, "milestone-plans", 55, milestone="completion", planned_on=TODAY + timedelta(days=50))
    act(office, made, "milestones", 40, milestone="start", evidence="施工许可证")
    act(office, made, "progress", 7, physical=25, invested="3000万")
    return made


@pytest.fixture
def landed(office: Office) -> UUID:
    register = Register.model_validate({"company": "某某智能装备有限公司", "industry": "C", "channel": office.centre(), "project": "电机生产线",
                                        "investment": "2亿", "occurred_on": TODAY - timedelta(days=60)})  # fmt: skip
    lead = office.crm.register(office.by(), register).id
    land = {
        "how": "land",
        "where": "东部片区",
        "entity": "某某（长春）有限公司",
        "occurred_on": TODAY - timedelta(days=30),
    }
    office.crm.change(office.by(), Lead, lead, FORMS["lead", "landing"].model_validate(land))
    office.catch_up()
    return lead


def test_a_landed_lead_becomes_a_project_that_knows_where_it_comes_from(landed: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    assert f"/projects/new?lead={landed}" in manager.get(f"/leads/{landed}").text
    form = manager.get(f"/projects/new?lead={landed}").text
    for known in (
        'value="电机生产线"',
        'value="某某（长春）有限公司"',
        'value="2亿"',
        'value="东部片区"',
        f'value="{landed}" selected',
    ):
        assert known in form, known
    page = manager.post("/projects", RECORD.opens | {"lead": str(landed)}).text
    assert f"/leads/{landed}" in page
    assert RECORD.named in manager.get(f"/leads/{landed}").text
    assert manager.get(f"/projects?lead={landed}").text.count(RECORD.named) == 1


def test_a_lead_that_has_not_landed_is_no_project_yet(office: Office, login: Login) -> None:
    lead = office.crm.register(office.by(), Register(company="甲公司", industry="C", channel=office.centre())).id
    office.catch_up()
    manager = login(Role.MANAGER)
    assert "/projects/new" not in manager.get(f"/leads/{lead}").text
    answer = manager.post("/projects", RECORD.opens | {"lead": str(lead)})
    assert answer.status_code == 422
    assert "请从列表中选择" in answer.text


def test_the_page_draws_the_plan_what_was_reached_and_what_is_overdue(building: UUID, login: Login) -> None:
    page = login(Role.MANAGER).get(f"/projects/{building}").text
    for shown in ('class="plan"', 'class="fact"', 'class="overdue"', 'class="line-plan"', 'class="line-built"',
                  'class="line-spent"', "逾期 5 天", "晚 10 天", "25%（计划 50%）"):  # fmt: skip
        assert shown in page, shown


def test_the_page_looks_back_to_a_day_as_known_then(office: Office, building: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    page = manager.get(f"/projects/{building}?as_at={TODAY - timedelta(days=41)}").text
    assert "晚 10 天" not in page
    assert "还没有填报进度" in page
    assert "/milestones" not in page
    assert manager.get(f"/projects/{building}?known_at={TODAY - timedelta(days=1)}").status_code == 404
    assert "看不懂这个日期" in manager.get(f"/projects/{building}?as_at=gestern").text


def test_the_board_has_each_project_under_the_furthest_milestone_reached(building: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    columns = manager.get("/projects/board").text.split('<section class="project-column"')
    assert [RECORD.named in column for column in columns] == [
        False,
        False,
        False,
        False,
        True,
        False,
        False,
        False,
        False,
    ]
    assert RECORD.named in manager.get("/projects?at=start").text
    assert RECORD.named not in manager.get("/projects?at=none").text


def test_the_chart_has_what_is_built_in_its_years_from_the_limit_on(
    office: Office, building: UUID, login: Login
) -> None:
    RECORD.made(office, **{"name": "小项目", "investment.amount": "3000万"})
    manager = login(Role.MANAGER)
    for span in ("this", "three"):
        page = manager.get(f"/projects/plan?span={span}").text
        assert RECORD.named in page
        assert "小项目" not in page
    assert manager.get("/projects/plan?span=century").status_code == 422


def test_the_list_leaves_as_a_table_with_the_offices_headers(building: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    csv = manager.get("/projects/export.csv").text
    assert "开工计划,开工实际" in csv
    assert csv.count(RECORD.named) == 1
    book = load_workbook(BytesIO(manager.get("/projects/export.xlsx?status=active").content)).get_sheet_by_index(0)
    header, row = book.to_python()
    values = dict(zip(header, row, strict=True))
    assert (values["项目名称"], values["总投资（万元）"], values["形象进度（%）"]) == (RECORD.named, 12000, 25)
    assert values["开工实际"] == TODAY - timedelta(days=40)
    assert manager.get("/projects/export.csv?status=paused").text.count("\n") == 1


def test_the_audit_calls_a_project_by_its_name_and_leads_to_it(building: UUID, login: Login) -> None:
    events = login(Role.AUDITOR).get("/audit?type=project.milestone_reached").text
    assert RECORD.named in events
    assert f'href="/projects/{building}"' in events
