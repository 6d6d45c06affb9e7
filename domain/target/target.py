"""The aggregate: a goal for a year, what of it is due by when, and who answers."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from domain.base import Event, Form, Refused, day_of
from domain.correctable import Correctable
from domain.corrections import CorrectDate, CorrectDetails, Reinstate, Retract
from domain.facts import Fact
from domain.responsibility import AnsweredFor, Responsibility, TakeResponsibility, demand_each_once, together
from domain.revising import differing
from domain.target import facts
from domain.target.kinds import Metric, OwnerKind
from domain.target.pace import MONTHS, due, falling
from domain.values import Industry, Money


@dataclass(frozen=True)
class TargetState(AnsweredFor):
    """A target at the end of a day. No `metric`: there is none. `dropped` says why it is no target any more."""

    year: int = 0
    metric: Metric | None = None
    owner_kind: OwnerKind | None = None
    channel: UUID | None = None
    leader: UUID | None = None
    industry: Industry | None = None
    count: int | None = None
    amount: Money | None = None
    document: str | None = None
    set_on: date | None = None
    dropped: str | None = None
    responsibility: Responsibility | None = None
    jan: int | None = None
    feb: int | None = None
    mar: int | None = None
    apr: int | None = None
    may: int | None = None
    jun: int | None = None
    jul: int | None = None
    aug: int | None = None
    sep: int | None = None
    oct: int | None = None
    nov: int | None = None

    def after(self, fact: facts.TargetEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def people(self) -> frozenset[UUID]:
        """Whoever answers for it, and the leader whose target it is."""
        return super().people | together(self.leader)

    @property
    def exists(self) -> bool:
        return self.metric is not None

    @property
    def open(self) -> bool:
        """Whether it is to be met."""
        return self.exists and self.dropped is None

    @property
    def pace(self) -> tuple[int | None, ...]:
        """The shares set, by month."""
        return tuple(getattr(self, month) for month in MONTHS)

    @property
    def goal(self) -> int:
        """A number, or 分 where an amount is measured."""
        return self.amount.fen if self.amount else self.count or 0

    def due(self, day: date) -> int:
        """What of the goal is due by the end of that day."""
        return due(self.goal, self.pace, self.year, day)


class Target(Correctable):
    """What somebody is to reach within a year."""

    NAME: ClassVar[str] = "target"
    FACT: ClassVar[type[Fact]] = facts.TargetEvent
    START: ClassVar[TargetState] = TargetState()
    CREATES: ClassVar[type[Form] | None] = facts.SetTarget

    @property
    def name(self) -> str:
        """The year and what is measured; once it is void, what was set."""
        said: Any = self.state if self.state.exists else self.events[0] if self.events else None
        return f"{said.year}年{said.metric.text.zh}" if said else ""

    def set(self, form: facts.SetTarget) -> None:
        for kind in OwnerKind:
            given = kind.field and getattr(form, kind.field)
            if kind is form.owner_kind and kind.field and given is None:
                raise Refused("target.owner", "请选择是谁的目标。", "Say whose target it is.", field=kind.field)
            if kind is not form.owner_kind and given is not None:
                raise Refused("target.owner", "与“目标归属”不一致，请清空。", "That is not whose target it is; leave it empty.",
                              field=kind.field)  # fmt: skip
        _goal(form.metric, form.count, form.amount)
        _rises(tuple(getattr(form, month) for month in MONTHS))
        self.record(facts.TargetSet, form)

    def revise(self, form: facts.ReviseTarget) -> None:
        state = self._open_on(form)
        only = differing(form.details, state)
        revised = replace(state, **only.given())
        try:
            _goal(revised.metric, revised.count, revised.amount)
            _rises(revised.pace)
        except Refused as refusal:
            raise refusal.at(f"details.{refusal.field}") from None
        again = facts.ReviseTarget(details=only, reason=form.reason, occurred_on=form.occurred_on)
        self.record(facts.TargetRevised, again)

    def drop(self, form: facts.DropTarget) -> None:
        self._record_open(facts.TargetDropped, form)

    def take_responsibility(self, form: TakeResponsibility) -> None:
        demand_each_once(form)
        self._record_open(facts.TargetAnswered, form)

    def _record_open(self, event: type[Event], form: Form) -> None:
        self._open_on(form)
        self.record(event, form)

    def _open_on(self, form: Form) -> TargetState:
        """The state on the form's day; refused where it was no target then."""
        self._exists()
        self._not_before_first(day_of(form), "occurred_on")
        state: TargetState = self.at(day_of(form))
        if not state.open:
            raise Refused("target.dropped", "目标已经取消。", "The target is dropped.")
        return state


def _goal(metric: Metric | None, count: int | None, amount: Money | None) -> None:
    """A number for what is counted, an amount for what is money; never both."""
    money = metric is not None and metric.money
    needed, other = ("amount", "count") if money else ("count", "amount")
    values: dict[str, Any] = {"count": count or None, "amount": amount}
    if values[needed] is None:
        raise Refused("target.goal", "请填写目标值，应大于零。", "Give the goal; it is more than zero.", field=needed)
    if values[other] is not None:
        raise Refused(
            "target.unit",
            "这个指标不用这一项，请清空。",
            "This metric is not measured so; leave it empty.",
            field=other,
        )


def _rises(pace: tuple[int | None, ...]) -> None:
    place = falling(pace)
    if place is not None:
        raise Refused("target.pace", "各月末进度是累计数，不能低于前面的月份。", "Shares add up: not below an earlier month's.",
                      field=MONTHS[place])  # fmt: skip


def possible(target: Target) -> frozenset[type[Form]]:
    """The forms that the target would take if they are filled in rightly and dated today: for menus."""
    if not target.state.exists:
        return frozenset({Reinstate})
    asked: set[type[Form]] = {CorrectDate, CorrectDetails, Retract, Reinstate}
    if target.state.open:
        asked |= {facts.ReviseTarget, facts.DropTarget, TakeResponsibility}
    return frozenset(asked)
