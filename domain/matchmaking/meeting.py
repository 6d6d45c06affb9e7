"""The meeting itself: held, revised, which firms were met, and who follows it up."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final
from uuid import UUID

from pydantic import Field

from domain.base import Form, Patch, Payload, Text
from domain.matchmaking.event import MatchmakingEvent
from domain.matchmaking.kinds import MatchmakingKind
from domain.responsibility import Taken
from domain.revising import revised
from domain.values import Line, Prose, normalised_name

if TYPE_CHECKING:
    from domain.matchmaking.state import MatchmakingState

FIRMS_AT_ONCE: Final = 200


class MatchmakingDetails(Payload):
    name: Line = Field(title="对接会名称|Meeting")
    kind: MatchmakingKind = Field(title="类别|Kind")
    place: Line | None = Field(None, title="地点|Place")
    organiser: Line | None = Field(None, title="主办单位|Organiser")
    content: Prose | None = Field(None, title="对接内容|What it is about")


class HoldMatchmaking(Form, MatchmakingDetails):
    """A meeting was held, on the day it is dated."""

    noun: ClassVar[str] = "matchmakings"
    verb: ClassVar[str] = "open"
    title: ClassVar[Text] = Text("登记对接会", "Record a meeting")


class MatchmakingHeld(MatchmakingEvent, HoldMatchmaking):
    TOPIC = "matchmaking.held"
    TITLE = Text("举办对接会", "Meeting held")

    def changes(self, was: "MatchmakingState") -> Mapping[str, Any]:  # noqa: ARG002
        return {**{name: getattr(self, name) for name in MatchmakingDetails.model_fields}, "held_on": self.occurred_on}

    def sentence(self) -> Text:
        return Text(f"举办对接会：{self.name}", f"Meeting held: {self.name}")


class MatchmakingDetailsChanged(Patch, MatchmakingDetails):
    """The details that change, and nothing else."""


class ReviseMatchmaking(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改对接会信息", "Edit the meeting")

    details: MatchmakingDetailsChanged


class MatchmakingRevised(MatchmakingEvent, ReviseMatchmaking):
    TOPIC = "matchmaking.revised"
    TITLE = Text("修改对接会信息", "Meeting revised")

    def changes(self, was: "MatchmakingState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)


class MetFirm(Payload):
    """A firm that took part, and what it is after."""

    name: Line = Field(title="企业名称|Firm")
    company: UUID | None = Field(None, title="企业|Firm known here", json_schema_extra={"pick": "company"})
    need: Line | None = Field(None, title="需求或供给|Needs or offers")


class MeetFirms(Form):
    """Say which firms took part; those named before stay."""

    noun: ClassVar[str] = "firms"
    verb: ClassVar[str] = "meet"
    title: ClassVar[Text] = Text("登记参会企业", "Record the firms met")

    firms: Annotated[tuple[MetFirm, ...], Field(min_length=1, max_length=FIRMS_AT_ONCE)] = Field(
        title="参会企业|Firms met"
    )


class FirmsMet(MatchmakingEvent, MeetFirms):
    TOPIC = "matchmaking.firms_met"
    TITLE = Text("登记参会企业", "Firms met")

    def changes(self, was: "MatchmakingState") -> Mapping[str, Any]:
        return {"firms": {**was.firms, **{normalised_name(one.name): one for one in self.firms}}}

    def sentence(self) -> Text:
        return Text(f"参会企业 {len(self.firms)} 家", f"{len(self.firms)} firms met")


class MatchmakingResponsibilityTaken(Taken, MatchmakingEvent):
    TOPIC = "matchmaking.responsibility_taken"

    def changes(self, was: "MatchmakingState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"responsibility": self.taken()}
