"""The filters and orders of the tasks' list, and what their forms offer."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from crm import clock
from crm.application import CRM
from domain.base import Text
from domain.task import TaskKind, TaskStatus
from projections import meetings, problems, projects, tasks
from projections.problems import ProblemFilters
from projections.tasks import TaskFilters
from web.fields import Choice, Picks
from web.pages.answering import people_offered
from web.pages.filters import ME, Filter, named, search, somebody, terms, word, yes
from web.pages.lead_picks import named as name_text
from web.pages.record_list import RecordList, people_choices
from web.pages.record_picks import given_id, projects_offered

MEETINGS_OFFERED: Final = 24
OFFERED: Final = 50


def filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "status": word(Text("状态", "Status"), "status", TaskStatus),
        "kind": word(Text("来源", "Came from"), "kind", TaskKind),
        "answers": somebody(Text("责任人", "Who answers"), "person", viewer),
        "department": Filter(Text("责任单位", "Department"), "department", search),
        "given_by": named(Text("交办领导", "Given by"), "given_by"),
        "meeting": named(Text("调度会", "Meeting"), "meeting"),
        "project": named(Text("项目", "Project"), "project"),
        "problem": named(Text("问题", "Problem"), "problem"),
        "late": yes(Text("逾期", "Overdue"), "late_on", clock.today),
    }  # fmt: skip


def choices(conn: Connection[Any]) -> Mapping[str, list[Choice]]:
    return {
        "status": terms(TaskStatus),
        "kind": terms(TaskKind),
        "answers": [Choice(ME, Text("我", "Me")), *people_choices(conn)],
        "meeting": meetings_offered(conn),
    }


TASKS = RecordList(
    "tasks", tasks.LIST, filters, TaskFilters,
    {"due": Text("办结期限", "Due"), "given": Text("交办日期", "Given on"), "name": Text("事项", "Task")},
    ("status", "kind", "answers", "meeting"), Text("督办事项", "Tasks"),
    Text("领导批示和会议议定的事项：谁负责、何时办结、办到哪一步，下次调度会逐项回看。",
         "What leaders remarked and meetings decided: who answers, until when, how far it has come; gone through at the next meeting."),
    ("个事项", "task", "tasks"), Text("交办督办事项", "Give a task"),
    (Text("还没有督办事项", "No tasks yet"), Text("把领导批示和调度会议定的事交办到人，定下期限。",
                                               "Give what was remarked or decided to somebody, with a day.")),
    Text("事项、拼音首字母、责任单位", "Task, pinyin initials, department"), "checklist",
    styles=("dispatch.css",),
)  # fmt: skip


def meetings_offered(conn: Connection[Any], *among: UUID | None) -> list[Choice]:
    """The latest meetings that were not withdrawn, and those of `among`."""
    rows = {row.id: row for row in meetings.listed(conn, limit=MEETINGS_OFFERED).rows if row.withdrawn_on is None}
    more = [meetings.one(conn, one) for one in among if one and one not in rows]
    found = [*(row for row in more if row), *rows.values()]
    return [Choice(str(row.id), name_text(row.name), row.as_at.isoformat()) for row in found]


def offers(crm: CRM, task: Any = None, given: Mapping[str, str] | None = None) -> Picks:
    """People at work, meetings, projects, open problems; whatever the task or the address names among them."""
    state, asked = (task.state if task else None), given or {}
    wanted = {of: getattr(state, of, None) or given_id(asked.get(of)) for of in ("meeting", "project", "problem")}
    with crm.pool.connection() as conn:
        stuck = problems.LIST.page(conn, ProblemFilters(open=True).asked(), limit=OFFERED).rows
        its = [problems.LIST.one(conn, one) for one in [wanted["problem"]] if one]
        return {
            "person": people_offered(crm, task),
            "meeting": meetings_offered(conn, wanted["meeting"]),
            "project": projects_offered(conn, wanted["project"]),
            "problem": _named([*its, *stuck]),
        }


def _named(rows: list[Any]) -> list[Choice]:
    known = {row.id: row.name for row in rows if row is not None}
    return [Choice(str(one), name_text(name)) for one, name in known.items()]


def pointed(conn: Connection[Any], rows: Iterable[Any]) -> dict[UUID, str]:
    """The names of the meetings, projects and problems that tasks (or filters) belong to."""
    rows = list(rows)
    held = [meetings.one(conn, one) for one in {row.meeting for row in rows if row.meeting}]
    return {
        **projects.LIST.called(conn, (row.project for row in rows)),
        **problems.LIST.called(conn, (row.problem for row in rows)),
        **{row.id: row.name for row in held if row},
    }
