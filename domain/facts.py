"""What is known of facts: every correction applied, in the order in which they took effect. For every aggregate alike."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol, Self, TypeVar
from uuid import UUID

from domain.base import REPLAY, Event


class Correction(NamedTuple):
    """What is now known of the fact `of` (its version in the same aggregate); None leaves that aspect alone.

    Merging is of this kind, about the first fact: from the moment it is known it holds for every day.
    """

    of: int
    occurred_on: date | None = None
    details: Mapping[str, Any] | None = None
    retracted: bool | None = None
    merged: bool | None = None


class Factual(Protocol):
    """What is asked of an event to know what it says, or says of another."""

    @property
    def originator_id(self) -> UUID: ...
    @property
    def originator_version(self) -> int: ...
    @property
    def occurred_on(self) -> date: ...
    @property
    def position(self) -> int | None: ...
    def correction(self) -> Correction | None: ...
    def corrected(self, correction: Correction) -> Any: ...


class Fact(Event):
    """An event that can be corrected, or that corrects one of the same aggregate."""

    def correction(self) -> Correction | None:
        """What it says of another fact; None for a fact of its own."""
        return None

    def corrected(self, correction: Correction) -> Self:
        """The fact as it is now known to have been."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        values |= correction.details or {}
        values["occurred_on"] = correction.occurred_on or self.occurred_on
        made = type(self).model_validate(values, context=REPLAY)
        return made if self.position is None else made.placed(self.position)


Some = TypeVar("Some", bound=Factual)
_LAST = 1 << 62


def sequence(fact: Factual) -> tuple[date, int, int]:
    """The order in which facts take effect: by day, then as recorded; unsaved facts come last of their day."""
    position = fact.position
    return fact.occurred_on, _LAST if position is None else position, fact.originator_version


def known(events: Iterable[Some], survivor: UUID | None = None) -> tuple[list[Some], bool]:
    """The facts among `events` with every correction applied, in order; and whether they were merged away.

    Of several corrections of one fact the last by position holds, per aspect: its date, its details, whether it
    happened. A retracted first fact takes the whole aggregate with it, and whatever was merged into it out of it.
    """
    facts: list[Some] = []
    corrections: dict[tuple[UUID, int], Correction] = {}
    for event in events:
        found = event.correction()
        if found is None:
            facts.append(event)
        else:
            target = (event.originator_id, found.of)
            corrections[target] = _combined(corrections.get(target), found)
    if corrections:
        facts = [] if _void(survivor, corrections) else list(_corrected(facts, corrections))
    facts.sort(key=sequence)
    return facts, any(c.merged for (one, _), c in corrections.items() if survivor in (None, one))


def _combined(earlier: Correction | None, later: Correction) -> Correction:
    if earlier is None:
        return later
    said = {name: value for name, value in later._asdict().items() if value is not None}
    return earlier._replace(**said)


def _void(aggregate: UUID | None, corrections: Mapping[tuple[UUID, int], Correction]) -> bool:
    """Whether the first fact of the aggregate is known to be retracted."""
    first = corrections.get((aggregate, 1)) if aggregate else None
    return bool(first and first.retracted)


def _corrected(facts: Sequence[Some], corrections: Mapping[tuple[UUID, int], Correction]) -> Iterator[Some]:
    for fact in facts:
        correction = corrections.get((fact.originator_id, fact.originator_version))
        if _void(fact.originator_id, corrections) or (correction and correction.retracted):
            continue
        yield fact.corrected(correction) if correction else fact
