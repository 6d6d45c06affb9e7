"""A service to a firm, a lead or a project: who did what for whom on which day, and what came of it.

There are hundreds of thousands of them: one short stream each, mostly of one event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final, Self
from uuid import UUID

from pydantic import Field, ValidationInfo, model_validator

from domain import corrections
from domain.base import Form, Patch, Payload, Refused, Term, Text
from domain.correctable import Correctable
from domain.facts import Fact
from domain.responsibility import together
from domain.revising import differing, revised
from domain.values import Line, Note, replayed


class ServiceKind(Term):
    ACCOMPANIED = "accompanied", "陪同办事", "Accompanied to an office"
    PHONE = "phone", "电话回访", "Phone follow-up"
    INSPECTION = "inspection", "实地走访", "Site inspection"
    COORDINATION = "coordination", "协调解决", "Coordination"


class ServiceOutcome(Term):
    DONE = "done", "已办结", "Done"
    SOLVED = "solved", "解决了问题", "Problem solved"
    GOES_ON = "goes_on", "继续跟进", "Goes on"
    UNSOLVED = "unsolved", "未能解决", "Could not be solved"


TARGETS: Final = ("company", "lead", "project", "served")
"""Whom it can be for; `served` names a firm that is not registered."""


class ServiceDetails(Payload):
    """What is known of a service; all of it may be revised."""

    kind: ServiceKind = Field(title="服务方式|Kind")
    subject: Line = Field(title="事项|About")
    company: UUID | None = Field(None, title="企业|Firm", json_schema_extra={"pick": "company"})
    lead: UUID | None = Field(None, title="线索|Lead", json_schema_extra={"pick": "lead"})
    project: UUID | None = Field(None, title="项目|Project", json_schema_extra={"pick": "project"})
    served: Line | None = Field(None, title="服务对象（未登记的企业）|For whom, where not registered")
    handled_by: UUID | None = Field(None, title="经办人|Handled by", json_schema_extra={"pick": "person"})
    outcome: ServiceOutcome = Field(ServiceOutcome.DONE, title="办理结果|Outcome")
    result: Line | None = Field(None, title="结果说明|What came of it")


class LogService(Form, ServiceDetails):
    """Log what was done. Without `handled_by` it was whoever logs it."""

    noun: ClassVar[str] = "services"
    verb: ClassVar[str] = "log"
    title: ClassVar[Text] = Text("记录服务", "Log a service")

    note: Note | None = Field(None, title="备注|Note")

    @model_validator(mode="after")
    def _for_somebody(self, info: ValidationInfo) -> Self:
        if not replayed(info) and not any(getattr(self, name) for name in TARGETS):
            raise FOR_NOBODY
        return self


FOR_NOBODY: Final = Refused(
    "service.for_nobody", "请选择企业或项目，或写明服务对象。", "Say for which firm or project it was.", field="served"
)


class ServiceEvent(Fact):
    """A fact of a service. It says what it changes; `ServiceState.after` alone takes that in."""

    def changes(self) -> Mapping[str, Any]:
        """The fields of the state that this fact sets."""
        return {}


class ServiceLogged(ServiceEvent, LogService):
    TOPIC = "service.logged"
    TITLE = Text("记录服务", "Service logged")

    def changes(self) -> Mapping[str, Any]:
        known = {name: getattr(self, name) for name in ServiceDetails.model_fields}
        solved = _solved_on(self.outcome, self.occurred_on)
        return {**known, "note": self.note, "served_on": self.occurred_on, "solved_on": solved}

    def sentence(self) -> Text:
        return Text(f"{self.kind.text.zh}：{self.subject}", f"{self.kind.text.en}: {self.subject}")


class ServiceDetailsChanged(Patch, ServiceDetails):
    """The details that change, and nothing else."""


class ReviseService(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改服务记录", "Edit the entry")

    details: ServiceDetailsChanged


class ServiceRevised(ServiceEvent, ReviseService):
    TOPIC = "service.revised"
    TITLE = Text("修改服务记录", "Service revised")

    def changes(self) -> Mapping[str, Any]:
        given = self.details.given()
        said = {"solved_on": _solved_on(self.details.outcome, self.occurred_on)} if "outcome" in given else {}
        return given | said

    def sentence(self) -> Text:
        return revised(self.details)


class FollowUp(Form):
    """What came of it since: solved, or not yet."""

    noun: ClassVar[str] = "follow-ups"
    verb: ClassVar[str] = "follow_up"
    title: ClassVar[Text] = Text("登记后续结果", "What came of it")

    outcome: ServiceOutcome = Field(title="办理结果|Outcome")
    result: Line = Field(title="结果说明|What came of it")


class ServiceFollowedUp(ServiceEvent, FollowUp):
    TOPIC = "service.followed_up"
    TITLE = Text("后续结果", "Followed up")

    def changes(self) -> Mapping[str, Any]:
        return {"outcome": self.outcome, "result": self.result, "solved_on": _solved_on(self.outcome, self.occurred_on)}

    def sentence(self) -> Text:
        return Text(f"{self.outcome.text.zh}：{self.result}", f"{self.outcome.text.en}: {self.result}")


def _solved_on(outcome: ServiceOutcome | None, day: date) -> date | None:
    return day if outcome is ServiceOutcome.SOLVED else None


@dataclass(frozen=True)
class ServiceState:
    """What a service is known to have been. No `kind`: there is none."""

    kind: ServiceKind | None = None
    subject: str = ""
    company: UUID | None = None
    lead: UUID | None = None
    project: UUID | None = None
    served: str | None = None
    handled_by: UUID | None = None
    outcome: ServiceOutcome | None = None
    result: str | None = None
    note: str | None = None
    served_on: date | None = None
    solved_on: date | None = None

    def after(self, fact: ServiceEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes())

    @property
    def people(self) -> frozenset[UUID]:
        """Whoever did it."""
        return together(self.handled_by)

    @property
    def name(self) -> str:
        """What it was about."""
        return self.subject

    @property
    def exists(self) -> bool:
        """Whether it was logged, and that still stands."""
        return self.kind is not None


class Service(Correctable):
    """One service to somebody on one day."""

    NAME: ClassVar[str] = "service"
    FACT: ClassVar[type[Fact]] = ServiceEvent
    START: ClassVar[ServiceState] = ServiceState()
    CREATES: ClassVar[type[Form] | None] = LogService

    @property
    def name(self) -> str:
        """What it was about; once it is void, what it was logged as."""
        name: str = self.state.subject or (self.events[0].subject if self.events else "")
        return name

    def log(self, form: LogService) -> None:
        self.record(ServiceLogged, form)

    def revise(self, form: ReviseService) -> None:
        state: ServiceState = self.state
        only = differing(form.details, state, ("kind", "subject", "outcome"))
        if not any(only.given().get(name, getattr(state, name)) for name in TARGETS):
            raise FOR_NOBODY.at("details.served")
        self.record(ServiceRevised, ReviseService(details=only, occurred_on=form.occurred_on))

    def follow_up(self, form: FollowUp) -> None:
        self.record(ServiceFollowedUp, form)


def possible(service: Service) -> frozenset[type[Form]]:
    """The forms that the service would take if they are filled in rightly and dated today."""
    return frozenset({ReviseService, FollowUp, *corrections.FORMS} if service.state.exists else {corrections.Reinstate})
