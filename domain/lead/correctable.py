"""Correcting what was recorded: the fact stays, what is now known of it stands beside it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError

from domain.base import Refused, Text, day_of, field_text
from domain.lead import corrections
from domain.lead.event import LeadEvent
from domain.lead.state import LeadState
from domain.values import Sealed


class Correctable(LeadState):
    """A lead whose facts can be corrected, retracted and reinstated."""

    def correct_date(self, form: corrections.CorrectDate) -> None:
        fact = self._fact(form.fact)
        if form.to > day_of(form):
            raise Refused(
                "correction.future",
                "正确日期不能晚于更正的日期（{day:%Y-%m-%d}）。",
                "It cannot be dated after the day of the correction ({day:%Y-%m-%d}).",
                field="to",
                day=day_of(form),
            )
        if fact.originator_version == 1:
            earliest = min((f.occurred_on for f in self.history.facts if f.originator_version != 1), default=form.to)
            if form.to > earliest:
                raise Refused(
                    "correction.after_first_fact",
                    "登记日期不能晚于已有的第一件事（{day:%Y-%m-%d}）。",
                    "The registration cannot be dated after the first other fact ({day:%Y-%m-%d}).",
                    field="to",
                    day=earliest,
                )
        else:
            self._not_before_registration(form.to, "to")
        self.record(corrections.DateCorrected, form)

    def correct_details(self, form: corrections.CorrectDetails) -> None:
        fact = self._fact(form.fact)
        allowed = [name for name in fact.payload_fields() if not _has_sealed(fact, name)]
        strange = sorted(set(form.details) - set(allowed))
        if strange or not form.details:
            raise Refused(
                "correction.fields",
                "这件事可以更正的内容只有：{fields}。",
                "Of this fact only these can be corrected: {fields}.",
                field="details",
                fields=", ".join(allowed),
            )
        right = _put_right(fact, form.details).model_dump(mode="json", include=set(form.details))
        if right == fact.model_dump(mode="json", include=set(form.details)):
            raise Refused("correction.unchanged", "没有改动任何内容。", "Nothing was changed.", field="details")
        # The last correction of a fact holds alone, so it says again what was put right before it.
        self.record(
            corrections.DetailsCorrected, form.model_copy(update={"details": self._corrected(form.fact) | right})
        )

    def retract(self, form: corrections.Retract) -> None:
        if self._fact(form.fact).originator_version == 1 and self.absorbed:
            raise Refused(
                "correction.has_absorbed",
                "有线索已并入本条，请先撤销合并，再撤销登记。",
                "Other leads were merged into this one; undo that before you retract its registration.",
                field="fact",
            )
        self.record(corrections.FactRetracted, form)

    def reinstate(self, form: corrections.Reinstate) -> None:
        if self._recorded_fact(form.fact) in self.history.facts or not self._is_retracted(form.fact):
            raise Refused("correction.not_retracted", "这件事没有被撤销。", "That fact is not retracted.", field="fact")
        self.record(corrections.FactReinstated, form)

    def _not_before_registration(self, day: date, field: str) -> None:
        registered = self.standing.registered_on
        if registered is not None and day < registered:
            raise Refused(
                "fact.before_registration",
                "日期不能早于登记日期（{day:%Y-%m-%d}）。",
                "It cannot be dated before the registration ({day:%Y-%m-%d}).",
                field=field,
                day=registered,
            )

    def _corrected(self, version: int) -> dict[str, Any]:
        """What the last correction of that fact's details says."""
        said = (e for e in reversed(self.events) if isinstance(e, corrections.DetailsCorrected) and e.fact == version)
        last = next(said, None)
        return dict(last.details) if last else {}

    def _is_retracted(self, version: int) -> bool:
        said = [e for e in self.events if isinstance(e, (corrections.FactRetracted, corrections.FactReinstated))]
        last = next((e for e in reversed(said) if e.fact == version), None)
        return isinstance(last, corrections.FactRetracted)

    def _not_merged(self) -> None:
        if self.merged_into is not None:
            raise Refused(
                "lead.merged",
                "这条线索已合并到另一条，请到那一条操作。",
                "This lead is merged; work on the one that goes on.",
            )

    def _recorded_fact(self, version: int) -> LeadEvent:
        if self.merged_into is not None:
            raise Refused(
                "correction.merged",
                "这条线索已合并到另一条，请先撤销合并，再更正。",
                "This lead is merged into another; unmerge it first, then correct.",
            )
        if not 1 <= version <= len(self.events) or self.events[version - 1].correction() is not None:
            raise Refused(
                "correction.unknown", "找不到要更正的事项。", "There is no such fact to correct.", field="fact"
            )
        return self.events[version - 1]

    def _fact(self, version: int) -> LeadEvent:
        """The fact to correct, as now known; refused when there is none, or it is retracted."""
        self._recorded_fact(version)
        for fact in self.history.facts:
            if fact.originator_id == self.id and fact.originator_version == version:
                return cast("LeadEvent", fact)
        raise Refused("correction.retracted", "这件事已被撤销。", "That fact is retracted.", field="fact")


def _put_right(fact: LeadEvent, details: Mapping[str, Any]) -> LeadEvent:
    """The fact with what was typed in its place, each value as an event keeps it. Refused where one is none."""
    values = {name: getattr(fact, name) for name in type(fact).model_fields} | dict(details)
    try:
        return type(fact).model_validate(values)
    except ValidationError as error:
        found = error.errors()[0]
        refusal = found.get("ctx", {}).get("error")
        why = refusal.text if isinstance(refusal, Refused) else Text("请核对。", "please check it.")
        raise Refused(
            "correction.values",
            "更正的内容不合要求：{name}：{why}",
            "Not a valid correction: {name}: {why}",
            field="details",
            name=field_text(type(fact), str(found["loc"][0])) if found["loc"] else "",
            why=why,
        ) from None


def _has_sealed(fact: LeadEvent, name: str) -> bool:
    info = type(fact).model_fields[name]
    return any(map(_sealed, (info.annotation, *info.metadata)))


def _sealed(kind: Any) -> bool:
    """Whether values of this type hold anything that is stored sealed, however deep."""
    if isinstance(kind, Sealed):
        return True
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return any(
            map(_sealed, (part for info in kind.model_fields.values() for part in (info.annotation, *info.metadata)))
        )
    return any(map(_sealed, get_args(kind)))
