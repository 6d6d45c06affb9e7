"""Meetings asked for wrongly, by those who may not, or twice."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from crm import clock
from domain.district import DISTRICT, District, SetRules
from domain.person import Role
from domain.rules import StaffReading
from tests.web.book import bring
from tests.web.conftest import Browser, Office

Login = Callable[..., Browser]
TODAY = clock.today()
NOWHERE = UUID(int=4)


@pytest.fixture
def manager(login: Login) -> Browser:
    return login(Role.MANAGER)


def pin(manager: Browser) -> str:
    """The address of a meeting just pinned."""
    answer = manager.post("/meetings", {"name": "11月下半月调度会", "as_at": str(TODAY)}, follow=False)
    return str(answer.headers["location"])


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"name": " ", "as_at": str(TODAY)}, "请填写"),
    ({"name": "会", "as_at": ""}, "请填写"),
    ({"name": "会", "as_at": "13月"}, "日期"),
    ({"name": "会", "as_at": str(TODAY + timedelta(1))}, "不能晚于会议当天"),
    ({"name": "长" * 201, "as_at": str(TODAY)}, "字"),
)


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_a_form_with_a_mistake_comes_back_as_typed(manager: Browser, given: dict[str, str], said: str) -> None:
    answer = manager.post("/meetings", given)
    assert answer.status_code == 422
    assert said in answer.text
    assert "还没有固定过会议" in manager.get("/meetings").text


def test_a_double_click_pins_once(manager: Browser) -> None:
    given = {"name": "调度会", "as_at": str(TODAY), "command": str(uuid4())}
    first, second = (manager.post("/meetings", given, follow=False).headers["location"] for _ in range(2))
    assert first == second
    assert 'data-total="1"' in manager.get("/meetings").text


def test_staff_who_see_only_their_own_channels_do_not_open_a_paper(
    office: Office, manager: Browser, login: Login
) -> None:
    bring(office, office.centre(), "甲机械公司")
    office.catch_up()
    meeting = pin(manager)
    staff = login(Role.STAFF)
    assert staff.get(meeting).status_code == 200
    office.crm.change(office.by(), District, DISTRICT, SetRules(staff_reading=StaffReading.NONE))
    office.catch_up()
    for path in ("", "/pack", "/figures.json", "/figures.xlsx", "/leads", "/moved?part=learned"):
        answer = staff.get(f"{meeting}{path}")
        assert answer.status_code == 403, path
        assert "甲机械公司" not in answer.text
    listed = staff.get("/meetings").text
    assert "11月下半月调度会" in listed
    assert meeting not in listed


@pytest.mark.parametrize("role", [Role.STAFF, Role.AUDITOR])
def test_only_managers_and_administrators_pin_rename_and_withdraw(manager: Browser, login: Login, role: Role) -> None:
    meeting, other = pin(manager), login(role)
    assert other.post("/meetings", {"name": "会", "as_at": str(TODAY)}).status_code == 403
    assert other.post(f"{meeting}/name", {"name": "会"}).status_code == 403
    assert other.post(f"{meeting}/withdrawal", {"reason": "错"}).status_code == 403
    assert "/withdrawal" not in other.get(meeting).text


@pytest.mark.parametrize(
    "path",
    ["/meetings/x", f"/meetings/{NOWHERE}", f"/meetings/{NOWHERE}/pack", f"/meetings/{NOWHERE}/figures.json",
     f"/meetings/{NOWHERE}/leads", f"/meetings/{NOWHERE}/moved?part=learned"],
)  # fmt: skip
def test_what_is_no_meeting_is_not_found(manager: Browser, path: str) -> None:
    assert manager.get(path).status_code == 404


def test_a_question_nobody_can_answer_is_no_error_of_ours(manager: Browser) -> None:
    meeting = pin(manager)
    for path in ("leads?measure=luck", "leads?stage=x", "moved?part=learned", "moved?part=learned&kind=x", "moved",
                 "figures.pdf", "leads?after=x"):  # fmt: skip
        assert manager.get(f"{meeting}/{path}").status_code in {200, 404, 422}, path
    assert manager.get("/meetings?after=x").status_code == 200
