"""Solved, confirmed by whoever raised it, reopened; and the cause that it has in common with others."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from domain.base import Day, Form, Text
from domain.problem.event import ProblemEvent
from domain.problem.kinds import ProblemStatus, Satisfaction
from domain.values import Line

if TYPE_CHECKING:
    from domain.problem.state import ProblemState


class SolveProblem(Form):
    """It is solved, as whoever answers for it says; whoever raised it is asked then."""

    noun: ClassVar[str] = "solution"
    verb: ClassVar[str] = "solve"
    title: ClassVar[Text] = Text("办理完成", "Solved")

    outcome: Line = Field(title="办理结果|Result")


class ProblemSolved(ProblemEvent, SolveProblem):
    TOPIC = "problem.solved"
    TITLE = Text("办理完成", "Solved")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002
        return {
            "status": ProblemStatus.SOLVED,
            "since_on": self.occurred_on,
            "solved_on": self.occurred_on,
            "result": self.outcome,
        }

    def sentence(self) -> Text:
        return Text(f"办理完成：{self.outcome}", f"Solved: {self.outcome}")


class ConfirmProblem(Form):
    """Whoever raised it says whether it is solved for them."""

    noun: ClassVar[str] = "confirmation"
    verb: ClassVar[str] = "confirm"
    title: ClassVar[Text] = Text("反馈评价", "Confirm")

    satisfaction: Satisfaction = Field(title="评价|Satisfaction")
    remark: Line | None = Field(None, title="反馈意见|Remark")


class ProblemConfirmed(ProblemEvent, ConfirmProblem):
    TOPIC = "problem.confirmed"
    TITLE = Text("反馈评价", "Confirmed")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002
        return {
            "status": ProblemStatus.CONFIRMED,
            "since_on": self.occurred_on,
            "confirmed_on": self.occurred_on,
            "satisfaction": self.satisfaction,
            "remark": self.remark,
        }

    def sentence(self) -> Text:
        said = self.satisfaction.text
        more = Text(f"：{self.remark}", f": {self.remark}") if self.remark else Text("", "")
        return Text(f"反映人评价{said.zh}{more.zh}", f"{said.en}{more.en}")


class ReopenProblem(Form):
    """It is not solved after all: it is worked on again, and no longer counts as solved."""

    noun: ClassVar[str] = "reopening"
    verb: ClassVar[str] = "reopen"
    title: ClassVar[Text] = Text("重新办理", "Reopen")

    reason: Line = Field(title="重新办理原因|Reason")
    due_on: Day = Field(title="新的办结期限|To be solved by")


class ProblemReopened(ProblemEvent, ReopenProblem):
    TOPIC = "problem.reopened"
    TITLE = Text("重新办理", "Reopened")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:
        back = ProblemStatus.ASSIGNED if was.answered else ProblemStatus.TAKEN
        gone = ("solved_on", "confirmed_on", "result", "satisfaction", "remark")
        return {
            **dict.fromkeys(gone),
            "status": back,
            "since_on": self.occurred_on,
            "due_on": self.due_on,
            "reopened": was.reopened + 1,
        }

    def sentence(self) -> Text:
        day = f"{self.due_on:%Y-%m-%d}"
        return Text(f"重新办理，{day} 前办结：{self.reason}", f"Reopened, due {day}: {self.reason}")


class NameProblemCause(Form):
    """Say what it has in common with others, and what would end them all."""

    noun: ClassVar[str] = "cause"
    verb: ClassVar[str] = "name_cause"
    title: ClassVar[Text] = Text("归纳共性原因", "Name the common cause")

    cause: Line = Field(title="共性原因|Common cause")
    measure: Line | None = Field(None, title="治理措施|What would end it")


class ProblemCauseNamed(ProblemEvent, NameProblemCause):
    TOPIC = "problem.cause_named"
    TITLE = Text("归纳共性原因", "Common cause named")

    def changes(self, was: "ProblemState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"cause": self.cause, "measure": self.measure}

    def sentence(self) -> Text:
        return Text(f"共性原因：{self.cause}", f"Common cause: {self.cause}")
