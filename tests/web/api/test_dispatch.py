"""The dispatch by the API: what moved, a meeting's as it was pinned, the weekly watch, the leaders' list, tasks."""

from uuid import UUID

from crm import clock
from tests.web.api.conftest import Program

TODAY = clock.today().isoformat()
PROJECT = {"name": "某某装备生产线", "kind": "investment", "industry": "C", "planned_year": 2026, "start": "new",
           "investment": "1.2亿"}  # fmt: skip


def test_a_dispatch_is_read_as_it_is_prepared_and_as_it_was_pinned(manager: Program) -> None:
    made = manager.post("/projects", PROJECT).json()
    prepared = manager.get("/dispatch", wait_for=made["position"]).json()
    assert (prepared["meeting"], prepared["agrees"]) == (None, None)
    assert prepared["document"]["projects"]["opened"]["count"] == 1
    meeting = manager.post("/meetings", {"name": "调度会", "as_at": TODAY}).json()
    manager.post(f"/projects/{made['id']}/progress", {"physical": 40})
    held = manager.get("/dispatch", meeting=meeting["id"]).json()
    assert held["agrees"] is True
    assert "progress" not in held["document"]["projects"]
    following = manager.get("/dispatch").json()
    assert following["follows"] == meeting["id"]
    assert list(following["document"]["projects"]) == ["progress"]
    assert manager.get("/dispatch", meeting=str(UUID(int=7))).status_code == 404


def test_the_weekly_watch_and_the_leaders_list_are_read(manager: Program) -> None:
    made = manager.post("/projects", PROJECT).json()["id"]
    manager.post("/problems", {"name": "外供电不足", "source": "project", "project": made})
    done = manager.post(f"/projects/{made}/progress", {"physical": 40, "invested": "3000万"}).json()
    weekly = manager.get("/dispatch/weekly", wait_for=done["position"]).json()
    assert [(one["physical"], one["physical_change"], one["silent"]) for one in weekly["projects"]] == [(40, 40, 0)]
    leaders = manager.get("/dispatch/leaders").json()
    assert [problem["name"] for one in leaders["projects"] for problem in one["problems"]] == ["外供电不足"]
    assert manager.get("/dispatch/weekly", light="blue").status_code == 422


def test_a_task_is_given_reported_on_and_done(manager: Program) -> None:
    meeting = manager.post("/meetings", {"name": "调度会", "as_at": TODAY}).json()["id"]
    task = {"name": "协调送电", "kind": "decision", "meeting": meeting, "department": "工信局", "due_on": TODAY}
    made = manager.post("/tasks", task).json()["id"]
    assert manager.post(f"/tasks/{made}/reports", {"progress": "已踏勘"}).status_code == 200
    done = manager.post(f"/tasks/{made}/completion", {"result": "已送电"}).json()
    shown = manager.get(f"/tasks/{made}", wait_for=done["position"]).json()
    assert (shown["status"], shown["progress"], shown["result"]) == ("done", "已踏勘", "已送电")
    assert "reopening" in shown["commands"]
    assert [one["name"] for one in manager.get("/tasks", meeting=meeting).json()["tasks"]] == ["协调送电"]
    assert manager.post("/tasks", {**task, "meeting": str(UUID(int=7))}).status_code == 422
