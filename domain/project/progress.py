"""The work itself: progress week by week, paused, resumed, terminated, through the winter, and who answers for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from domain.base import Day, Form, Text
from domain.project.event import ProjectEvent
from domain.project.kinds import ProjectStatus, WinterWay
from domain.project.marks import Winter
from domain.responsibility import Taken
from domain.values import Amount, Line, Note, Percent

if TYPE_CHECKING:
    from domain.project.state import ProjectState


class ReportProgress(Form):
    """How far it is, week by week; amounts are those since the project began. It never falls but by a correction."""

    noun: ClassVar[str] = "progress"
    verb: ClassVar[str] = "report_progress"
    title: ClassVar[Text] = Text("填报进度", "Report progress")

    physical: Percent = Field(title="形象进度（%）|Physical progress (%)")
    invested: Amount | None = Field(None, title="累计完成投资|Investment realised to date")
    fixed: Amount | None = Field(None, title="其中：固定资产投资|Of it fixed assets")
    note: Note | None = Field(None, title="进展说明|Note")


class ProgressReported(ProjectEvent, ReportProgress):
    TOPIC = "project.progress_reported"
    TITLE = Text("填报进度", "Progress reported")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:
        return {
            "physical": self.physical,
            "invested": self.invested.fen if self.invested else was.invested,
            "fixed": self.fixed.fen if self.fixed else was.fixed,
            "reported_on": self.occurred_on,
        }

    def sentence(self) -> Text:
        if self.invested is None:
            return Text(f"形象进度 {self.physical}%", f"Progress {self.physical} %")
        worth = self.invested.text
        return Text(
            f"形象进度 {self.physical}%，累计完成投资 {worth.zh}",
            f"Progress {self.physical} %, {worth.en} realised to date",
        )


class PauseProject(Form):
    noun: ClassVar[str] = "pause"
    verb: ClassVar[str] = "pause"
    title: ClassVar[Text] = Text("登记停工", "Pause")

    reason: Line = Field(title="停工原因|Reason")
    until: Day | None = Field(None, title="预计复工日期|Resumption expected")


class ProjectPaused(ProjectEvent, PauseProject):
    TOPIC = "project.paused"
    TITLE = Text("停工", "Paused")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": ProjectStatus.PAUSED, "pause_reason": self.reason, "paused_until": self.until}

    def sentence(self) -> Text:
        return Text(f"停工：{self.reason}", f"Paused: {self.reason}")


class ResumeProject(Form):
    noun: ClassVar[str] = "resumption"
    verb: ClassVar[str] = "resume"
    title: ClassVar[Text] = Text("登记复工", "Resume")

    note: Note | None = Field(None, title="备注|Note")


class ProjectResumed(ProjectEvent, ResumeProject):
    TOPIC = "project.resumed"
    TITLE = Text("复工", "Resumed")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": ProjectStatus.ACTIVE, "pause_reason": None, "paused_until": None}


class TerminateProject(Form):
    """It will not be built. (Opened by mistake is a retraction of its opening instead.)"""

    noun: ClassVar[str] = "termination"
    verb: ClassVar[str] = "terminate"
    title: ClassVar[Text] = Text("终止项目", "Terminate")

    reason: Line = Field(title="终止原因|Reason")


class ProjectTerminated(ProjectEvent, TerminateProject):
    TOPIC = "project.terminated"
    TITLE = Text("终止", "Terminated")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"status": ProjectStatus.TERMINATED}

    def sentence(self) -> Text:
        return Text(f"终止：{self.reason}", f"Terminated: {self.reason}")


class PlanWinter(Form):
    """How the site goes through the coming winter: enclosed by a day and worked on inside, or waiting until one."""

    noun: ClassVar[str] = "winter"
    verb: ClassVar[str] = "plan_winter"
    title: ClassVar[Text] = Text("冬季施工方案", "Winter plan")

    way: WinterWay = Field(title="过冬方式|Way")
    enclosed_by: Day | None = Field(None, title="暖封闭完成日期|Enclosed by")
    works: Line | None = Field(None, title="冬季室内施工内容|Works inside")
    waits_until: Day | None = Field(None, title="计划复工日期|Waits until")


class WinterPlanned(ProjectEvent, PlanWinter):
    TOPIC = "project.winter_planned"
    TITLE = Text("冬季施工方案", "Winter planned")

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"winter": Winter(self.way, self.enclosed_by, self.works, self.waits_until)}

    def sentence(self) -> Text:
        day = self.enclosed_by if self.way is WinterWay.ENCLOSED else self.waits_until
        until = Text(f"至 {day:%Y-%m-%d}", f" until {day:%Y-%m-%d}") if day else Text("", "")
        if self.way is WinterWay.ENCLOSED and day:
            until = Text(f"（{day:%Y-%m-%d} 前封闭）", f" by {day:%Y-%m-%d}")
        return Text(f"{self.way.text.zh}{until.zh}", f"{self.way.text.en}{until.en}")


class ResponsibilityTaken(Taken, ProjectEvent):
    TOPIC = "project.responsibility_taken"

    def changes(self, was: "ProjectState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"responsibility": self.taken()}
