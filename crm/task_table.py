"""Tasks as a table for spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from crm.exports import Value
from domain.base import Text
from domain.task import TaskKind, TaskStatus
from projections.tasks import TaskRow

HEAD: Final = (
    Text("督办事项", "Task"), Text("来源", "Came from"), Text("调度会", "Meeting"), Text("交办领导", "Given by"),
    Text("相关项目", "Project"), Text("相关问题", "Problem"), Text("责任单位", "Department"), Text("责任人", "Who answers"),
    Text("交办日期", "Given on"), Text("办结期限", "Due on"), Text("逾期（天）", "Overdue (days)"), Text("状态", "Status"),
    Text("办理进展", "Progress"), Text("办理结果", "Result"), Text("办结日期", "Done on"), Text("延期次数", "Times postponed"),
)  # fmt: skip


def task_table(
    rows: Iterable[TaskRow], people: Mapping[UUID, str], about: Mapping[UUID, str], day: date, language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each task; what is overdue is so on `day`."""
    yield [title.said(language) for title in HEAD]
    for row in rows:
        yield [
            row.name, TaskKind(row.kind).text.said(language), _name(about, row.meeting), _name(people, row.given_by),
            _name(about, row.project), _name(about, row.problem), row.department, _name(people, row.person), row.given_on,
            row.due_on, row.late(day) or None, TaskStatus(row.status).text.said(language), row.progress, row.result,
            row.done_on, row.postponed or None,
        ]  # fmt: skip


def _name(names: Mapping[UUID, str], id: UUID | None) -> str | None:
    return names.get(id, "—") if id else None
