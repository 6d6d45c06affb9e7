"""An aggregate of facts that can be corrected: the fact stays, what is now known of it stands beside it.

What it is follows from its facts as they are now known, by the one fold of its state; replay never refuses.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, ClassVar, Protocol, Self, get_args
from uuid import UUID

from pydantic import BaseModel, ValidationError

from domain import corrections
from domain.base import Aggregate, Event, Form, Refused, Text, day_of, field_text
from domain.facts import Fact, known, sequence
from domain.values import Sealed


class State(Protocol):
    """What an aggregate is at the end of a day: a frozen value that each of its facts leads on."""

    def after(self, fact: Any) -> Self: ...


class Correctable(Aggregate):
    """`events` as recorded, `facts` as now known, `state` what they come to; `absorbed` names what was merged into it.

    A subclass names its FACT and where it STARTs.
    """

    FACT: ClassVar[type[Fact]] = Fact
    START: ClassVar[State]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "NAME" in cls.__dict__:
            corrections.correctable(cls.NAME, cls.FACT)

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.events: list[Any] = []
        self.absorbed: dict[UUID, str] = {}

    def apply(self, event: Event) -> None:
        if not isinstance(event, self.FACT):
            raise TypeError(f"{event.TOPIC} is no fact of a {self.NAME}")
        self.events.append(event)
        self._take_in(event)

    def copy(self) -> Self:
        """The same, to go on with; what it is is worked out once for all copies."""
        _ = self._states
        return super().copy()

    @property
    def everything(self) -> list[Any]:
        """All that is to be known: its own events, and whatever else counts with them."""
        return self.events

    @cached_property
    def _known(self) -> tuple[list[Any], bool]:
        return known(self.everything, self.id)

    @property
    def facts(self) -> Sequence[Any]:
        """Its facts as they are now known, in the order in which they took effect."""
        return self._known[0]

    @cached_property
    def _states(self) -> list[tuple[date, Any]]:
        """What it was after each of its facts, by day."""
        return list(self._going_on(self.START, self.facts))

    def _going_on(self, state: Any, facts: Iterable[Any]) -> Iterator[tuple[date, Any]]:
        for fact in facts:
            state = self._after(state, fact)
            yield fact.occurred_on, state

    def _after(self, state: Any, fact: Any) -> Any:
        return state.after(fact)

    def _take_in(self, event: Fact) -> None:
        """A fact changes nothing that happened before it; what is known otherwise is worked out anew.

        That of what is merged away or void is too: their facts do not stand where they happened.
        """
        facts, merged = self.__dict__.get("_known", ([], False))
        if merged or not facts or event.correction():
            self._forget()
            return
        place = bisect_right(facts, sequence(event), key=sequence)
        later = [event, *facts[place:]]
        if "_states" in self.__dict__:
            before = self._states[:place]
            self._states = [*before, *self._going_on(before[-1][1] if before else self.START, later)]
        self._known = ([*facts[:place], *later], False)

    def _forget(self) -> None:
        for name in ("_known", "_states"):
            self.__dict__.pop(name, None)

    @property
    def state(self) -> Any:
        """What it is after everything known."""
        return self._states[-1][1] if self._states else self.START

    def at(self, day: date) -> Any:
        """What it was at the end of `day`, as now known."""
        past = bisect_right(self._states, day, key=itemgetter(0))
        return self._states[past - 1][1] if past else self.START

    @property
    def begun_on(self) -> date | None:
        """The day of its first fact, as now known; None where that is retracted."""
        return next((fact.occurred_on for fact in self.facts if fact.originator_version == 1), None)

    # ── recording ───────────────────────────────────────────────────────────────────────────────────────────────────

    def record(self, event: type[Event], form: Form, **more: Any) -> None:
        """Make the fact. One begins it, once; nothing is dated before that, and nothing follows where it is retracted."""
        if self.CREATES is None or not isinstance(form, self.CREATES):
            self._exists()
            self._not_before_first(day_of(form), "occurred_on")
        elif self.version:
            raise Refused(f"{self.NAME}.exists", "已经登记过。", "It is registered already.")
        super().record(event, form, **more)

    def _exists(self) -> None:
        if self.begun_on is None:
            raise Refused("record.void", "这条记录已作废。", "This record is void.")

    def _not_before_first(self, day: date, field: str) -> None:
        begun = self.begun_on
        if begun is not None and day < begun:
            raise Refused(
                "fact.before_registration",
                "日期不能早于登记日期（{day:%Y-%m-%d}）。",
                "It cannot be dated before the registration ({day:%Y-%m-%d}).",
                field=field,
                day=begun,
            )

    # ── corrections ─────────────────────────────────────────────────────────────────────────────────────────────────

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
            self._not_after_others(form.to)
        else:
            self._not_before_first(form.to, "to")
        self._put_beside("date_corrected", form)

    def correct_details(self, form: corrections.CorrectDetails) -> None:
        fact = self._fact(form.fact)
        sealed = sealed_fields(type(fact))
        allowed = [name for name in fact.payload_fields() if name not in sealed]
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
        said = form.model_copy(update={"details": self._corrected(form.fact) | right})
        self._put_beside("details_corrected", said)

    def retract(self, form: corrections.Retract) -> None:
        self._fact(form.fact)
        self._put_beside("fact_retracted", form)

    def reinstate(self, form: corrections.Reinstate) -> None:
        if self._recorded_fact(form.fact) in self.facts or not self._is_retracted(form.fact):
            raise Refused("correction.not_retracted", "这件事没有被撤销。", "That fact is not retracted.", field="fact")
        self._put_beside("fact_reinstated", form)

    def _put_beside(self, topic: str, form: Form) -> None:
        super().record(corrections.event(self.NAME, topic), form)

    def _not_after_others(self, day: date) -> None:
        earliest = min((fact.occurred_on for fact in self.facts if fact.originator_version != 1), default=day)
        if day > earliest:
            raise Refused(
                "correction.after_first_fact",
                "登记日期不能晚于已有的第一件事（{day:%Y-%m-%d}）。",
                "The registration cannot be dated after the first other fact ({day:%Y-%m-%d}).",
                field="to",
                day=earliest,
            )

    def _corrected(self, version: int) -> dict[str, Any]:
        """What the last correction of that fact's details says."""
        said = (e for e in reversed(self.events) if isinstance(e, corrections.DetailsCorrection) and e.fact == version)
        last = next(said, None)
        return dict(last.details) if last else {}

    def _is_retracted(self, version: int) -> bool:
        said = [e for e in self.events if isinstance(e, (corrections.Retraction, corrections.Reinstatement))]
        last = next((e for e in reversed(said) if e.fact == version), None)
        return isinstance(last, corrections.Retraction)

    def _recorded_fact(self, version: int) -> Fact:
        if not 1 <= version <= len(self.events) or self.events[version - 1].correction() is not None:
            raise Refused(
                "correction.unknown", "找不到要更正的事项。", "There is no such fact to correct.", field="fact"
            )
        fact: Fact = self.events[version - 1]
        return fact

    def _fact(self, version: int) -> Fact:
        """The fact to correct, as now known; refused when there is none, or it is retracted."""
        self._recorded_fact(version)
        for fact in self.facts:
            if fact.originator_id == self.id and fact.originator_version == version:
                found: Fact = fact
                return found
        raise Refused("correction.retracted", "这件事已被撤销。", "That fact is retracted.", field="fact")


def _put_right(fact: Fact, details: Mapping[str, Any]) -> Fact:
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


@cache
def sealed_fields(model: type[BaseModel]) -> frozenset[str]:
    """The fields whose values hold something that is stored sealed, however deep."""
    fields = model.model_fields.items()
    return frozenset(name for name, info in fields if any(map(_sealed, (info.annotation, *info.metadata))))


def _sealed(kind: Any) -> bool:
    """Whether values of this type hold anything that is stored sealed, however deep."""
    if isinstance(kind, Sealed):
        return True
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return any(
            map(_sealed, (part for info in kind.model_fields.values() for part in (info.annotation, *info.metadata)))
        )
    return any(map(_sealed, get_args(kind)))
