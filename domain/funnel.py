"""The funnel, defined once: stages, statuses, what a fact does to them, and the one fold everybody uses.

The aggregate decides with it, the read models store what it says, the pages show it. Replay never refuses.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, Self
from uuid import UUID

from domain import facts
from domain.base import Term, Text
from domain.facts import Factual


class Stage(StrEnum):
    """How far a lead has got: value, names, and the evidence that lets it in."""

    text: Text
    evidence: Text
    order: int
    """1 for the first stage, counting up."""

    REGISTERED = "registered", ("线索", "Lead"), ("登记并注明渠道", "registered with a named channel")
    CONTACTED = "contacted", ("接洽", "Contacted"), ("有日期的双向联系", "a dated two-way contact")
    NEGOTIATING = "negotiating", ("在谈", "Negotiating"), ("就具体内容洽谈", "talks on concrete content")
    INTENT_SIGNED = "intent_signed", ("意向签约", "Intent signed"), ("签署框架或意向协议", "a dated framework document")
    CONTRACT_SIGNED = (
        "contract_signed",
        ("正式签约", "Contract signed"),
        ("签署投资协议并写明金额", "the dated investment agreement with its amount"),
    )
    LANDED = "landed", ("落地", "Landed"), ("在本区注册公司或取得土地", "registered in the district, or land taken")

    def __new__(cls, value: str, name: tuple[str, str] = ("", ""), evidence: tuple[str, str] = ("", "")) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = Text(*name)
        member.evidence = Text(*evidence)
        member.order = len(cls.__members__) + 1
        return member

    @property
    def next(self) -> "Stage | None":
        """The stage after this one; None after the last."""
        return STAGES[self.order] if self.order < len(STAGES) else None


STAGES: tuple[Stage, ...] = tuple(Stage)


def _higher(one: Stage | None, other: Stage | None) -> Stage | None:
    return other if one is None or (other is not None and other.order > one.order) else one


class Status(Term):
    """Beside the stage: is the lead being worked on?"""

    OPEN = "open", "推进中", "Open"
    ON_HOLD = "on_hold", "暂缓", "On hold"
    LOST = "lost", "流失", "Lost"
    MERGED = "merged", "已合并", "Merged"
    VOID = "void", "作废", "Void"


class Effect(NamedTuple):
    """What a fact does: raises to a stage, lowers to one, sets the status, changes attributes."""

    raises: Stage | None = None
    lowers: Stage | None = None
    status: Status | None = None
    changes: Mapping[str, Any] = {}


class Fact(Factual, Protocol):
    """What the fold asks of an event beside; every event of a lead answers it."""

    def effect(self) -> Effect: ...


class Standing(NamedTuple):
    """Where a lead stands at the end of a day, and the facts that put it there.

    `entered` holds, per stage, the day it was last entered; `by` the (lead, version) of the fact that set the
    present stage. `attributes` are the values of that day (channel, owner, industry, amount in 分, …).
    """

    stage: Stage | None = None
    status: Status = Status.VOID
    reached: Stage | None = None
    entered: Mapping[Stage, date] = {}
    by: tuple[UUID, int] | None = None
    attributes: Mapping[str, Any] = {}
    registered_on: date | None = None
    own: bool = False

    @property
    def counts(self) -> bool:
        """Whether the lead is in the funnel at all: registered, and its registration not retracted.

        What was entered for an earlier day while another lead was merged in stands there still once that is given back.
        """
        return self.status is not Status.VOID and self.registered_on is not None

    def after(self, fact: Fact, *, survivor: UUID | None = None) -> "Standing":
        """The standing once `fact` has happened.

        Of a lead merged into `survivor` only its stage counts, once the survivor's own registration has happened.
        """
        effect = fact.effect()
        if not any(effect):
            return self
        registers = effect.raises is STAGES[0]
        speaks = survivor is None or fact.originator_id == survivor or not self.own
        stage = self._stage_after(effect)
        moved = stage is not self.stage
        return Standing(
            stage=stage,
            reached=_higher(self.reached, stage),
            status=effect.status if speaks and effect.status is not None else self.status,
            entered={**self.entered, stage: fact.occurred_on} if moved and stage is not None else self.entered,
            by=(fact.originator_id, fact.originator_version) if moved else self.by,
            attributes={**self.attributes, **effect.changes} if speaks and effect.changes else self.attributes,
            registered_on=self.registered_on or (fact.occurred_on if registers else None),
            own=self.own or (registers and fact.originator_id == survivor),
        )

    def merged(self) -> "Standing":
        """The same lead once it is known to be merged into another: it counts as merged, in no stage."""
        return self._replace(stage=None, reached=None, status=Status.MERGED)

    def _stage_after(self, effect: Effect) -> Stage | None:
        if effect.raises is not None and (self.stage is None or self.stage.order < effect.raises.order):
            return effect.raises
        if effect.lowers is not None and self.stage is not None and self.stage.order > effect.lowers.order:
            return effect.lowers
        return self.stage


class History(NamedTuple):
    """What is known of one lead: its facts as corrected, in the order in which they took effect; is it merged away?"""

    facts: Sequence[Fact]
    merged: bool

    def standings(self, survivor: UUID | None = None) -> Iterator[tuple[Fact, Standing]]:
        """Every fact with the standing it led to."""
        standing = Standing()
        for fact in self.facts:
            standing = standing.after(fact, survivor=survivor)
            yield fact, standing.merged() if self.merged and standing.counts else standing


def known(events: Iterable[Fact], *, survivor: UUID | None = None) -> History:
    """The facts among `events` as they are now known."""
    return History(*facts.known(events, survivor))


def fold(events: Iterable[Fact], as_at: date | None = None, *, survivor: UUID | None = None) -> Standing:
    """Where the lead of `events` stood at the end of `as_at` (None: after everything).

    `events` are those known at the instant asked for: of one lead, or of `survivor` and the leads merged into it.
    """
    standing = Standing()
    for fact, after in known(events, survivor=survivor).standings(survivor):
        if as_at is not None and fact.occurred_on > as_at:
            break
        standing = after
    return standing


def timeline(events: Iterable[Fact], *, survivor: UUID | None = None) -> list[tuple[date, Standing]]:
    """The lead's standings, each with the day from whose end on it held; one row for a day on which anything happened."""
    days: dict[date, Standing] = {}
    for fact, standing in known(events, survivor=survivor).standings(survivor):
        days[fact.occurred_on] = standing
    return list(days.items())
