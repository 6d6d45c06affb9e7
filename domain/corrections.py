"""Corrections: what turned out about an earlier fact. The original stays; whoever folds takes the correction in its place.

Every aggregate of facts has its own four events of this kind (`correctable` makes them), all from these forms.
"""

from types import new_class
from typing import Any, ClassVar, Final

from pydantic import Field, JsonValue

from domain.base import EVENTS, Day, Event, Form, Text
from domain.facts import Correction, Fact
from domain.values import Line


class _OfFact(Form):
    fact: int = Field(title="更正的事项|Fact corrected", ge=1)
    reason: Line = Field(title="更正原因|Reason")


class CorrectDate(_OfFact):
    noun: ClassVar[str] = "date-corrections"
    verb: ClassVar[str] = "correct_date"
    title: ClassVar[Text] = Text("更正日期", "Correct the date")

    to: Day = Field(title="正确日期|Right date")


class DateCorrection(CorrectDate):
    TITLE: ClassVar[Text] = Text("更正日期", "Date corrected")

    def correction(self) -> Correction:
        return Correction(of=self.fact, occurred_on=self.to)

    def sentence(self) -> Text:
        return Text(
            f"日期更正为 {self.to:%Y-%m-%d}：{self.reason}", f"Date corrected to {self.to:%Y-%m-%d}: {self.reason}"
        )


class CorrectDetails(_OfFact):
    """`details` replaces fields of the fact; the names are the fact's own."""

    noun: ClassVar[str] = "detail-corrections"
    verb: ClassVar[str] = "correct_details"
    title: ClassVar[Text] = Text("更正内容", "Correct the details")

    details: dict[str, JsonValue] = Field(title="正确内容|Right details")


class DetailsCorrection(CorrectDetails):
    TITLE: ClassVar[Text] = Text("更正内容", "Details corrected")

    def correction(self) -> Correction:
        details: dict[str, Any] = dict(self.details)
        return Correction(of=self.fact, details=details)

    def sentence(self) -> Text:
        return Text(f"内容更正：{self.reason}", f"Details corrected: {self.reason}")


class Retract(_OfFact):
    """It never happened."""

    noun: ClassVar[str] = "retractions"
    verb: ClassVar[str] = "retract"
    title: ClassVar[Text] = Text("撤销（未发生）", "Retract (never happened)")


class Retraction(Retract):
    TITLE: ClassVar[Text] = Text("撤销", "Retracted")

    def correction(self) -> Correction:
        return Correction(of=self.fact, retracted=True)

    def sentence(self) -> Text:
        return Text(f"撤销（未发生）：{self.reason}", f"Retracted, never happened: {self.reason}")


class Reinstate(_OfFact):
    """It happened after all."""

    noun: ClassVar[str] = "reinstatements"
    verb: ClassVar[str] = "reinstate"
    title: ClassVar[Text] = Text("恢复已撤销的事项", "Reinstate")


class Reinstatement(Reinstate):
    TITLE: ClassVar[Text] = Text("恢复已撤销的事项", "Reinstated")

    def correction(self) -> Correction:
        return Correction(of=self.fact, retracted=False)

    def sentence(self) -> Text:
        return Text(f"恢复：{self.reason}", f"Reinstated: {self.reason}")


KINDS: Final = {
    "date_corrected": ("DateCorrected", DateCorrection),
    "details_corrected": ("DetailsCorrected", DetailsCorrection),
    "fact_retracted": ("FactRetracted", Retraction),
    "fact_reinstated": ("FactReinstated", Reinstatement),
}
CORRECTIONS: Final = (DateCorrection, DetailsCorrection, Retraction, Reinstatement)
FORMS: Final = (CorrectDate, CorrectDetails, Retract, Reinstate)
"""What corrects a fact, as filled in."""


def correctable(aggregate: str, fact: type[Fact]) -> None:
    """Make the four events by which facts of that aggregate are corrected; `fact` is what all its events are."""
    for topic, (name, kind) in KINDS.items():
        values = {"TOPIC": f"{aggregate}.{topic}", "__module__": fact.__module__, "__doc__": kind.__doc__}
        if values["TOPIC"] not in EVENTS:
            new_class(name, (kind, fact), {}, lambda namespace, values=values: namespace.update(values))  # type: ignore[misc]


def event(aggregate: str, topic: str) -> type[Event]:
    """The event of that aggregate by which a correction is recorded."""
    return EVENTS[f"{aggregate}.{topic}"]
