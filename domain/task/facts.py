"""The facts of a task: given, put right, given to another, reported on, done, taken up again; and what they come to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import Field

from domain.base import Day, Form, Patch, Payload, Text
from domain.facts import Fact
from domain.revising import revised
from domain.task.kinds import TaskKind, TaskStatus
from domain.values import Line, Prose


class TaskEvent(Fact):
    """A fact of a task. It says what it changes; `TaskState.after` alone takes that in."""

    def changes(self, was: "TaskState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}


class TaskDetails(Payload):
    """What may be put right at any time."""

    name: Line = Field(
        title="督办事项|Task", description="一句话说清要办成什么|what is to be brought about, in one line"
    )
    kind: TaskKind = Field(title="来源|Came from")
    given_by: UUID | None = Field(None, title="交办领导|Given by", json_schema_extra={"pick": "person"})
    meeting: UUID | None = Field(None, title="调度会|Meeting", json_schema_extra={"pick": "meeting"})
    project: UUID | None = Field(None, title="相关项目|Project", json_schema_extra={"pick": "project"})
    problem: UUID | None = Field(None, title="相关问题|Problem", json_schema_extra={"pick": "problem"})
    content: Prose | None = Field(
        None, title="批示或议定内容|What was said", description="原文照录，不写私人信息|in their words; nothing private"
    )


class TaskTerms(Payload):
    """Who answers and until when."""

    department: Line | None = Field(
        None, title="责任单位|Department", description="责任单位和责任人至少填一项|a department, a person, or both"
    )
    person: UUID | None = Field(None, title="责任人|Who answers", json_schema_extra={"pick": "person"})
    due_on: Day = Field(title="办结期限|To be done by")


class GiveTask(Form, TaskDetails, TaskTerms):
    """Make a task of what was decided or remarked."""

    noun: ClassVar[str] = "tasks"
    verb: ClassVar[str] = "give"
    title: ClassVar[Text] = Text("交办督办事项", "Give a task")


class TaskGiven(TaskEvent, GiveTask):
    TOPIC = "task.given"
    TITLE = Text("交办", "Given")

    def changes(self, was: "TaskState") -> Mapping[str, Any]:  # noqa: ARG002
        details = {name: getattr(self, name) for name in TaskDetails.model_fields}
        return {**details, **_terms(self), "status": TaskStatus.OPEN, "given_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(
            f"{self.kind.text.zh}：{self.name}，{self.due_on} 前办结",
            f"{self.kind.text.en}: {self.name}, due {self.due_on}",
        )


class TaskDetailsChanged(Patch, TaskDetails):
    """The details that change, and nothing else."""


class ReviseTask(Form):
    """Put details right. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改事项内容", "Edit the task")

    details: TaskDetailsChanged


class TaskRevised(TaskEvent, ReviseTask):
    TOPIC = "task.revised"
    TITLE = Text("修改事项内容", "Task revised")

    def changes(self, was: "TaskState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)


class ReassignTask(Form, TaskTerms):
    """Give it to another, or more time; both need a reason."""

    noun: ClassVar[str] = "assignment"
    verb: ClassVar[str] = "reassign"
    title: ClassVar[Text] = Text("调整责任或期限", "Reassign or reschedule")

    reason: Line = Field(title="调整原因|Reason")


class TaskReassigned(TaskEvent, ReassignTask):
    TOPIC = "task.reassigned"
    TITLE = Text("调整责任或期限", "Reassigned")

    def changes(self, was: "TaskState") -> Mapping[str, Any]:
        later = was.due_on is not None and self.due_on > was.due_on
        return {**_terms(self), "postponed": was.postponed + later}

    def sentence(self) -> Text:
        unit = Text(f"{self.department}，", f"{self.department}, ") if self.department else Text("", "")
        return Text(
            f"{unit.zh}{self.due_on} 前办结：{self.reason}", f"{unit.en}to be done by {self.due_on}: {self.reason}"
        )


class ReportTask(Form):
    """Say how far it has come."""

    noun: ClassVar[str] = "reports"
    verb: ClassVar[str] = "report"
    title: ClassVar[Text] = Text("反馈进展", "Report progress")

    progress: Line = Field(title="办理进展|How far it has come")


class TaskReported(TaskEvent, ReportTask):
    TOPIC = "task.reported"
    TITLE = Text("反馈进展", "Progress reported")

    def changes(self, was: "TaskState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"progress": self.progress, "reported_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(f"进展：{self.progress}", f"Progress: {self.progress}")


class FinishTask(Form):
    """It is done, and with what result."""

    noun: ClassVar[str] = "completion"
    verb: ClassVar[str] = "finish"
    title: ClassVar[Text] = Text("办结", "Done")

    result: Line = Field(title="办理结果|Result")


class TaskDone(TaskEvent, FinishTask):
    TOPIC = "task.done"
    TITLE = Text("办结", "Done")

    def changes(self, was: "TaskState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": TaskStatus.DONE, "done_on": self.occurred_on, "result": self.result}

    def sentence(self) -> Text:
        return Text(f"办结：{self.result}", f"Done: {self.result}")


class ReopenTask(Form):
    """It is not done after all."""

    noun: ClassVar[str] = "reopening"
    verb: ClassVar[str] = "reopen"
    title: ClassVar[Text] = Text("重新办理", "Reopen")

    due_on: Day = Field(title="办结期限|To be done by")
    reason: Line = Field(title="重新办理原因|Reason")


class TaskReopened(TaskEvent, ReopenTask):
    TOPIC = "task.reopened"
    TITLE = Text("重新办理", "Reopened")

    def changes(self, was: "TaskState") -> Mapping[str, Any]:
        again = {"status": TaskStatus.OPEN, "done_on": None, "result": None}
        return {**again, "due_on": self.due_on, "reopened": was.reopened + 1}

    def sentence(self) -> Text:
        return Text(f"重新办理：{self.reason}，{self.due_on} 前办结", f"Reopened: {self.reason}, due {self.due_on}")


def _terms(terms: TaskTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in TaskTerms.model_fields}


@dataclass(frozen=True)
class TaskState:
    """A task at the end of a day. `postponed`, `reopened`: how often. No `status`: there is none."""

    status: TaskStatus | None = None
    given_on: date | None = None
    name: str = ""
    kind: TaskKind | None = None
    given_by: UUID | None = None
    meeting: UUID | None = None
    project: UUID | None = None
    problem: UUID | None = None
    content: str | None = None
    department: str | None = None
    person: UUID | None = None
    due_on: date | None = None
    progress: str | None = None
    reported_on: date | None = None
    done_on: date | None = None
    result: str | None = None
    postponed: int = 0
    reopened: int = 0

    def after(self, fact: TaskEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        return self.status is not None

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.status is TaskStatus.OPEN

    @property
    def people(self) -> frozenset[UUID]:
        """Who answers, where that is somebody by name."""
        return frozenset({self.person} if self.person else ())
