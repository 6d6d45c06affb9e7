"""What a meeting has come to at the end of a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from domain.matchmaking.event import MatchmakingEvent
from domain.matchmaking.kinds import MatchmakingKind, OutcomeKind
from domain.matchmaking.meeting import MetFirm
from domain.matchmaking.outcomes import OutcomeEvent
from domain.responsibility import AnsweredFor, Responsibility
from domain.values import normalised_name


@dataclass(frozen=True)
class MatchmakingState(AnsweredFor):
    """`firms` by their names as compared. Not there while `held_on` is None."""

    held_on: date | None = None
    name: str = ""
    kind: MatchmakingKind | None = None
    place: str | None = None
    organiser: str | None = None
    content: str | None = None
    firms: Mapping[str, MetFirm] = field(default_factory=dict)
    outcomes: tuple[OutcomeEvent, ...] = ()
    responsibility: Responsibility | None = None

    def after(self, fact: MatchmakingEvent) -> Self:
        """The state once the fact has happened."""
        return replace(self, **fact.changes(self))

    @property
    def exists(self) -> bool:
        """Whether it was held by then, and that still stands."""
        return self.held_on is not None

    def of(self, kind: OutcomeKind) -> Iterator[OutcomeEvent]:
        """The outcomes of one kind."""
        return (one for one in self.outcomes if one.KIND is kind)

    def count(self, kind: OutcomeKind) -> int:
        return sum(1 for _ in self.of(kind))

    def worth(self, kind: OutcomeKind) -> int:
        """What they are worth together, in 分."""
        return sum(one.amount.fen for one in self.of(kind))

    def helped(self, kind: OutcomeKind) -> int:
        """How many firms they are for: one that has two loans counts once."""
        return len({normalised_name(one.firm) for one in self.of(kind)})
