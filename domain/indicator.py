"""A figure reported from outside (外报指标): quoted with its source and date, never computed here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from domain.base import Form, Patch, Payload, Refused, Term, Text, day_of
from domain.correctable import Correctable
from domain.corrections import CorrectDate, CorrectDetails, Reinstate, Retract
from domain.facts import Fact
from domain.responsibility import AnsweredFor, Responsibility, Taken, TakeResponsibility, demand_each_once
from domain.revising import differing, revised
from domain.values import Line, Prose, Word, Year, checked

MOST = Decimal(10) ** 15


class Bound(Term):
    """How the source puts it: the figure itself, at least so much, about so much."""

    EXACT = "exact", "等于", "exactly"
    AT_LEAST = "at_least", "以上", "at least"
    ABOUT = "about", "约", "about"


def _sayable(value: Decimal) -> Decimal:
    if abs(value) >= MOST:
        raise Refused("indicator.value", "数值太大，请换一个单位。", "That is too large; use another unit.")
    return value


Figure = Annotated[Decimal, checked(_sayable), Field(allow_inf_nan=False)]


def figure_text(value: Decimal, unit: str, bound: Bound) -> Text:
    """The figure as its source puts it."""
    plain = f"{value:,f}"
    number = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if bound is Bound.EXACT:
        return Text(f"{number}{unit}", f"{number} {unit}")
    if bound is Bound.ABOUT:
        return Text(f"约 {number}{unit}", f"about {number} {unit}")
    return Text(f"{number}{unit}以上", f"at least {number} {unit}")


class IndicatorEvent(Fact):
    """A fact of an indicator. It says what it changes; `IndicatorState.after` alone takes that in."""

    def changes(self, was: "IndicatorState") -> Mapping[str, Any]:  # noqa: ARG002 - most facts need not know what was
        """The fields of the state that this fact sets."""
        return {}


class IndicatorDetails(Payload):
    """The figure and where it comes from."""

    name: Line = Field(title="指标名称|Indicator")
    value: Figure = Field(title="数值|Value")
    unit: Word = Field(title="单位|Unit")
    bound: Bound = Field(Bound.EXACT, title="口径|As it is put")
    year: Year = Field(title="所属年度|Year")
    period: Word = Field(title="统计期间|Period", description="如 2026年1—6月|like January to June 2026")
    source: Line = Field(title="来源（单位、文件）|Source (office, document)")
    remark: Prose | None = Field(None, title="说明|Remark")


class ReportIndicator(Form, IndicatorDetails):
    """Record a figure as another office reports it; the day is that of its report."""

    noun: ClassVar[str] = "indicators"
    verb: ClassVar[str] = "report"
    title: ClassVar[Text] = Text("登记外报指标", "Record a reported figure")


class IndicatorReported(IndicatorEvent, ReportIndicator):
    TOPIC = "indicator.reported"
    TITLE = Text("登记外报指标", "Figure recorded")

    def changes(self, was: "IndicatorState") -> Mapping[str, Any]:  # noqa: ARG002
        known = {name: getattr(self, name) for name in IndicatorDetails.model_fields}
        return {**known, "reported_on": self.occurred_on}

    def sentence(self) -> Text:
        shown = figure_text(self.value, self.unit, self.bound)
        return Text(f"{self.name} {shown.zh}（{self.source}）", f"{self.name}: {shown.en} ({self.source})")


class IndicatorDetailsChanged(Patch, IndicatorDetails):
    """The details that change, and nothing else."""


class ReviseIndicator(Form):
    """The source itself has published another figure. (A slip of ours is a correction instead.)"""

    noun: ClassVar[str] = "details"
    verb: ClassVar[str] = "revise"
    title: ClassVar[Text] = Text("来源单位修订", "Revised by its source")

    details: IndicatorDetailsChanged


class IndicatorRevised(IndicatorEvent, ReviseIndicator):
    TOPIC = "indicator.revised"
    TITLE = Text("来源单位修订", "Revised by its source")

    def changes(self, was: "IndicatorState") -> Mapping[str, Any]:  # noqa: ARG002
        return {**self.details.given(), "reported_on": self.occurred_on, "checked_on": None, "evidence": None}

    def sentence(self) -> Text:
        return revised(self.details, "来源单位修订", "Its source revised ")


class CheckIndicator(Form):
    """Somebody has held it against the source."""

    noun: ClassVar[str] = "checks"
    verb: ClassVar[str] = "check"
    title: ClassVar[Text] = Text("核对", "Check against the source")

    evidence: Line = Field(title="核对依据|Evidence", description="如统计报表、来文文号|a report, a document's number")


class IndicatorChecked(IndicatorEvent, CheckIndicator):
    TOPIC = "indicator.checked"
    TITLE = Text("已核对", "Checked")

    def changes(self, was: "IndicatorState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"checked_on": self.occurred_on, "evidence": self.evidence}

    def sentence(self) -> Text:
        return Text(f"已核对：{self.evidence}", f"Checked: {self.evidence}")


class IndicatorAnswered(Taken, IndicatorEvent):
    TOPIC = "indicator.responsibility_taken"

    def changes(self, was: "IndicatorState") -> Mapping[str, Any]:  # noqa: ARG002
        return {"responsibility": self.taken()}


@dataclass(frozen=True)
class IndicatorState(AnsweredFor):
    """An indicator at the end of a day. No `reported_on`: there is none."""

    name: str = ""
    value: Decimal | None = None
    unit: str = ""
    bound: Bound = Bound.EXACT
    year: int = 0
    period: str = ""
    source: str = ""
    remark: str | None = None
    reported_on: date | None = None
    checked_on: date | None = None
    evidence: str | None = None
    responsibility: Responsibility | None = None

    def after(self, fact: IndicatorEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        return self.reported_on is not None

    @property
    def text(self) -> Text:
        """The figure as its source puts it."""
        return figure_text(self.value, self.unit, self.bound) if self.value is not None else Text("", "")


class Indicator(Correctable):
    """One figure of one period, from one source."""

    NAME: ClassVar[str] = "indicator"
    FACT: ClassVar[type[Fact]] = IndicatorEvent
    START: ClassVar[IndicatorState] = IndicatorState()
    CREATES: ClassVar[type[Form] | None] = ReportIndicator

    @property
    def name(self) -> str:
        """What it is called; once it is void, what it was recorded as."""
        return self.state.name or (self.events[0].name if self.events else "")

    def report(self, form: ReportIndicator) -> None:
        self.record(IndicatorReported, form)

    def revise(self, form: ReviseIndicator) -> None:
        needed = set(IndicatorDetails.model_fields) - {"remark"}
        only = differing(form.details, self.state, sorted(needed))
        self.record(IndicatorRevised, ReviseIndicator(details=only, occurred_on=form.occurred_on))

    def check(self, form: CheckIndicator) -> None:
        self._exists()
        if self.at(day_of(form)).checked_on:
            raise Refused("indicator.checked", "已经核对过。", "It was checked already.")
        self.record(IndicatorChecked, form)

    def take_responsibility(self, form: TakeResponsibility) -> None:
        self._exists()
        demand_each_once(form)
        self.record(IndicatorAnswered, form)


def possible(indicator: Indicator) -> frozenset[type[Form]]:
    """The forms that the indicator would take if they are filled in rightly and dated today: for menus."""
    state: IndicatorState = indicator.state
    if not state.exists:
        return frozenset({Reinstate})
    asked: set[type[Form]] = {ReviseIndicator, TakeResponsibility, CorrectDate, CorrectDetails, Retract, Reinstate}
    return frozenset(asked if state.checked_on else asked | {CheckIndicator})
