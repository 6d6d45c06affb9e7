"""What is a problem's alone: its steps and clocks, the queue and what is behind its numbers, its project's page, its files."""

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
from domain.person import Role
from domain.problem import Problem
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS

Login = Callable[..., Browser]
TODAY = clock.today()
RECORD = RECORDS["problem"]


def act(office: Office, id: UUID, noun: str, days_ago: int, **values: object) -> None:
    form = FORMS["problem", noun].model_validate({"occurred_on": TODAY - timedelta(days=days_ago), **values})
    office.crm.change(office.by(), Problem, id, form)
    office.catch_up()


@pytest.fixture
def project(office: Office) -> UUID:
    return RECORDS["project"].made(office)


@pytest.fixture
def stuck(office: Office, project: UUID) -> UUID:
    """A problem of a project, ten days overdue; another that is solved; one nobody has taken."""
    made = RECORD.made(office, project=str(project))
    act(office, made, "taking", 50)
    act(office, made, "classification", 50, kind="utilities")
    act(office, made, "assignment", 49, department="住建局", due_on=TODAY - timedelta(days=10))
    act(office, made, "path", 48, way="joint", plan="与供电公司会商")
    act(office, made, "cause", 40, cause="园区变电容量不足")
    other = RECORD.made(office, name="缺少熟练焊工")
    act(office, other, "taking", 50)
    act(office, other, "solution", 30, outcome="校企对接招到二十人")
    RECORD.made(office, name="厂房漏雨")
    return made


def test_the_page_says_what_is_due_and_of_each_step_why_it_cannot_be_taken(stuck: UUID, login: Login) -> None:
    page = login(Role.MANAGER).get(f"/problems/{stuck}").text
    assert "逾期 10 天" in page
    assert "应升级" not in page
    assert "交办或重新办理时定的期限" in page
    assert "还没有办理完成。" in page
    assert f'/problems/{stuck}/escalation"' in page
    assert f'/problems/{stuck}/confirmation"' not in page


def test_every_number_of_the_queue_opens_the_problems_behind_it(stuck: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    page = manager.get("/problems").text
    assert "今年" not in page
    assert f"{TODAY.year} 年受理" in page
    links = re.findall(
        r'data-count="(\d+)" href="([^"]+)"', page[page.index('id="figures"') : page.index('id="results"')]
    )
    tiles = re.findall(r'<a class="figure[^"]*" href="([^"]+)"><span class="value num">(\d+)<', page)
    for count, path in [*links, *((count, path) for path, count in tiles)]:
        behind = manager.get(unescape(path)).text
        found = re.search(r'<strong class="num">(\d+)</strong> 件问题', behind)
        assert found, path
        assert found[1] == count, path
    assert len(links) > 6


def test_the_queue_begins_with_what_is_mine_and_overdue(stuck: UUID, office: Office, login: Login) -> None:
    mine = login(Role.STAFF)
    assert "我负责的" not in mine.get("/problems").text
    act(office, stuck, "assignment", 0, person=mine.person, due_on=TODAY + timedelta(days=9), reason="明确到人")
    page = mine.get("/problems").text
    assert page.index("我负责的") < page.index('id="results"')
    assert "缺少熟练焊工" not in mine.get("/problems?answers=me").text
    assert RECORD.named in mine.get("/problems?answers=me").text


def test_a_problem_is_raised_from_its_project_s_page_and_stands_there(stuck: UUID, project: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    page = manager.get(f"/projects/{project}").text
    assert RECORD.named in page
    assert f"/problems/new?project={project}" in page
    form = manager.get(f"/problems/new?project={project}").text
    assert f'value="{project}" selected' in form
    assert manager.post("/problems", RECORD.opens | {"name": "缺水", "project": str(project)}).status_code == 200
    assert "缺水" in manager.get(f"/projects/{project}").text


def test_the_list_leaves_as_a_table_with_the_offices_headers(stuck: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    csv = manager.get("/problems/export.csv?due=overdue&department=住建局").text
    assert csv.startswith("\ufeff项目名称,存在问题")
    assert csv.count("\n") == 2
    book = load_workbook(BytesIO(manager.get("/problems/export.xlsx?kind=utilities").content)).get_sheet_by_index(0)
    header, row = book.to_python()
    values = dict(zip(header, row, strict=True))
    assert (values["存在问题"], values["责任单位"], values["办理路径"]) == (RECORD.named, "住建局", "多部门会商")
    assert (values["逾期（天）"], values["影响投资（万元）"], values["项目名称"]) == (
        10,
        5000,
        RECORDS["project"].named,
    )


def test_the_api_counts_what_was_taken_and_solved_on_a_day_as_known_on_another(
    stuck: UUID, office: Office, login: Login
) -> None:
    manager = login(Role.MANAGER)
    assert manager.person
    key = {"authorization": f"Bearer {office.token(manager.person)}"}
    since = (TODAY - timedelta(days=60)).isoformat()

    def figures(**asked: str) -> tuple[int, int, float | None]:
        answer = manager.client.get(
            "/api/v1/problems/figures", params={"taken_from": since, **asked}, headers=key
        ).json()
        return answer["taken"], answer["solved"], answer["rate"]

    assert figures() == (2, 1, 50.0)
    assert figures(as_at=(TODAY - timedelta(days=31)).isoformat()) == (2, 0, 0.0)
    assert figures(known_at=(TODAY - timedelta(days=1)).isoformat()) == (0, 0, None)
    assert figures(kind="utilities") == (1, 0, 0.0)
    shown = manager.client.get(f"/api/v1/problems/{stuck}", headers=key).json()
    assert [one["due"] for one in shown["clocks"]] == [
        (TODAY - timedelta(days=10)).isoformat(), (TODAY - timedelta(days=5)).isoformat()
    ]  # fmt: skip
    assert manager.client.get("/api/v1/problems?status=asleep", headers=key).status_code == 422


def test_the_audit_calls_a_problem_by_its_name_and_leads_to_it(stuck: UUID, login: Login) -> None:
    events = login(Role.AUDITOR).get("/audit?type=problem.path_decided").text
    assert RECORD.named in events
    assert f'href="/problems/{stuck}"' in events


def test_a_note_that_may_name_a_contact_is_told_to_those_alone_who_work_on_it_or_oversee_it(
    office: Office, login: Login
) -> None:
    mine = login(Role.STAFF)
    opened = mine.post("/problems", RECORD.opens | {"note": "联系人：行政部主任"}, follow=False).headers["location"]
    assert "行政部主任" in mine.get(opened).text
    assert "行政部主任" in login(Role.MANAGER).get(opened).text
    assert "行政部主任" not in login(Role.STAFF).get(opened).text
    assert office.crm.rules().problems.take_days == 1
    assert "登记后 1 天内" in mine.get(opened).text
