"""The funnel of any day, as known at any position: its figures by any grouping, and the leads behind each of them.

How the intervals and sums it is read from come about: `funnel_rows`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.funnel import STAGES, Stage, Status
from projections.funnel_asked import ALL, FunnelFilters, limits, parameters, q, standing
from projections.funnel_behind import Cell, FunnelLead, behind
from projections.funnel_figures import BANDS, Figures, Group, band_of
from projections.funnel_summed import dimension, summed
from projections.paging import EVERYTHING, Scope, Totals
from projections.sql import Query

__all__ = [
    "BANDS", "GROUPS", "Cell", "Figures", "Funnel", "FunnelFilters", "FunnelLead", "Group", "StageDays", "band_of",
    "behind", "count", "funnel", "keys", "position_at", "stage_days",
]  # fmt: skip

GROUPS: Final = ("none", "kind", "channel", "occasion", "country", "region", "industry", "owner", "month", "band")


class Funnel(NamedTuple):
    """The answer, and the position of the ledger it rests on."""

    groups: list[Group]
    total: Group
    position: int


def funnel(
    conn: Connection[Any],
    *,
    as_at: date | None = None,
    known_at: int | None = None,
    group_by: str = "none",
    filters: FunnelFilters = ALL,
    scope: Scope = EVERYTHING,
) -> Funnel:
    """The funnel at the end of `as_at`, as known at position `known_at`; None: all that is known now.

    Raises KeyError for an unknown grouping, ValueError for a month or band that is none.
    """
    group, _ = q[f"group_{group_by}"], limits(filters)
    along = dimension(group_by, filters) if scope.all else None
    if along is None:
        query: Query = q["of_intervals"].format(group=group, standing=standing(known_at))
        values = parameters(conn, as_at, known_at, filters, scope)
    else:
        query, values = summed(conn, along, as_at, known_at, group_by, filters)
    rows = conn.execute(query, values, prepare=False).fetchall()
    position = next((int(row[4]) for row in rows if row[1] is None), 0)
    return _counted([row for row in rows if row[1] is not None], position if known_at is None else known_at)


def _counted(rows: Iterable[tuple[Any, ...]], position: int) -> Funnel:
    groups: dict[str | None, Group] = {}
    total = Group(None)
    for key, status, stage, reached, leads, amount_fen in rows:
        for group in (groups.setdefault(key, Group(key)), total):
            group.add(status, stage, reached, int(leads), int(amount_fen))
    return Funnel([group for group in groups.values() if group.registered], total, position)


def count(
    conn: Connection[Any],
    cell: Cell,
    *,
    as_at: date | None = None,
    known_at: int | None = None,
    filters: FunnelFilters = ALL,
    scope: Scope = EVERYTHING,
) -> Totals:
    """How many leads that number counts, and what they are worth."""
    found = funnel(conn, as_at=as_at, known_at=known_at, group_by=cell.group_by, filters=filters, scope=scope)
    key = cell.key or None
    group = next((group for group in found.groups if group.key == key), Group(key))
    return _figure(group, cell)


def _figure(group: Group, cell: Cell) -> Totals:
    stages = [figures for figures in group.stages if cell.stage in (None, figures.stage)]
    match cell.measure:
        case "standing":
            return Totals(sum(f.standing for f in stages), sum(f.amount_fen for f in stages))
        case "reached":
            return Totals(stages[0].reached, stages[0].reached_fen)
        case "on_hold":
            return Totals(sum(f.on_hold for f in stages), 0)
        case "lost":
            return Totals(sum(f.lost for f in stages), 0)
        case "merged":
            return Totals(group.merged, 0)
        case "registered":
            return Totals(group.registered, 0)
    raise KeyError(cell.measure)


def keys(conn: Connection[Any], group_by: str, *, scope: Scope = EVERYTHING) -> list[str]:
    """The values of that grouping that leads have, or had on an earlier day, in order: what one can narrow to."""
    if scope.all and group_by != "kind":
        query = q["keys"].format(keys=q["key_every"])
        found = conn.execute(query, {"axis": "day", "dimension": group_by}, prepare=True).fetchall()
        return [key for (key,) in found]
    return sorted(group.key for group in funnel(conn, group_by=group_by, scope=scope).groups if group.key)


# ── single answers ──────────────────────────────────────────────────────────────────────────────────────────────────


def position_at(conn: Connection[Any], moment: datetime) -> int:
    """The position of the last event recorded at `moment` or before."""
    row = conn.execute(q["position_at"], {"moment": moment}).fetchone()
    return int(row[0]) if row else 0


class StageDays(NamedTuple):
    """A stay at a stage: from one day to another (None: still), open or on hold."""

    stage: Stage
    from_on: date
    to_on: date | None
    days: int


def stage_days(conn: Connection[Any], lead: UUID, today: date) -> list[StageDays]:
    """The lead's stays at stages, in order of time, as now known."""
    stays: list[tuple[Stage, date, date]] = []
    for from_on, to_on, status, stage in conn.execute(q["of_lead"], {"lead": lead}).fetchall():
        if status not in (Status.OPEN, Status.ON_HOLD):
            continue
        began = stays.pop()[1] if stays and stays[-1][0] is STAGES[stage - 1] and stays[-1][2] == from_on else from_on
        stays.append((STAGES[stage - 1], began, to_on))
    return [
        StageDays(stage, from_on, None if to_on == date.max else to_on, (min(to_on, today) - from_on).days)
        for stage, from_on, to_on in stays
    ]
