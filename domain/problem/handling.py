"""Taken, classified, assigned to somebody with a day, its path decided, taken further up."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Day, Form, Text
from domain.problem.event import ProblemEvent
from domain.problem.kinds import EscalationLevel, ProblemClass, ProblemStatus, ProblemWay, Urgency
from domain.values import Line, Word

if TYPE_CHECKING:
    from domain.problem.state import ProblemState


class TakeProblem(Form):
    """The district takes it on."""

    noun: ClassVar[str] = "taking"
    verb: ClassVar[str] = "take"
    title: ClassVar[Text] = Text("受理", "Take it")

    number: Word | None = Field(None, title="受理编号|Its number")


class ProblemTaken(ProblemEvent, TakeProblem):
    TOPIC = "problem.taken"
    TITLE = Text("受理", "Taken")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:
        taken = {"taken_on": was.taken_on or self.occurred_on, "number": self.number}
        if was.status is not ProblemStatus.RAISED:
            return taken
        return {**taken, "status": ProblemStatus.TAKEN, "since_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(f"受理（{self.number}）", f"Taken ({self.number})") if self.number else self.TITLE


class ClassifyProblem(Form):
    """Say what kind of problem it is."""

    noun: ClassVar[str] = "classification"
    verb: ClassVar[str] = "classify"
    title: ClassVar[Text] = Text("分类", "Classify")

    kind: ProblemClass = Field(title="问题类别|Class")
    urgency: Urgency | None = Field(
        None, title="紧急程度|Urgency", description="不选则不变|left as it is where none is chosen"
    )


class ProblemClassified(ProblemEvent, ClassifyProblem):
    TOPIC = "problem.classified"
    TITLE = Text("分类", "Classified")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"kind": self.kind, **({"urgency": self.urgency} if self.urgency else {})}

    def sentence(self) -> Text:
        kind, urgency = self.kind.text, self.urgency.text if self.urgency else None
        more = Text(f"，{urgency.zh}", f", {urgency.en.lower()}") if urgency else Text("", "")
        return Text(f"分类：{kind.zh}{more.zh}", f"Class: {kind.en}{more.en}")


class AssignProblem(Form):
    """Say who answers and until when. Giving it to another, or more time, needs a reason."""

    noun: ClassVar[str] = "assignment"
    verb: ClassVar[str] = "assign"
    title: ClassVar[Text] = Text("交办", "Assign")

    department: Line | None = Field(
        None, title="责任单位|Department", description="责任单位和责任人至少填一项|a department, a person, or both"
    )
    person: UUID | None = Field(None, title="责任人|Who answers", json_schema_extra={"pick": "person"})
    due_on: Day = Field(title="办结期限|To be solved by")
    reason: Line | None = Field(
        None,
        title="转办或延期原因|Reason for the change",
        description="已交办过的必填|needed where it was assigned before",
    )


class ProblemAssigned(ProblemEvent, AssignProblem):
    TOPIC = "problem.assigned"
    TITLE = Text("交办", "Assigned")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:
        given = {"department": self.department, "person": self.person, "due_on": self.due_on}
        if was.status not in (ProblemStatus.RAISED, ProblemStatus.TAKEN):
            return given
        return {**given, "status": ProblemStatus.ASSIGNED, "since_on": self.occurred_on}

    def sentence(self) -> Text:
        to, day = self.department, f"{self.due_on:%Y-%m-%d}"
        zh, en = (f"交办{to}", f"Assigned to {to}") if to else ("交办", "Assigned")
        why = Text(f"（{self.reason}）", f" ({self.reason})") if self.reason else Text("", "")
        return Text(f"{zh}，{day} 前办结{why.zh}", f"{en}, due {day}{why.en}")


class DecideProblemPath(Form):
    """Decide by which path it is dealt with."""

    noun: ClassVar[str] = "path"
    verb: ClassVar[str] = "decide_path"
    title: ClassVar[Text] = Text("确定办理路径", "Decide the path")

    way: ProblemWay = Field(title="办理路径|Path")
    plan: Line = Field(title="办理措施|What is done")


class ProblemPathDecided(ProblemEvent, DecideProblemPath):
    TOPIC = "problem.path_decided"
    TITLE = Text("确定办理路径", "Path decided")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"way": self.way, "plan": self.plan}

    def sentence(self) -> Text:
        return Text(f"{self.way.text.zh}：{self.plan}", f"{self.way.text.en}: {self.plan}")


class EscalateProblem(Form):
    """Take it further up."""

    noun: ClassVar[str] = "escalation"
    verb: ClassVar[str] = "escalate"
    title: ClassVar[Text] = Text("升级", "Escalate")

    level: EscalationLevel = Field(title="升级至|To")
    leader: UUID | None = Field(None, title="牵头领导|Leader", json_schema_extra={"pick": "person"})
    reason: Line = Field(title="升级原因|Reason")


class ProblemEscalated(ProblemEvent, EscalateProblem):
    TOPIC = "problem.escalated"
    TITLE = Text("升级", "Escalated")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:
        return {"level": self.level, "leader": self.leader or was.leader, "escalated_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(f"升级至{self.level.text.zh}：{self.reason}", f"Escalated to {self.level.text.en}: {self.reason}")
