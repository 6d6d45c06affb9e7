"""Tasks, as the pages show them."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from domain.task import Task, possible
from projections.tasks import TaskRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, caught_up, shape
from web.api.record_reads import Listed, RecordRead, commands, head, reading_list
from web.pages.task_filters import TASKS
from web.session import Crm, Who

router = APIRouter(tags=["tasks"])


class TasksQuery(Listed):
    """The filters of the tasks' page, by the same names and values."""

    q: Plain | None = Field(None, description="查找 · Part of a name, pinyin initials, department")
    status: Plain | None = Field(None, description="状态 · Status: open, done")
    kind: Plain | None = Field(None, description="来源 · Came from: decision, remark")
    answers: Plain | None = Field(None, description="责任人：编号，或 me · Who answers: an id, or me")
    department: Plain | None = Field(None, description="责任单位 · Department")
    given_by: UUID | None = Field(None, description="交办领导 · Given by")
    meeting: UUID | None = Field(None, description="调度会 · Meeting")
    project: UUID | None = Field(None, description="项目 · Project")
    problem: UUID | None = Field(None, description="问题 · Problem")
    late: Literal["1"] | None = Field(None, description="逾期 · Overdue")
    sort: Literal["due", "given", "name"] = "due"


ListedTask: Any = shape("ListedTask", TaskRow)


class TasksAnswer(Answer):
    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    tasks: list[ListedTask]


@router.get("/tasks", name="api.tasks", response_model=TasksAnswer, responses=READ, summary="督办事项 · Tasks")
def tasks_listed(request: Request, crm: Crm, viewer: Who, query: Annotated[TasksQuery, Query()]) -> dict[str, Any]:
    with reading_list(crm, query, TASKS, viewer) as found:
        page, totals = found.read()
    rows = [row._asdict() for row in page.rows]
    return {
        "position": found.position,
        "totals": counted(request.state.words, totals),
        "next": page.next,
        "tasks": rows,
    }


class TaskAnswer(Answer):
    """One task. A void one has no status. `commands`: what it would take now, from you."""

    id: UUID
    version: int
    status: str | None
    given_on: date | None
    name: str
    kind: str | None
    given_by: UUID | None
    meeting: UUID | None
    project: UUID | None
    problem: UUID | None
    content: str | None
    department: str | None
    person: UUID | None
    due_on: date | None
    progress: str | None
    reported_on: date | None
    done_on: date | None
    result: str | None
    postponed: int
    reopened: int
    commands: list[str]


@router.get(
    "/tasks/{id}", name="api.task", response_model=TaskAnswer, responses=READ_ONE, summary="一个督办事项 · One task"
)
def task_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    task = crm.aggregate(Task, id)
    state = task.at(query.as_at) if query.as_at else task.state
    own = [name for name in TaskAnswer.model_fields if hasattr(state, name)]
    return {
        **head(response, task),
        **{name: getattr(state, name) for name in own},
        "commands": commands(crm, viewer, task, possible(task)) if query.as_at is None else [],
    }
