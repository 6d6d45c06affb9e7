"""The aggregate: which facts may happen to a site, and when; on no day is more taken than there is."""

from datetime import date
from typing import Any, ClassVar

from domain.base import Aggregate, Event, Form, Refused, day_of
from domain.correctable import Correctable
from domain.facts import Fact
from domain.responsibility import TakeResponsibility
from domain.revising import differing
from domain.site import opening, space
from domain.site.event import SiteEvent
from domain.site.kinds import Hold, area_text
from domain.site.state import NOTHING, Holding, SiteState


class Site(Correctable):
    """One park, building or plot, and the space in it."""

    NAME: ClassVar[str] = "site"
    FACT: ClassVar[type[Fact]] = SiteEvent
    START: ClassVar[SiteState] = SiteState()
    CREATES: ClassVar[type[Form] | None] = opening.OpenSite

    @property
    def name(self) -> str:
        """What it is called; once it is void, what it was registered as."""
        name: str = self.state.name or (self.events[0].name if self.events else "")
        return name

    def open(self, form: opening.OpenSite) -> None:
        _some(form.area_m2, "area_m2")
        self.record(opening.SiteOpened, form)

    def revise(self, form: opening.ReviseSite) -> None:
        only = differing(form.details, self.state, ("name", "kind", "area_m2", "terms"))
        self.record(opening.SiteRevised, opening.ReviseSite(details=only, occurred_on=form.occurred_on))

    def offer(self, form: space.OfferSpace) -> None:
        then: SiteState = self.at(day_of(form))
        if (then.offered, then.ready_on) == (form.area_m2, form.ready_on or then.ready_on):
            raise Refused("offer.same", "可供面积没有变。", "So much is on offer already.", field="area_m2")
        self.record(space.SpaceOffered, form)

    def reserve(self, form: space.ReserveSpace) -> None:
        _some(form.area_m2, "area_m2")
        _somebody(form)
        if form.until and form.until < day_of(form):
            raise Refused("reservation.until", "早于预留日期。", "It ends before it begins.", field="until")
        self.record(space.SpaceReserved, form)

    def occupy(self, form: space.OccupySpace) -> None:
        _some(form.area_m2, "area_m2")
        if form.reservation is None:
            _somebody(form)
        elif self._held(form.reservation, form, "reservation").how is not Hold.RESERVED:
            raise Refused(
                "reservation.moved_in", "该企业已入驻，不是预留。", "They have moved in already.", field="reservation"
            )
        self.record(space.SpaceOccupied, form)

    def release(self, form: space.ReleaseSpace) -> None:
        held = self._held(form.holding, form, "holding")
        if form.area_m2 is not None:
            _some(form.area_m2, "area_m2")
            if form.area_m2 > held.area_m2:
                raise Refused(
                    "release.more",
                    "只占用 {area}。",
                    "They hold {area}.",
                    field="area_m2",
                    area=area_text(held.area_m2),
                )
        self.record(space.SpaceReleased, form)

    def take_responsibility(self, form: TakeResponsibility) -> None:
        self.record(opening.SiteResponsibilityTaken, form)

    def _held(self, number: int, form: Form, field: str) -> Holding:
        state: SiteState = self.at(day_of(form))
        held = state.held(number)
        if held is None:
            raise Refused(
                "holding.unknown", "当时没有这笔预留或入驻。", "Nothing of that number was held then.", field=field
            )
        return held

    # ── never more than there is ────────────────────────────────────────────────────────────────────────────────────

    def trigger(self, event: type[Event], occurred_on: date, **values: Any) -> None:
        """Tried on a copy first: whatever the fact or the correction is, on no day may more be taken than there is."""
        trial = self.copy()
        Aggregate.trigger(trial, event, occurred_on, **values)
        if trial.worst[0] > self.worst[0]:
            raise _too_much(*trial.worst, _place(event))
        super().trigger(event, occurred_on, **values)

    @property
    def worst(self) -> tuple[Any, date, SiteState]:
        """The first of the days on which most is taken beyond what there is."""
        days: list[tuple[date, SiteState]] = self._day_ends()
        return max(
            ((state.over, day, state) for day, state in days),
            key=lambda one: one[0],
            default=(NOTHING, date.min, self.START),
        )

    def _day_ends(self) -> list[tuple[date, SiteState]]:
        """What it was at the end of every day on which something happened: within a day one may go and another come."""
        return list(dict(self._states).items())


def _some(area: Any, field: str) -> None:
    if area <= 0:
        raise Refused("area.none", "面积应大于零。", "The area must be above zero.", field=field)


def _somebody(form: space.Taker) -> None:
    if not form.somebody:
        raise Refused("taker.nobody", "请写明给谁：选择线索、项目，或填写企业名称。",
                      "Say for whom: choose a lead or project, or name the firm.", field="firm")  # fmt: skip


def _place(event: type[Event]) -> str | None:
    """The field of its form that says how much."""
    if event is opening.SiteRevised:
        return "details.area_m2"
    return next((name for name in ("offered_m2", "area_m2") if name in event.model_fields), None)


def _too_much(_over: Any, day: date, state: SiteState, field: str | None) -> Refused:
    if state.offered > state.area_m2:
        return Refused(
            "offer.too_much", "总面积只有 {area}，可供面积不能超过它。", "There is {area} in all; no more can be on offer.",
            field=field, area=area_text(state.area_m2),
        )  # fmt: skip
    return Refused(
        "space.too_much",
        "面积不够：{day:%Y-%m-%d} 可供 {offered}，预留和入驻会达到 {taken}。",
        "Not enough space: on {day:%Y-%m-%d} {offered} is on offer, and {taken} would be taken.",
        field=field,
        day=day,
        offered=area_text(state.offered),
        taken=area_text(state.reserved + state.occupied),
    )
