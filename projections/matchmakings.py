"""Matchmaking meetings on any day, as known at any position, with what had come of them by then."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.correctable import Correctable
from domain.matchmaking import Matchmaking, MatchmakingKind, MatchmakingState, OutcomeKind
from projections import names
from projections.changes import Point
from projections.interval_lists import PRESENT, IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)


class MatchmakingRow(NamedTuple):
    """A meeting as it stood; so since `from_on`. Amounts in 分; `helped`: the firms that had a loan, each once."""

    id: UUID
    from_on: date
    name: str
    kind: str
    held_on: date
    place: str | None
    organiser: str | None
    firms: int
    loans: int
    lent: int
    helped: int
    deals: int
    dealt: int
    leader: UUID | None
    officers: list[UUID]
    begun_by: UUID


class Matchmakings(Intervals):
    name: ClassVar[str] = "matchmakings"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Matchmaking
    table: ClassVar[str] = "matchmaking_interval"

    def columns(self, state: MatchmakingState, first: Recorded) -> Columns | None:
        if state.held_on is None:
            return None
        answer, loan, deal = state.responsibility, OutcomeKind.LOAN, OutcomeKind.DEAL
        lines = (names.folded(state.name), names.initials(state.name), names.folded(state.organiser or ""))
        return (
            state.name, str(state.kind), state.held_on, state.place, state.organiser, len(state.firms),
            state.count(loan), state.worth(loan), state.helped(loan), state.count(deal), state.worth(deal),
            answer.leader if answer else None, tuple(one.person for one in answer.officers) if answer else (),
            first.actor, names.sort_key(state.name), "\n".join(lines),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MatchmakingFilters:
    """Which meetings are meant; None leaves it open. `held_from`, `held_to`: days, both included."""

    search: str | None = None
    kind: str | None = None
    held_from: date | None = None
    held_to: date | None = None
    answers: UUID | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | {"patterns": [names.pattern(term) for term in terms] or None}


SORTS: Final = {
    "held": Sort("held", "date", descending=True),
    "lent": Sort("lent", "int", descending=True),
    "dealt": Sort("dealt", "int", descending=True),
    "firms": Sort("firms", "int", descending=True),
    "name": Sort("name", "text", descending=False),
}
"""Latest first, most lent, most contracted, most firms met, by pinyin."""

LIST: Final = IntervalList("matchmaking_interval", q, MatchmakingRow, SORTS)


class Met(NamedTuple):
    """The sums over some meetings; amounts in 分. `helped` adds up meeting by meeting: `outcomes.came` counts firms once."""

    meetings: int = 0
    firms: int = 0
    loans: int = 0
    lent: int = 0
    helped: int = 0
    deals: int = 0
    dealt: int = 0


def came(conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT) -> dict[MatchmakingKind, Met]:
    """The sums of what matches, by kind of meeting."""
    found = LIST.summed(conn, "by_kind", filters, point)
    return {kind: Met(*found[str(kind)]) for kind in MatchmakingKind if str(kind) in found}
