"""The reserve of plans on any day, as known at any position: in columns by year, as a list."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from domain.correctable import Correctable
from domain.plan import Plan, PlanState
from projections import names
from projections.interval_lists import IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)


class PlanRow(NamedTuple):
    """A plan as it stood; so since `from_on`. `estimate` in 分, 0 where there is none."""

    id: UUID
    from_on: date
    name: str
    status: str
    stage: str
    year: int
    industry: str
    estimate: int
    place: str | None
    source: str | None
    proposed_on: date
    project: UUID | None
    drop_reason: str | None
    leader: UUID | None
    departments: str | None
    officers: list[UUID]
    begun_by: UUID


class Plans(Intervals):
    name: ClassVar[str] = "plans"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Plan
    table: ClassVar[str] = "plan_interval"

    def columns(self, state: PlanState, first: Recorded) -> Columns | None:
        if state.status is None:
            return None
        answer = state.responsibility
        return (
            state.name, str(state.status), str(state.stage), state.year, str(state.industry),
            state.estimate.fen if state.estimate else 0, state.place, state.source, state.proposed_on, state.project,
            state.drop_reason, answer.leader if answer else None, answer.departments if answer else None,
            tuple(one.person for one in answer.officers) if answer else (), first.actor, names.sort_key(state.name),
            "\n".join((names.folded(state.name), names.initials(state.name), names.folded(state.source or ""))),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PlanFilters:
    """Which plans are meant; None leaves it open. `answers`: leader or officer."""

    search: str | None = None
    status: str | None = None
    stage: str | None = None
    year: int | None = None
    industry: str | None = None
    leader: UUID | None = None
    answers: UUID | None = None
    at_least: int | None = None
    project: UUID | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | {"patterns": [names.pattern(term) for term in terms] or None}


SORTS: Final = {
    "estimate": Sort("estimate", "int", descending=True),
    "name": Sort("name", "text", descending=False),
    "year": Sort("year", "int", descending=False),
    "proposed": Sort("proposed", "date", descending=True),
}
"""Biggest first, by pinyin, soonest first, latest added first."""

LIST: Final = IntervalList("plan_interval", q, PlanRow, SORTS, amount="i.estimate")
