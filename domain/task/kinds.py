"""The words of a task: from where it came, how it stands."""

from domain.base import Term


class TaskKind(Term):
    """From where it came."""

    DECISION = "decision", "会议议定", "Decided at a meeting"
    REMARK = "remark", "领导批示", "Remark of a leader"


class TaskStatus(Term):
    OPEN = "open", "办理中", "Open"
    DONE = "done", "已办结", "Done"
