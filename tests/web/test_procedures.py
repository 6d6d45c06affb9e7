"""What is a procedure's and a funding's alone: on the project's page, promises, sums that open, files."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from uuid import UUID

import pytest
from python_calamine import load_workbook

from crm import clock
from domain import FORMS
from domain.funding import Funding
from domain.person import Role
from domain.procedure import Procedure
from domain.project import Project
from domain.responsibility import TakeResponsibility
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS

Login = Callable[..., Browser]
TODAY = clock.today()


def act(
    office: Office, kind: type[Procedure | Funding | Project], id: UUID, noun: str, days_ago: int, **values: object
) -> None:
    form = FORMS[kind.NAME, noun].model_validate({"occurred_on": TODAY - timedelta(days=days_ago), **values})
    office.crm.change(office.by(), kind, id, form)
    office.catch_up()


@pytest.fixture
def project(office: Office) -> UUID:
    return RECORDS["project"].made(office)


@pytest.fixture
def lacking(office: Office, project: UUID) -> UUID:
    """A building permit accepted fifty days ago without two papers that were promised for ten days ago; the land is to come."""
    made = RECORDS["procedure"].made(office, project=str(project))
    act(office, Project, project, "milestone-plans", 55, milestone="land", planned_on=TODAY + timedelta(days=5))
    act(
        office,
        Procedure,
        made,
        "acceptance",
        50,
        missing="用地批准书、勘察报告",
        promised_on=TODAY - timedelta(days=10),
    )
    return made


@pytest.fixture
def paid(office: Office, project: UUID) -> UUID:
    """A bond of 5000万 of which 4000万 were approved and 1500万 came; beside it one of the central budget."""
    made = RECORDS["funding"].made(office, project=str(project))
    act(office, Funding, made, "approval", 40, amount="4000万", document="财债〔2026〕2号")
    act(office, Funding, made, "disbursements", 30, amount="1000万")
    act(office, Funding, made, "disbursements", 20, amount="500万", document="拨款单 7")
    RECORDS["funding"].made(office, name="园区管网", kind="central_budget", requested="1932万")
    return made


def test_the_project_s_page_has_its_procedures_and_funding_and_adds_more(
    project: UUID, lacking: UUID, paid: UUID, login: Login
) -> None:
    manager = login(Role.MANAGER)
    page = manager.get(f"/projects/{project}").text
    for shown in (f'href="/procedures/{lacking}"', f'href="/funding/{paid}"', f'href="/procedures/new?project={project}"',
                  f'href="/funding/new?project={project}"', "提前办理", "用地批准书、勘察报告", "37.5%"):  # fmt: skip
        assert shown in page, shown
    then = manager.get(f"/projects/{project}?as_at={TODAY - timedelta(days=55)}").text
    assert "/procedures/new" not in then
    assert "37.5%" not in then
    assert "/procedures/new" not in login(Role.AUDITOR).get(f"/projects/{project}").text
    form = manager.get(f"/procedures/new?project={project}").text
    assert f'value="{project}" selected' in form
    empty = manager.get(f"/projects/{RECORDS['project'].made(manager.office)}").text
    assert "还没有登记手续" in empty
    assert "还没有申报专项债券" in empty


def test_an_overdue_promise_is_listed_until_the_papers_are_there(office: Office, lacking: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    for asked in ("overdue=1", "lenient=1", "early=1", "open=1", "department=区住建局"):
        assert f"/procedures/{lacking}" in manager.get(f"/procedures?{asked}").text, asked
    page = manager.get(f"/procedures/{lacking}").text
    assert "待补" in page
    assert "提前办理" in page
    act(office, Procedure, lacking, "supplements", 3)
    for asked, there in (
        ("overdue=1", False),
        ("lenient=1", True),
        ("status=granted", False),
        ("accepted_to=2001-01-01", False),
    ):
        assert (f"/procedures/{lacking}" in manager.get(f"/procedures?{asked}").text) is there, asked
    then = TODAY - timedelta(days=4)
    assert "待补" in manager.get(f"/procedures/{lacking}?as_at={then}").text


def test_whoever_answers_for_the_project_works_on_what_hangs_on_it(
    office: Office, project: UUID, lacking: UUID, paid: UUID, login: Login
) -> None:
    officer = login(Role.STAFF)
    assert officer.person
    assert officer.get(f"/procedures/{lacking}/supplements").status_code == 403
    office.crm.change(office.by(), Project, project, TakeResponsibility(leader=officer.person))
    assert officer.get(f"/procedures/{lacking}/supplements").status_code == 200
    assert officer.get(f"/funding/{paid}/disbursements").status_code == 200


def test_every_sum_of_the_funding_opens_as_many_as_it_counts(paid: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    page = manager.get("/funding").text
    sums = re.findall(r'<a class="count-link num" data-count="(\d+)" href="([^"]+)"', page)
    assert len(sums) == 7
    for count, href in sums:
        opened = manager.get(unescape(href)).text
        found = re.search(r'found-totals"><strong class="num">(\d+)', opened)
        assert found
        assert found[1] == count, href
    assert re.search(r"37\.5%.{1,80}1,500万元 / 4,000万元", page, re.DOTALL)


def test_more_than_is_left_is_refused_with_what_is_left(paid: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    answer = manager.post(f"/funding/{paid}/disbursements", {"amount.amount": "2501万"})
    assert answer.status_code == 422
    assert "还可拨付 2,500万元" in answer.text
    assert "2501万" in answer.text
    assert manager.post(f"/funding/{paid}/retractions", {"fact": "2", "reason": "记错"}).status_code == 422


def test_both_lists_leave_as_tables_with_the_offices_headers(lacking: UUID, paid: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    assert "容缺材料,待补材料,承诺补齐日期" in manager.get("/procedures/export.csv").text
    book = load_workbook(BytesIO(manager.get("/procedures/export.xlsx").content)).get_sheet_by_index(0)
    header, row = book.to_python()
    values = dict(zip(header, row, strict=True))
    assert (values["项目"], values["提前办理"], values["待补材料"]) == ("某某装备生产线", "是", "用地批准书、勘察报告")
    book = load_workbook(BytesIO(manager.get("/funding/export.xlsx?status=approved").content)).get_sheet_by_index(0)
    header, row = book.to_python()
    values = dict(zip(header, row, strict=True))
    assert (values["批复金额（万元）"], values["累计拨付（万元）"], values["资金到位率（%）"]) == (4000, 1500, 37.5)


def test_the_api_gives_sums_and_what_is_owed(office: Office, lacking: UUID, paid: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    key = {"authorization": f"Bearer {office.token(manager.person)}"}
    sums = manager.client.get("/api/v1/funding", headers=key).json()["sums"]
    assert (sums["special_bond"]["approved"]["fen"], sums["special_bond"]["disbursed"]["text"]) == (
        4000_0000_00,
        "1,500万元",
    )
    assert sums["central_budget"]["approvals"] == 0
    one = manager.client.get(f"/api/v1/procedures/{lacking}", headers=key).json()
    assert (one["owed"], one["missing"]) == (True, ["用地批准书", "勘察报告"])
    (row,) = manager.client.get("/api/v1/procedures?overdue=true&early=true", headers=key).json()["procedures"]
    assert row["id"] == str(lacking)
    assert manager.client.get("/api/v1/procedures?status=sleeping", headers=key).status_code == 422
    assert (
        manager.client.get(f"/api/v1/funding/{paid}?as_at={TODAY - timedelta(days=25)}", headers=key).json()[
            "disbursed"
        ]
        == 1000_0000_00
    )


def test_the_audit_leads_to_both_by_name(lacking: UUID, paid: UUID, login: Login) -> None:
    events = login(Role.AUDITOR).get("/audit?type=procedure").text + login(Role.AUDITOR).get("/audit?type=funding").text
    for there in (f'href="/procedures/{lacking}"', f'href="/funding/{paid}"', "一号厂房施工许可", "园区道路专项债"):
        assert there in events, there
