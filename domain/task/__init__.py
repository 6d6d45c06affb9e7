"""Tasks (督办事项): a leader's remark or a meeting's decision, with who answers and until when, followed up until it is done."""

from domain.task.facts import (
    FinishTask,
    GiveTask,
    ReassignTask,
    ReopenTask,
    ReportTask,
    ReviseTask,
    TaskDetails,
    TaskState,
)
from domain.task.kinds import TaskKind, TaskStatus
from domain.task.task import Task, possible

__all__ = [
    "FinishTask", "GiveTask", "ReassignTask", "ReopenTask", "ReportTask", "ReviseTask", "Task", "TaskDetails", "TaskKind",
    "TaskState", "TaskStatus", "possible",
]  # fmt: skip
