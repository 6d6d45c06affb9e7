"""The district's own settings, as facts: who set which rules, and from which day they are in force.

One aggregate a district, with a fixed id.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import Field

from domain.base import Aggregate, Day, Event, Form, Refused, Text, day_of
from domain.rules import Rules

DISTRICT = UUID("00000000-0000-0000-0000-00000000d157")
"""The id of the one district aggregate in a schema."""


class SetRules(Form, Rules):
    noun: ClassVar[str] = "rules"
    verb: ClassVar[str] = "set_rules"
    title: ClassVar[Text] = Text("保存设置", "Save settings")
    occurred_on: Day | None = Field(None, title="施行日期|In force from")


class RulesSet(Event, SetRules):
    TOPIC = "district.rules_set"
    SCHEMA = 2
    TITLE = Text("修改规则设置", "Rules set")

    @property
    def rules(self) -> Rules:
        """What is in force since."""
        return Rules(**{name: getattr(self, name) for name in Rules.model_fields})

    @classmethod
    def upcast_v1(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Version 1 knew the clocks and rights of leads only; for the rest held what is written here, for ever."""
        return {**FIRST_OF_V2, **values}


def _yuan(wan: int) -> dict[str, Any]:
    return {"minor": wan * 1_000_000, "currency": "CNY", "rate": None}


FIRST_OF_V2: Final[Mapping[str, Any]] = {
    "first_claim": {"threshold": _yuan(5_000), "term_days": 180},
    "lights": {
        "late_yellow_months": 1, "late_red_months": 3, "behind_yellow_points": 10, "behind_red_points": 30,
        "paused": False,
    },
    "sizes": {"first": _yuan(5_000), "second": _yuan(10_000), "third": _yuan(100_000), "fourth": _yuan(1_000_000)},
    "counting": {
        "investment": True, "public_works": True, "special_bond": True, "central_budget": True,
        "expansion": True,
    },
    "problems": {"take_days": 1, "assign_days": 3, "solve_days": 15, "escalate_days": 5, "confirm_days": 5},
    "urgent_problems": {"take_days": 1, "assign_days": 1, "solve_days": 5, "escalate_days": 1, "confirm_days": 2},
    "procedures": {"supplement_days": 30},
}  # fmt: skip
"""What was in force beside a version 1: written out, so that a later default cannot change what a report of then says."""


class Regimes:
    """The rules as they were in force, day by day."""

    def __init__(self, told: Iterable[RulesSet]) -> None:
        self._told = sorted(told, key=lambda event: (event.occurred_on, event.originator_version))

    def on(self, day: date) -> Rules:
        """The rules in force at the end of `day`."""
        return next((event.rules for event in reversed(self._told) if event.occurred_on <= day), Rules())


class District(Aggregate):
    """Holds the rules in force."""

    NAME: ClassVar[str] = "district"

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.told: list[RulesSet] = []

    @property
    def rules(self) -> Rules:
        """What is in force now: the version of the latest day, not the one entered last."""
        return self.on(date.max)

    def on(self, day: date) -> Rules:
        """What was in force at the end of `day`, as now known."""
        return Regimes(self.told).on(day)

    def apply(self, event: Event) -> None:
        if isinstance(event, RulesSet):
            self.told.append(event)

    def set_rules(self, form: SetRules) -> None:
        wanted = Rules(**{name: getattr(form, name) for name in Rules.model_fields})
        if self.version and wanted == self.on(day_of(form)):
            raise Refused("rules.unchanged", "没有改动任何设置。", "Nothing was changed.")
        place = next(wanted.disorder(), None)
        if place:
            raise Refused("rules.order", "不能低于前一档。", "Not below the limit before it.", field=place)
        self.record(RulesSet, form)
