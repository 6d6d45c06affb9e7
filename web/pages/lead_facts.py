"""What is known of a lead, in words: its attributes with their labels and their values as people read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from markupsafe import Markup

from domain.base import Text, field_text
from domain.funnel import Standing
from domain.lead.details import Register
from web.pages.facts import Change
from web.pages.facts import Facts as Said

LABELS: Final[Mapping[str, Text]] = {
    **{name: field_text(Register, name) for name in Register.model_fields if name != "occurred_on"},
    "amount": Text("投资额", "Amount"),
    "next_action": Text("下一步", "Next action"),
    "next_due": Text("下一步截止", "Next action due"),
    "contacted_on": Text("最近接洽", "Last contact"),
    "verdict": Text("研判结论", "Verdict"),
    "judged_on": Text("研判日期", "Judged on"),
    "hold_reason": Text("暂缓原因", "On hold because"),
    "hold_until": Text("预计恢复", "On hold until"),
    "loss_reason": Text("流失原因", "Lost because"),
    "entity": Text("落地主体", "Registered entity"),
    "where": Text("落地地点", "Landed where"),
}
PROJECT: Final = ("credit_code", "country", "region", "industry", "project", "amount", "land_mu", "space_m2", "jobs")
SOURCE: Final = ("channel", "occasion", "brought_by", "referrer", "owner")
WANTED: Final = ("credit_code", "amount", "contacts", "region")
"""What an office asks for sooner or later; shown as missing while it is."""
_ALIKE: Final = {"investment": "amount"}
"""Two attributes that one fact sets to the same value; only the second is shown as changed."""
PERSONAL: Final = frozenset({"contacts", "summary", "next_action"})
"""Attributes that may speak of private persons."""


@dataclass(frozen=True)
class Facts(Said):
    """Says a lead's attributes in the viewer's language."""

    PERSONAL: ClassVar[frozenset[str]] = PERSONAL
    LABELS: ClassVar[Mapping[str, Text]] = LABELS

    def pairs(self, attributes: Mapping[str, Any], wanted: tuple[str, ...]) -> list[tuple[Any, str]]:
        """(label, value) of the attributes asked for, for `ui.facts`."""
        return [(self.words.t(LABELS[name]), self.said(name, attributes.get(name))) for name in wanted]

    def marked(
        self, attributes: Mapping[str, Any], wanted: tuple[str, ...], changed: Mapping[str, Change]
    ) -> list[tuple[Any, Any]]:
        """The same, with what has just changed marked: the value before it struck through, then the new one."""
        return [
            (label, _marked(changed[name].before, value) if name in changed else value)
            for name, (label, value) in zip(wanted, self.pairs(attributes, wanted), strict=True)
        ]

    def changes(self, before: Standing, after: Standing) -> Iterator[Change]:
        """What is different between two standings: stage and status first, then attributes."""
        for name, label in (("stage", Text("阶段", "Stage")), ("status", Text("状态", "Status"))):
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                shown = old if before.counts or name == "stage" else None
                yield Change(name, label, self.said(name, shown), self.said(name, new))
        for name in LABELS:
            old, new = before.attributes.get(name), after.attributes.get(name)
            change = Change(name, LABELS[name], self.said(name, old), self.said(name, new))
            if old != new and name not in _ALIKE and (change.before or change.after):
                yield change


def _marked(before: str, value: str) -> Markup:
    new = Markup("<mark>{}</mark>").format(value or "—")
    return Markup("<del>{}</del> {}").format(before, new) if before else new


def missing(attributes: Mapping[str, Any]) -> list[Text]:
    """What is not known yet and will be asked for; only firms of this country have a credit code of its kind."""
    abroad = attributes.get("country") not in (None, "CN")
    asked = (name for name in WANTED if name != "credit_code" or not abroad)
    return [LABELS[name] for name in asked if not attributes.get(name)]
