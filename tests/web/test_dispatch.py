"""The dispatch: what moved since the last meeting, what is red and why, tasks followed up, and a past one that stays as it was."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from crm import clock
from domain import FORMS
from domain.base import AGGREGATES
from domain.person import Role
from domain.problem import Problem
from domain.task import Task
from projections.weekly import week_before
from tests.web.conftest import Browser, Office
from tests.web.records import BEGUN, RECORDS

Login = Callable[..., Browser]
TODAY = clock.today()
ARTICLE = re.compile(r"<article>.*?</article>", re.DOTALL)


def act(office: Office, kind: str, id: UUID, noun: str, on: date = TODAY, **values: object) -> None:
    office.crm.change(
        office.by(), AGGREGATES[kind], id, FORMS[kind, noun].model_validate({"occurred_on": on, **values})
    )
    office.catch_up()


def make(office: Office, of: type, on: date, **values: object) -> UUID:
    form = of.CREATES.model_validate({"occurred_on": on, **values})
    made = office.crm.create(office.by(), of, form).id
    office.catch_up()
    return made


def pin(browser: Browser, name: str, as_at: date = TODAY) -> str:
    """The id of a meeting just pinned."""
    answer = browser.post("/meetings", {"name": name, "as_at": as_at.isoformat()}, follow=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).rpartition("/")[2]


@pytest.fixture
def manager(login: Login) -> Browser:
    return login(Role.MANAGER)


@pytest.fixture
def project(office: Office, manager: Browser) -> UUID:
    """A project whose start is four months late, answered for by the manager."""
    made = RECORDS["project"].made(office)
    act(office, "project", made, "responsibility", BEGUN, leader=manager.person, task_force="装备专班")
    act(office, "project", made, "milestone-plans", BEGUN, milestone="start", planned_on=TODAY - timedelta(125))
    return made


def test_before_anything_happened_the_pages_say_what_to_do(manager: Browser) -> None:
    page = manager.get("/dispatch").text
    for said in ("还没有固定过会议", "没有红灯项目", "其间没有项目变化", "没有未办结的问题"):
        assert said in page
    assert "没有符合条件的在建项目" in manager.get("/dispatch/weekly").text
    assert "没有符合条件的重点项目" in manager.get("/dispatch/leaders").text


def test_what_moved_what_is_red_and_why(office: Office, manager: Browser, project: UUID) -> None:
    page = manager.get("/dispatch").text
    assert "某某装备生产线" in page
    assert "开工计划" in page
    assert "尚未完成" in page
    act(office, "project", project, "progress", physical=30, invested="3000万")
    act(office, "project", project, "milestones", milestone="land", evidence="成交确认书")
    page = manager.get("/dispatch").text
    assert "/dispatch/moved/projects/land" in page
    assert "— → 30%" in page
    assert "某某装备生产线" in manager.get("/dispatch/moved/projects/land").text
    assert "某某装备生产线" in manager.get("/dispatch/moved/projects/progress").text
    assert manager.get("/dispatch/moved/projects/nothing").status_code == 404
    assert manager.get("/dispatch?meeting=00000000-0000-0000-0000-000000000007").status_code == 404


def test_the_next_dispatch_counts_from_the_last_meeting(office: Office, manager: Browser, project: UUID) -> None:
    act(office, "project", project, "milestones", milestone="land", evidence="成交确认书")
    pin(manager, "上半月调度会")
    assert "/dispatch/moved/projects/land" not in manager.get("/dispatch").text
    act(office, "project", project, "milestones", milestone="procedures", evidence="许可证")
    page = manager.get("/dispatch").text
    assert "/dispatch/moved/projects/procedures" in page
    assert "上半月调度会" in page


def test_a_past_dispatch_comes_out_the_same_whatever_is_entered_later(
    office: Office, manager: Browser, project: UUID
) -> None:
    act(office, "project", project, "progress", TODAY - timedelta(3), physical=20)
    problem = make(office, Problem, TODAY - timedelta(2), name="外供电不足", source="project", project=project)
    meeting = pin(manager, "上半月调度会")
    before = article(manager, meeting)
    assert "外供电不足" in before
    act(office, "project", project, "progress", TODAY - timedelta(3), physical=90)
    act(office, "project", project, "details", details={"name": "改了名的生产线"})
    act(office, "problem", problem, "taking")
    assert article(manager, meeting) == before
    assert "与会议当时一致" in manager.get(f"/dispatch?meeting={meeting}").text
    assert "改了名的生产线" in manager.get("/dispatch").text


def article(browser: Browser, meeting: str) -> str:
    answer = browser.get(f"/dispatch/pack?meeting={meeting}")
    assert answer.status_code == 200
    assert "与当次会议一致" in answer.text
    found = ARTICLE.search(answer.text)
    assert found
    return found.group()


def test_a_decision_becomes_a_task_and_is_followed_up_at_the_next(
    office: Office, manager: Browser, project: UUID
) -> None:
    meeting = pin(manager, "上半月调度会")
    assert f'value="{meeting}" selected' in manager.get("/tasks/new").text
    typed = {
        "name": "协调供电公司送电", "kind": "decision", "meeting": meeting, "project": str(project), "department": "工信局",
        "due_on": TODAY.isoformat(),
    }  # fmt: skip
    assert "协调供电公司送电" in manager.post("/tasks", typed).text
    office.catch_up()
    assert "协调供电公司送电" in manager.get(f"/dispatch?meeting={meeting}").text
    assert "协调供电公司送电" in manager.get(f"/dispatch/pack?meeting={meeting}").text
    assert "协调供电公司送电" in manager.get("/dispatch").text
    assert "协调供电公司送电" in manager.get(f"/tasks?meeting={meeting}").text
    assert "上半月调度会" in manager.get(f"/tasks?meeting={meeting}").text


def test_the_weekly_watch_sets_this_week_beside_the_last(office: Office, manager: Browser, project: UUID) -> None:
    act(office, "project", project, "progress", week_before(TODAY), physical=20, invested="2000万")
    act(office, "project", project, "progress", TODAY, physical=35, invested="2600万")
    page = manager.get("/dispatch/weekly").text
    assert "20% → <strong>35%</strong>" in page
    assert "+15" in page
    assert "+600万元" in page
    table = manager.get("/dispatch/weekly/export.csv").text
    assert ",20,35,15,2000,2600,600," in table
    paper = manager.get("/dispatch/weekly/pack").text
    assert "35%" in paper
    assert "重点项目周监测表" in paper


def test_the_leaders_list_names_problem_path_and_result(office: Office, manager: Browser, project: UUID) -> None:
    problem = make(office, Problem, TODAY - timedelta(5), name="外供电不足", source="project", project=project)
    act(office, "problem", problem, "taking", TODAY - timedelta(4))
    act(office, "problem", problem, "assignment", TODAY - timedelta(4), department="工信局", due_on=TODAY)
    act(office, "problem", problem, "path", TODAY - timedelta(3), way="joint", plan="会商供电公司")
    act(office, "problem", problem, "solution", TODAY, outcome="已送电")
    for path in ("/dispatch/leaders", "/dispatch/leaders/pack", "/dispatch/leaders/export.csv"):
        page = manager.get(path).text
        for said in ("某某装备生产线", "外供电不足", "工信局", "会商供电公司", "已送电"):
            assert said in page, (path, said)


def test_the_dispatch_is_a_workbook_too(office: Office, manager: Browser, project: UUID) -> None:
    make(office, Task, TODAY, name="协调送电", kind="remark", person=manager.person, due_on=TODAY)
    book = CalamineWorkbook.from_filelike(io.BytesIO(manager.get("/dispatch/export.xlsx").content))
    assert book.sheet_names == ["项目变化", "红灯项目", "问题变化", "未办结问题", "督办事项"]
    assert book.get_sheet_by_name("红灯项目").to_python()[1][0] == "某某装备生产线"
    assert book.get_sheet_by_name("督办事项").to_python()[1][0] == "协调送电"


def test_english_is_complete(office: Office, manager: Browser, project: UUID) -> None:
    manager.get("/language/en")
    for path in ("/dispatch", "/dispatch/weekly", "/dispatch/leaders", "/tasks"):
        assert manager.get(path).status_code == 200
