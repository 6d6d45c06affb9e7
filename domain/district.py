"""The district's own settings, as facts: the clocks leads are watched by, and what staff may read.

One aggregate a district, with a fixed id. The defaults are those of one city's published rules; every district sets
its own, which is why they are settings and never constants.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Aggregate, Event, Form, Payload, Refused, Term, Text
from domain.values import Amount, Money, checked

DISTRICT = UUID("00000000-0000-0000-0000-00000000d157")
"""The id of the one district aggregate in a schema."""


DAYS_AT_MOST = 365


def _days(value: int) -> int:
    if not 1 <= value <= DAYS_AT_MOST:
        raise Refused("clock.range", "应在 1 到 365 天之间。", "Between 1 and 365 days.")
    return value


Days = Annotated[int, checked(_days)]


class StaffReading(Term):
    """What staff may read of leads that are not of their channel and not their own."""

    NONE = "none", "不可见", "Nothing"
    LIST = "list", "可见列表，不含联系人", "The list, without contact persons"
    FULL = "full", "全部可见", "Everything"


class Rules(Payload):
    """What the district has set."""

    answer_days: Days = Field(1, title="首次回应（天）|Answer within (days)")
    judge_days: Days = Field(3, title="研判（天）|Judge within (days)")
    judge_major_days: Days = Field(7, title="重大项目研判（天）|Judge a major one within (days)")
    major_amount: Amount = Field(Money(minor=10**10), title="重大项目起点|A major project is from")
    feedback_days: Days = Field(7, title="反馈引荐方（天）|Feed back within (days)")
    report_days: Days = Field(14, title="进展更新（天）|Report every (days)")
    staff_reading: StaffReading = Field(StaffReading.LIST, title="专员可见其他渠道线索|Staff see other channels' leads")


class SetRules(Form, Rules):
    noun: ClassVar[str] = "rules"
    verb: ClassVar[str] = "set_rules"
    title: ClassVar[Text] = Text("保存设置", "Save settings")


class RulesSet(Event, SetRules):
    TOPIC = "district.rules_set"
    TITLE = Text("修改时限与可见范围", "Clocks and reading rights set")


class District(Aggregate):
    """Holds the rules in force."""

    NAME: ClassVar[str] = "district"

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.rules = Rules()

    def apply(self, event: Event) -> None:
        if isinstance(event, RulesSet):
            self.rules = Rules(**{name: getattr(event, name) for name in Rules.model_fields})

    def set_rules(self, form: SetRules) -> None:
        wanted = Rules(**{name: getattr(form, name) for name in Rules.model_fields})
        if self.version and wanted == self.rules:
            raise Refused("rules.unchanged", "没有改动任何设置。", "Nothing was changed.")
        self.record(RulesSet, form)
