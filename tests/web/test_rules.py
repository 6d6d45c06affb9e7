"""Rules and lights on pages and in the API: in force on a day, why lit, and what other limits would light."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from httpx import Response

from crm import clock
from domain import FORMS
from domain.district import DISTRICT, District, SetRules
from domain.person import Role
from domain.project import Project
from domain.rules import LightRules
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS

Login = Callable[..., Browser]
TODAY = clock.today()
LATE = TODAY - timedelta(days=40)
LIMITS = {"late_yellow_months": "2", "late_red_months": "3", "behind_yellow_points": "10", "behind_red_points": "30",
          "paused": "false"}  # fmt: skip


@pytest.fixture
def late(office: Office) -> UUID:
    """A project whose land should have been taken forty days ago."""
    made = RECORDS["project"].made(office)
    plan = {"milestone": "land", "planned_on": LATE, "occurred_on": TODAY - timedelta(days=50)}
    office.crm.change(office.by(), Project, made, FORMS["project", "milestone-plans"].model_validate(plan))
    office.catch_up()
    return made


def asked(browser: Browser, path: str, **params: str) -> Response:
    return browser.get(f"{path}?{urlencode(params)}")


def loosen(office: Office, months: int, days_ago: int = 0) -> None:
    lights = LightRules(late_yellow_months=months, late_red_months=max(months, 3))
    office.crm.change(
        office.by(), District, DISTRICT, SetRules(lights=lights, occurred_on=TODAY - timedelta(days=days_ago))
    )
    office.catch_up()


def test_a_light_says_why_and_since_when(late: UUID, login: Login) -> None:
    page = login(Role.STAFF).get(f"/projects/{late}").text
    assert f"摘牌计划 {LATE}，尚未完成" in page
    assert "按默认规则" in page
    assert "黄灯" in page
    assert 'href="#v2"' in page


def test_lists_board_and_chart_show_the_light_and_can_be_narrowed_to_it(late: UUID, login: Login) -> None:
    manager = login(Role.MANAGER)
    for path in ("/projects?", "/projects/board?", "/projects/plan?"):
        assert 'title="黄灯"' in manager.get(path).text, path
    assert f"/projects/{late}" in manager.get("/projects?light=yellow").text
    assert f"/projects/{late}" not in manager.get("/projects?light=red").text
    assert "黄灯" in manager.get("/projects/export.csv").text


def test_a_past_day_is_seen_by_the_rules_in_force_on_it(late: UUID, office: Office, login: Login) -> None:
    loosen(office, 2, days_ago=1)
    manager = login(Role.MANAGER)
    assert f"/projects/{late}" not in manager.get("/projects?light=yellow").text
    assert f"/projects/{late}" in asked(manager, "/projects", light="yellow", as_at=str(TODAY - timedelta(days=2))).text
    page = manager.get(f"/projects/{late}").text
    assert f"按第 1 版规则（{TODAY - timedelta(days=1)} 起施行）" in page
    assert "绿灯" in page
    rules = manager.get("/rules").text
    assert "<del>1</del> → <strong>2</strong>" in rules
    assert "默认规则" in asked(manager, "/rules", as_at=str(TODAY - timedelta(days=2))).text


def test_other_limits_are_tried_and_nothing_is_recorded(late: UUID, office: Office, login: Login) -> None:
    manager = login(Role.MANAGER)
    before = office.crm.position()
    assert 'name="late_yellow_months"' in manager.get("/rules/simulation").text
    tried = asked(manager, "/rules/simulation", **LIMITS)
    assert tried.status_code == 200
    assert f"/projects/{late}" in tried.text
    assert "会变的项目（1）" in tried.text
    same = asked(manager, "/rules/simulation", **LIMITS | {"late_yellow_months": "1"})
    assert "没有项目的亮灯会变" in same.text
    assert office.crm.position() == before
    assert login(Role.STAFF).get("/rules/simulation").status_code == 403


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"late_red_months": "1"}, "不能低于前一档"),
        ({"late_red_months": "99"}, "应在 1 到 36 之间"),
        ({"behind_red_points": "许多"}, "整数"),
        ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
    ],
)
def test_limits_that_cannot_be_are_said_at_their_field(given: dict[str, str], said: str, login: Login) -> None:
    answer = asked(login(Role.ADMIN), "/rules/simulation", **LIMITS | given)
    assert answer.status_code == 422
    assert said in answer.text


def test_the_settings_are_one_form_by_subject(login: Login) -> None:
    admin = login(Role.ADMIN)
    form = admin.get("/admin/settings").text
    for name in ("lights.late_red_months", "problems.solve_days", "urgent_problems.solve_days", "sizes.first.amount"):
        assert f'name="{name}"' in form, name
    answer = admin.post("/admin/settings", {"lights.late_red_months": "1", "lights.late_yellow_months": "2"})
    assert answer.status_code == 422
    assert "不能低于前一档" in answer.text
    assert 'name="lights.late_red_months"' in answer.text
