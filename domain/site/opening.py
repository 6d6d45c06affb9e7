"""A site registered and revised, and who answers for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from domain.base import Day, Form, Patch, Payload, Text
from domain.responsibility import Taken
from domain.revising import revised
from domain.site.event import SiteEvent
from domain.site.kinds import SiteKind, SiteTerms, area_text
from domain.values import Area, Line, Prose

if TYPE_CHECKING:
    from domain.site.state import SiteState


class SiteDetails(Payload):
    """What a site is. Areas are in ㎡: of a park or building its floor, of a plot its ground."""

    name: Line = Field(title="载体名称|Site")
    kind: SiteKind = Field(title="类别|Kind")
    area_m2: Area = Field(title="总面积（㎡）|Whole area (㎡)")
    place: Line | None = Field(None, title="位置|Place")
    operator: Line | None = Field(None, title="产权或运营单位|Owner or operator")
    use: Line | None = Field(None, title="适合用途|Fit for")
    ready_on: Day | None = Field(None, title="可交付日期|Ready from", description="不填即现在可用|empty: ready now")
    terms: SiteTerms = Field(SiteTerms.LEASE, title="供应方式|Terms")
    terms_note: Line | None = Field(None, title="租金、免租期等|Rent, rent-free months …")
    floor_load_t: Area | None = Field(None, title="地面承重（吨/㎡）|Floor load (t/㎡)")
    height_m: Area | None = Field(None, title="层高（米）|Clear height (m)")
    power_kva: Area | None = Field(None, title="供电容量（kVA）|Power (kVA)")
    features: Prose | None = Field(None, title="其他条件|Other features")


class OpenSite(Form, SiteDetails):
    """Register ready space. All of it is on offer unless it is said how much."""

    noun: ClassVar[str] = "sites"
    verb: ClassVar[str] = "open"
    title: ClassVar[Text] = Text("登记载体", "Register a site")

    offered_m2: Area | None = Field(
        None, title="可供面积（㎡）|Area on offer (㎡)", description="不填即全部可供|empty: all of it"
    )


class SiteOpened(SiteEvent, OpenSite):
    TOPIC = "site.opened"
    TITLE = Text("登记载体", "Site registered")

    def changes(self, was: "SiteState") -> Mapping[str, Any]:  # noqa: ARG002
        known = {name: getattr(self, name) for name in SiteDetails.model_fields}
        return {**known, "limit_m2": self.offered_m2, "opened_on": self.occurred_on}

    def sentence(self) -> Text:
        area = area_text(self.area_m2)
        return Text(f"登记载体：{self.name}，{area.zh}", f"Site registered: {self.name}, {area.en}")


class SiteDetailsChanged(Patch, SiteDetails):
    """The details that change, and nothing else."""


class ReviseSite(Form):
    """Change details. Only what is given and differs is recorded; an empty value clears what may be empty."""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("修改载体信息", "Edit the site")

    details: SiteDetailsChanged


class SiteRevised(SiteEvent, ReviseSite):
    TOPIC = "site.revised"
    TITLE = Text("修改载体信息", "Site revised")

    def changes(self, was: "SiteState") -> Mapping[str, Any]:  # noqa: ARG002
        return self.details.given()

    def sentence(self) -> Text:
        return revised(self.details)


class SiteResponsibilityTaken(Taken, SiteEvent):
    TOPIC = "site.responsibility_taken"

    def changes(self, was: "SiteState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"responsibility": self.taken()}
