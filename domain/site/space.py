"""The space in a site: offered, reserved for somebody, moved into, and given back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Day, Form, Payload, Text
from domain.site.event import SiteEvent
from domain.site.kinds import Hold, SiteTerms, area_text
from domain.values import Area, Line

if TYPE_CHECKING:
    from domain.site.state import Holding, SiteState


class OfferSpace(Form):
    """How much of the site is on offer from that day on, taken and free together. It replaces what was said before."""

    noun: ClassVar[str] = "offers"
    verb: ClassVar[str] = "offer"
    title: ClassVar[Text] = Text("调整可供面积", "Set the area on offer")

    area_m2: Area = Field(title="可供面积（㎡，含已预留和已入驻）|Area on offer, what is taken included (㎡)")
    ready_on: Day | None = Field(None, title="可交付日期|Ready from", description="不填即不变|empty: as before")
    reason: Line | None = Field(None, title="说明|Reason")


class SpaceOffered(SiteEvent, OfferSpace):
    TOPIC = "site.space_offered"
    TITLE = Text("调整可供面积", "Area on offer set")

    def changes(self, was: "SiteState") -> Mapping[str, Any]:
        return {"limit_m2": self.area_m2, "ready_on": self.ready_on or was.ready_on}

    def sentence(self) -> Text:
        area = area_text(self.area_m2)
        return Text(f"可供面积调整为 {area.zh}", f"{area.en} on offer")


class Taker(Payload):
    """For whom space is held: a lead, a project, a firm; one of them at least."""

    lead: UUID | None = Field(None, title="线索|Lead", json_schema_extra={"pick": "lead"})
    project: UUID | None = Field(None, title="项目|Project", json_schema_extra={"pick": "project"})
    company: UUID | None = Field(None, title="企业|Firm", json_schema_extra={"pick": "company"})
    firm: Line | None = Field(None, title="企业名称|Firm's name")

    @property
    def somebody(self) -> bool:
        """Whether it says for whom."""
        return any((self.lead, self.project, self.company, self.firm))


class ReserveSpace(Form, Taker):
    """Keep space for somebody who is to come."""

    noun: ClassVar[str] = "reservations"
    verb: ClassVar[str] = "reserve"
    title: ClassVar[Text] = Text("预留空间", "Reserve space")

    area_m2: Area = Field(title="预留面积（㎡）|Area (㎡)")
    until: Day | None = Field(None, title="预留至|Kept until")
    note: Line | None = Field(None, title="说明（楼栋、楼层）|Note (building, floor)")


class SpaceReserved(SiteEvent, ReserveSpace):
    TOPIC = "site.space_reserved"
    TITLE = Text("预留空间", "Space reserved")

    def changes(self, was: "SiteState") -> Mapping[str, Any]:
        return {"holdings": (*was.holdings, was.holding(self, Hold.RESERVED, until=self.until))}

    def sentence(self) -> Text:
        return _said(Text("预留", "Reserved"), self)


class OccupySpace(Form, Taker):
    """Somebody moves in, out of a reservation or directly. Out of a reservation they are whom it was for."""

    noun: ClassVar[str] = "occupations"
    verb: ClassVar[str] = "occupy"
    title: ClassVar[Text] = Text("登记入驻", "Record a move-in")

    reservation: int | None = Field(
        None, title="来自预留|Out of a reservation", json_schema_extra={"pick": "reservation"}
    )
    area_m2: Area = Field(title="入驻面积（㎡）|Area (㎡)")
    terms: SiteTerms | None = Field(
        None, title="入驻方式|Terms", description="不填即按载体的方式|empty: the site's own"
    )
    rent_from: Day | None = Field(None, title="起租日期|Rent from")
    note: Line | None = Field(None, title="说明（楼栋、楼层）|Note (building, floor)")


class SpaceOccupied(SiteEvent, OccupySpace):
    TOPIC = "site.space_occupied"
    TITLE = Text("入驻", "Moved in")

    def changes(self, was: "SiteState") -> Mapping[str, Any]:
        before = was.held(self.reservation)
        terms = self.terms or was.terms
        taken = was.holding(self, Hold.OCCUPIED, before, terms=terms, rent_from=self.rent_from)
        left = was.less(before, self.area_m2) if before else was.holdings
        return {"holdings": (*left, taken)}

    def sentence(self) -> Text:
        return _said(Text("入驻", "Moved in:"), self)


class ReleaseSpace(Form):
    """Somebody leaves, or a reservation is given up: all of it, or a part."""

    noun: ClassVar[str] = "releases"
    verb: ClassVar[str] = "release"
    title: ClassVar[Text] = Text("腾退或取消预留", "Release space")

    holding: int = Field(title="腾退谁的|Whose", json_schema_extra={"pick": "holding"})
    area_m2: Area | None = Field(None, title="腾退面积（㎡）|Area (㎡)", description="不填即全部|empty: all of it")
    reason: Line = Field(title="原因|Reason")


class SpaceReleased(SiteEvent, ReleaseSpace):
    TOPIC = "site.space_released"
    TITLE = Text("腾退", "Space released")

    def changes(self, was: "SiteState") -> Mapping[str, Any]:
        held: Holding | None = was.held(self.holding)
        return {"holdings": was.less(held, held.area_m2 if self.area_m2 is None else self.area_m2)} if held else {}

    def sentence(self) -> Text:
        area = area_text(self.area_m2) if self.area_m2 is not None else Text("全部", "all of it")
        return Text(f"腾退 {area.zh}：{self.reason}", f"Released {area.en}: {self.reason}")


def _said(what: Text, fact: SpaceReserved | SpaceOccupied) -> Text:
    area = area_text(fact.area_m2)
    whom = Text(f"（{fact.firm}）", f" for {fact.firm}") if fact.firm else Text("", "")
    return Text(f"{what.zh} {area.zh}{whom.zh}", f"{what.en} {area.en}{whom.en}")
