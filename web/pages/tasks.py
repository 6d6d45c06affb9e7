"""Tasks: the list by both clocks, the file, giving one, and one of them with what is done about it."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.task_table import task_table
from domain.base import Text
from domain.task import (
    FinishTask,
    ReassignTask,
    ReopenTask,
    ReportTask,
    ReviseTask,
    Task,
    TaskDetails,
    TaskKind,
    TaskStatus,
    possible,
)
from projections import meetings, tasks
from web.html import page
from web.pages.answering import demanding, in_force
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import sort_of
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import context
from web.pages.record_page import Look, RecordPage, shown
from web.pages.sheets import Sheets, add_commands
from web.pages.task_filters import TASKS, choices, offers, pointed
from web.session import Crm, Who

router = APIRouter()


@router.get("/tasks", name="tasks")
def every(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list, what is due first and what is done last; htmx asks for `#results` alone."""
    wanted = TASKS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        listed = context(
            conn, request, TASKS, wanted, asked, choices(conn),
            names=lambda rows: names_of(conn, pointed(conn, [*rows, wanted.filters])),
        )  # fmt: skip
    return page(
        request, "tasks/list.html", **listed, status_of=TaskStatus, kind_of=TaskKind,
        day_asked=asked.point.as_at or clock.today(),
    )  # fmt: skip


@router.get("/tasks/export.{form}", name="tasks.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("tasks", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = TASKS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, sort, names = moment(conn, request.query_params), sort_of(request, TASKS.sorts), names_of(conn)
        rows = list(tasks.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort))
        day = asked.point.as_at or clock.today()
        yield from task_table(rows, names.people, pointed(conn, rows), day, viewer.language)


# ── giving one ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _knows(crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Decided at the latest meeting, where nothing else is said."""
    if given.get("kind") == TaskKind.REMARK:
        return {"kind": TaskKind.REMARK}
    with crm.pool.connection() as conn:
        last = next((row for row in meetings.listed(conn, limit=5).rows if row.withdrawn_on is None), None)
    return {"kind": TaskKind.DECISION, **({"meeting": last.id} if last else {})}


add_opening(
    router,
    Opening(
        Task, "/tasks", "tasks", "task",
        (
            (Text("事项", "Task"), ("name", "kind", "content", "given_by", "meeting")),
            (Text("责任与期限", "Who answers, and until when"), ("department", "person", "due_on")),
            (Text("关联", "What it is about"), ("project", "problem", "occurred_on")),
        ),
        lambda crm, _viewer, given: offers(crm, given=given), _knows, styles=("projects.css", "targets.css", "dispatch.css"),
    ),
)  # fmt: skip


# ── one of them ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _names(look: Look) -> Mapping[UUID, str]:
    with look.crm.pool.connection() as conn:
        return pointed(conn, [look.state])


PAGE = RecordPage(
    Task, "tasks",
    ({ReportTask: "message", FinishTask: "circle-check", ReopenTask: "refresh", ReassignTask: "user-share"},
     {ReviseTask: "pencil"}), possible,
    {"kind": Text("来源", "Came from"), "given_by": Text("交办领导", "Given by"), "given_on": Text("交办日期", "Given on"),
     "department": Text("责任单位", "Department"), "person": Text("责任人", "Who answers"),
     "due_on": Text("办结期限", "Due on"), "postponed": Text("延期次数", "Times postponed"),
     "reopened": Text("重新办理次数", "Times reopened")},
    names=_names, styles=("dispatch.css",),
)  # fmt: skip


@router.get("/tasks/{id}", name="task")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    return page(request, "tasks/task.html", **found.context, day_asked=found.look.day)


def _values(_crm: CRM, task: Task) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    return in_force(task, TaskDetails, "department", "person", "due_on")


SHEETS = Sheets(
    Task, "/tasks", "task", offers=offers, knows=_values, demands=demanding(Task), named=lambda task: task.name,
    apart=frozenset({"tasks", NOUN}),
)  # fmt: skip
add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
