"""Meetings by the API: pinned, listed, read with figures whose digest anybody can compute."""

import hashlib
import json
from collections.abc import Callable
from uuid import UUID

from crm import clock
from crm.access import Role
from domain.district import DISTRICT, District, SetRules
from domain.rules import StaffReading
from tests.web.api.conftest import Program, problem
from tests.web.conftest import Office

TODAY = clock.today().isoformat()
MEETING = {"name": "11月下半月调度会", "as_at": TODAY}


def test_a_meeting_is_pinned_once_and_read_with_its_figures(manager: Program, officer: Program, centre: UUID) -> None:
    officer.lead(centre)
    done = manager.post("/meetings", MEETING, Idempotency_Key="11b")
    assert done.status_code == 201, done.text
    assert manager.post("/meetings", MEETING, Idempotency_Key="11b").json()["id"] == done.json()["id"]
    answer = manager.get(f"/meetings/{done.json()['id']}", wait_for=done.json()["position"]).json()
    assert answer["figures"]["agrees"] is True
    document = answer["figures"]["document"]
    written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(written).hexdigest() == answer["figures"]["digest"] == answer["meeting"]["figures"]
    assert document["total"]["registered"] == 1
    assert document["ledger"]["position"] == answer["meeting"]["known_at"] == done.json()["position"] - 1


def test_meetings_are_listed_the_latest_first(manager: Program) -> None:
    for day in ("2026-01-15", "2026-02-15", "2026-01-31"):
        assert manager.post("/meetings", {"name": f"{day} 调度会", "as_at": day}).status_code == 201
    first = manager.get("/meetings", limit=2).json()
    rest = manager.get("/meetings", limit=2, after=first["next"]).json()
    days = [meeting["as_at"] for meeting in first["meetings"] + rest["meetings"]]
    assert days == ["2026-02-15", "2026-01-31", "2026-01-15"]
    assert (first["total"], rest["next"]) == (3, None)


def test_a_meeting_is_renamed_and_withdrawn(manager: Program) -> None:
    meeting = manager.post("/meetings", MEETING).json()["id"]
    assert manager.post(f"/meetings/{meeting}/name", {"name": "下半月调度会"}).status_code == 200
    assert manager.post(f"/meetings/{meeting}/withdrawal", {"reason": "选错日期"}).status_code == 200
    row = manager.get(f"/meetings/{meeting}").json()["meeting"]
    assert (row["name"], row["pinned_as"], row["withdrawn"]) == ("下半月调度会", "11月下半月调度会", "选错日期")


def test_what_the_server_fills_in_is_not_taken_from_anybody(manager: Program) -> None:
    for more in ({"known_at": 1}, {"figures": "0" * 64}, {"previous": None}, {"edition": 2}):
        answer = manager.post("/meetings", {**MEETING, **more})
        assert answer.status_code == 422
        assert [one["field"] for one in problem(answer)["errors"]] == list(more)


def test_who_may_pin_and_who_may_read(
    office: Office, manager: Program, officer: Program, program: Callable[..., Program]
) -> None:
    meeting = manager.post("/meetings", {**MEETING, "note": "三楼会议室"}).json()["id"]
    assert officer.post("/meetings", MEETING).status_code == 403
    assert program(Role.AUDITOR).get(f"/meetings/{meeting}").json()["meeting"]["note"] == "三楼会议室"
    assert officer.get(f"/meetings/{meeting}").status_code == 200
    office.crm.change(office.by(), District, DISTRICT, SetRules(staff_reading=StaffReading.NONE))
    office.catch_up()
    assert officer.get(f"/meetings/{meeting}").status_code == 403
    assert officer.get("/meetings").json()["meetings"][0]["note"] is None
