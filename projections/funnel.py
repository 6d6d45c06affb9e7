"""The funnel of any day, as known at any position: its figures by any grouping, and the leads behind each of them.

How the intervals and daily movements it is read from come about: `funnel_rows`.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.funnel import STAGES, Stage, Status
from projections import channels
from projections.funnel_figures import BANDS, Figures, Group, band_of
from projections.paging import EVERYTHING, Page, Scope, Totals, paged, place
from projections.sql import Queries, Query, direction

__all__ = [
    "BANDS", "GROUPS", "Cell", "Figures", "Funnel", "FunnelFilters", "FunnelLead", "Group", "StageDays", "band_of",
    "behind", "count", "funnel", "position_at", "stage_days",
]  # fmt: skip

q = Queries(__file__)

GROUPS: Final = ("none", "kind", "channel", "occasion", "country", "region", "industry", "owner", "month", "band")
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


class Funnel(NamedTuple):
    """The answer, and the position of the ledger it rests on."""

    groups: list[Group]
    total: Group
    position: int


class Cell(NamedTuple):
    """One number of a funnel: what it counts, of which stage, in which group (a `key` of None or "": those without)."""

    measure: str
    stage: str | None = None
    group_by: str = "none"
    key: str | None = None


class FunnelLead(NamedTuple):
    """A lead as it was in that fold, under its present name. `since`: it has stood so from that day on."""

    id: UUID
    company: str | None
    status: str
    stage: Stage | None
    reached: Stage | None
    amount_fen: int
    channel: UUID
    occasion: UUID | None
    owner: UUID | None
    country: str
    region: str | None
    industry: str
    registered_on: date
    since: date


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
    dimension = _dimension(group_by, filters) if known_at is None and scope.all else None
    if dimension is None:
        query = q["of_intervals"].format(group=q[f"group_{group_by}"], standing=q["standing"])
        values = _parameters(conn, as_at, known_at, filters, scope)
    else:
        query = q["of_days"].format(group=_daily_group(group_by))
        values = _daily_parameters(dimension, as_at, filters)
    (*_, position, _), *rows = conn.execute(query, values, prepare=False).fetchall() or [(0, 0)]
    return _counted(rows, position if known_at is None else known_at)


def _counted(rows: Iterable[tuple[Any, ...]], position: int) -> Funnel:
    groups: dict[str | None, Group] = {}
    total = Group(None)
    for key, status, stage, reached, leads, amount_fen in rows:
        for group in (groups.setdefault(key, Group(key)), total):
            group.add(status, stage, reached, int(leads), int(amount_fen))
    return Funnel([group for group in groups.values() if group.registered], total, position)


def _dimension(group_by: str, filters: FunnelFilters) -> str | None:
    """The dimension whose daily movements answer the question; None where it takes several."""
    named = {"channel" if name == "kind" else name for name in (group_by, *filters.given()) if name != "none"}
    return named.pop() if len(named) == 1 else None if named else "none"


def _daily_group(group_by: str) -> Query:
    return q[{"none": "group_none", "kind": "daily_kind"}.get(group_by, "daily_key")]


def _daily_parameters(dimension: str, as_at: date | None, filters: FunnelFilters) -> dict[str, Any]:
    keys = [str(value) for name, value in filters.given().items() if name != "kind"]
    return {
        "dimension": dimension,
        "as_at": as_at or TODAY_AND_LATER,
        "key": keys[0] if keys else None,
        "kind": filters.kind,
    }


def _parameters(
    conn: Connection[Any], as_at: date | None, known_at: int | None, filters: FunnelFilters, scope: Scope
) -> dict[str, Any]:
    month = None if filters.month is None else date.fromisoformat(f"{filters.month}-01")
    band = None if filters.band is None else int(filters.band)
    return {
        **asdict(filters),
        **scope.parameters,
        "kind": None if filters.kind is None else channels.of_kind(conn, filters.kind),
        "as_at": as_at or TODAY_AND_LATER,
        "known_at": NOW if known_at is None else known_at,
        "month_from": month,
        "month_to": month and date(month.year + month.month // 12, month.month % 12 + 1, 1),
        "amount_from": None if band is None else (0, *BANDS)[band],
        "amount_to": None if band is None else (*BANDS, None)[band],
        "bands": list(BANDS),
    }


# ── the leads behind a figure ───────────────────────────────────────────────────────────────────────────────────────


def behind(
    conn: Connection[Any],
    cell: Cell,
    *,
    as_at: date | None = None,
    known_at: int | None = None,
    filters: FunnelFilters = ALL,
    scope: Scope = EVERYTHING,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[FunnelLead]:
    """A page of the leads that one number counts, newest registration first. Raises BadCursor, KeyError, ValueError."""
    registered_on, lead = place(before if before is not None else after, ("date", "uuid"))
    grouped = cell.group_by != "none"
    query = q["behind"].format(
        standing=q["standing"],
        cell=q["cell"].format(group=q[f"group_{cell.group_by}"] if grouped else q["group_none"]),
        **direction(down=before is None),
    )
    values = {
        **_parameters(conn, as_at, known_at, _narrowed(filters, cell), scope),
        **_measured(cell),
        "cell_key": (cell.key or None) if grouped else None,
        "key": registered_on,
        "id": lead,
        "limit": limit + 1,
    }
    rows = conn.execute(query, values, prepare=False).fetchall()
    return paged(rows, limit, 2, _lead, after=after, before=before)


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


def _narrowed(filters: FunnelFilters, cell: Cell) -> FunnelFilters:
    """The filters with the cell's group among them, so that an index can serve it."""
    if cell.group_by not in ("channel", "occasion", "owner") or not cell.key or cell.group_by in filters.given():
        return filters
    narrowed: dict[str, Any] = {cell.group_by: UUID(cell.key)}
    return replace(filters, **narrowed)


_STATUSES = {"standing": Status.OPEN, "on_hold": Status.ON_HOLD, "lost": Status.LOST, "merged": Status.MERGED}


def _measured(cell: Cell) -> dict[str, Any]:
    stage = Stage(cell.stage).order if cell.stage else None
    status = _STATUSES.get(cell.measure)
    reached = (stage or 1) if cell.measure == "reached" else None
    return {
        "cell_status": status and str(status),
        "cell_stage": stage if cell.measure in ("standing", "on_hold", "lost") else None,
        "cell_reached": reached,
    }


def _lead(row: tuple[Any, ...]) -> FunnelLead:
    found = FunnelLead._make(row)
    stages: list[Stage | None] = [None, *STAGES]
    return found._replace(stage=stages[row[3]], reached=stages[row[4]])


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
