"""The figures of a funnel: by stage, by group, and the bands that amounts are grouped in."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.funnel import STAGES, Stage, Status

BANDS = (1, 10**9, 5 * 10**9, 10**10, 10**11)
"""Where the bands of amounts begin, in 分: below the first, none is given; then up to 1000万, 5000万, 1亿, 10亿, above."""


def band_of(amount_fen: int, bands: Sequence[int] = BANDS) -> int:
    """The number of the band that an amount lies in."""
    return bisect_right(bands, amount_fen)


@dataclass
class Figures:
    """One stage: who stands there (open), who ever came at least so far, who rests or was lost there."""

    stage: Stage
    standing: int = 0
    amount_fen: int = 0
    reached: int = 0
    reached_fen: int = 0
    on_hold: int = 0
    lost: int = 0


@dataclass
class Group:
    """The figures of the leads that share `key` (None: they have none, or nothing is grouped by)."""

    key: str | None
    stages: list[Figures] = field(default_factory=lambda: [Figures(stage) for stage in STAGES])
    merged: int = 0

    @property
    def standing(self) -> int:
        return sum(figures.standing for figures in self.stages)

    @property
    def amount_fen(self) -> int:
        """What those standing are worth."""
        return sum(figures.amount_fen for figures in self.stages)

    @property
    def on_hold(self) -> int:
        return sum(figures.on_hold for figures in self.stages)

    @property
    def lost(self) -> int:
        return sum(figures.lost for figures in self.stages)

    @property
    def registered(self) -> int:
        """Standing, on hold, lost and merged: always."""
        return self.standing + self.on_hold + self.lost + self.merged

    def add(self, status: str, stage: int, reached: int, leads: int, amount_fen: int) -> None:
        """Count leads of one status and stage that have reached so far."""
        if status == Status.MERGED:
            self.merged += leads
            return
        at = self.stages[stage - 1]
        if status == Status.OPEN:
            at.standing += leads
            at.amount_fen += amount_fen
        elif status == Status.ON_HOLD:
            at.on_hold += leads
        elif status == Status.LOST:
            at.lost += leads
        for figures in self.stages[:reached]:
            figures.reached += leads
            figures.reached_fen += amount_fen
