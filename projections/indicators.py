"""Figures reported from outside on any day, as known at any position: what a yearly report quotes."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from domain.base import Text
from domain.correctable import Correctable
from domain.indicator import Bound, Indicator, IndicatorState, figure_text
from projections import names
from projections.interval_lists import IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)


class IndicatorRow(NamedTuple):
    """An indicator as it stood; so since `from_on`. `reported_on`: the day of the source's report."""

    id: UUID
    from_on: date
    name: str
    value: Decimal
    unit: str
    bound: str
    year: int
    period: str
    source: str
    reported_on: date
    checked_on: date | None
    begun_by: UUID

    @property
    def text(self) -> Text:
        """The figure as its source puts it."""
        return figure_text(self.value, self.unit, Bound(self.bound))


class Indicators(Intervals):
    name: ClassVar[str] = "indicators"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Indicator
    table: ClassVar[str] = "indicator_interval"

    def columns(self, state: IndicatorState, first: Recorded) -> Columns | None:
        if state.reported_on is None:
            return None
        return (
            state.name, state.value, state.unit, str(state.bound), state.year, state.period, state.source,
            state.reported_on, state.checked_on, first.actor, names.sort_key(state.name),
            "\n".join((names.folded(state.name), names.initials(state.name), names.folded(state.source))),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class IndicatorFilters:
    """Which indicators are meant; None leaves it open. `unchecked`: those nobody has held against their source."""

    search: str | None = None
    year: int | None = None
    unchecked: bool = False

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | {"patterns": [names.pattern(term) for term in terms] or None}


SORTS: Final = {
    "reported": Sort("reported", "date", descending=True),
    "name": Sort("name", "text", descending=False),
}
"""Latest first, by pinyin."""

LIST: Final = IntervalList("indicator_interval", q, IndicatorRow, SORTS)
