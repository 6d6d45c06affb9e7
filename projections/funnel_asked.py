"""What can be asked of the funnel, and how the queries take it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from projections import channels
from projections.funnel_figures import BANDS
from projections.paging import Scope
from projections.sql import Queries, Query

q = Queries(__file__, "funnel")
NOW = 2**63 - 2
TODAY_AND_LATER = date(9999, 12, 30)


@dataclass(frozen=True, kw_only=True)
class FunnelFilters:
    """Which leads are counted, by what they were in that fold; None leaves it open. `month`: "2026-03"; `band`: "0"…"5"."""

    kind: str | None = None
    channel: UUID | None = None
    occasion: UUID | None = None
    country: str | None = None
    region: str | None = None
    industry: str | None = None
    owner: UUID | None = None
    month: str | None = None
    band: str | None = None

    def given(self) -> dict[str, Any]:
        """Those that are set."""
        return {name: value for name, value in asdict(self).items() if value is not None}


ALL = FunnelFilters()


def standing(known_at: int | None) -> Query:
    """That an interval `i` holds on the day asked for, as known then, and is among the leads asked for."""
    return q["standing"].format(
        holds=holds("as_at", "known_at", now=known_at is None), seen=q["seen"], asked=q["asked"]
    )


def holds(day: str, known: str, *, now: bool = False) -> Query:
    """That an interval `i` holds on a day as known at a position, both by the names of their parameters."""
    values = {"day": sql.Placeholder(day), "known": sql.Placeholder(known)}
    return q["holds_now" if now else "holds"].format(**values)


def parameters(
    conn: Connection[Any], as_at: date | None, known_at: int | None, filters: FunnelFilters, scope: Scope
) -> dict[str, Any]:
    return {
        **asdict(filters),
        **scope.parameters,
        "kind": None if filters.kind is None else channels.of_kind(conn, filters.kind),
        "as_at": as_at or TODAY_AND_LATER,
        "known_at": NOW if known_at is None else known_at,
        "bands": list(BANDS),
        **limits(filters),
    }


def limits(filters: FunnelFilters) -> dict[str, Any]:
    """Where the month and the band begin and end. Raises ValueError for what is none."""
    month = None if filters.month is None else date.fromisoformat(f"{filters.month}-01")
    band = None if filters.band is None else int(filters.band)
    if band is not None and not 0 <= band <= len(BANDS):
        raise ValueError(f"there is no band {band}")
    return {
        "month_from": month,
        "month_to": month and date(month.year + month.month // 12, month.month % 12 + 1, 1),
        "amount_from": None if band is None else (0, *BANDS)[band],
        "amount_to": None if band is None else (*BANDS, None)[band],
    }
