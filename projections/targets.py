"""Targets on any day, as known at any position. What became of them: `attained`."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from domain.correctable import Correctable
from domain.target import Metric, OwnerKind, Target, TargetState, due
from projections import names
from projections.interval_lists import IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)
METRICS, OWNERS = list(Metric), list(OwnerKind)


class TargetRow(NamedTuple):
    """A target as it stood; so since `from_on`. `goal`: a number, or 分. `pace`: shares by month, None where it is even."""

    id: UUID
    from_on: date
    name: str
    year: int
    metric: str
    owner_kind: str
    channel: UUID | None
    leader: UUID | None
    industry: str | None
    goal: int
    pace: list[int | None]
    document: str | None
    set_on: date
    dropped: str | None
    answers: UUID | None
    begun_by: UUID

    @property
    def owner(self) -> str | None:
        """Whose it is, as a key; None for the whole district."""
        field = OwnerKind(self.owner_kind).field
        return None if field is None else str(getattr(self, field))

    def due(self, day: date) -> int:
        """What of the goal is due by the end of that day."""
        return due(self.goal, self.pace, self.year, day)


class Targets(Intervals):
    name: ClassVar[str] = "targets"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Target
    table: ClassVar[str] = "target_interval"

    def columns(self, state: TargetState, first: Recorded) -> Columns | None:
        if state.metric is None or state.owner_kind is None:
            return None
        name = f"{state.year}年{state.metric.text.zh}"
        answer = state.responsibility
        return (
            name, state.year, str(state.metric), str(state.owner_kind), state.channel, state.leader,
            str(state.industry) if state.industry else None, state.goal, state.pace, state.document, state.set_on,
            state.dropped, answer.leader if answer else None, first.actor,
            OWNERS.index(state.owner_kind) * 100 + METRICS.index(state.metric),
            f"{names.folded(name)}\n{names.folded(state.document or '')}",
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TargetFilters:
    """Which targets are meant; None leaves it open. `dropped`: those that are no target any more, too."""

    search: str | None = None
    year: int | None = None
    metric: str | None = None
    owner_kind: str | None = None
    channel: UUID | None = None
    leader: UUID | None = None
    industry: str | None = None
    dropped: bool = False

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | {"patterns": [names.pattern(term) for term in terms] or None}


SORTS: Final = {
    "owner": Sort("owner", "int", descending=False),
    "metric": Sort("metric", "int", descending=False),
    "goal": Sort("goal", "int", descending=True),
}
"""By whose it is, then by metric; the other way round; the highest goal first."""

LIST: Final = IntervalList("target_interval", q, TargetRow, SORTS)
