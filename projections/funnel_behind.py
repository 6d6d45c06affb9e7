"""The leads behind one number of a funnel."""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.funnel import STAGES, Stage, Status
from projections.funnel_asked import ALL, FunnelFilters, parameters, q, standing
from projections.paging import EVERYTHING, Page, Scope, paged, place
from projections.sql import direction


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
        standing=standing(known_at),
        cell=q["cell"].format(group=q[f"group_{cell.group_by}"] if grouped else q["group_none"]),
        **direction(down=before is None),
    )
    values = {
        **parameters(conn, as_at, known_at, _narrowed(filters, cell), scope),
        **measured(cell),
        "cell_key": (cell.key or None) if grouped else None,
        "key": registered_on,
        "id": lead,
        "limit": limit + 1,
    }
    rows = conn.execute(query, values, prepare=False).fetchall()
    return paged(rows, limit, 2, _lead, after=after, before=before)


def _narrowed(filters: FunnelFilters, cell: Cell) -> FunnelFilters:
    """The filters with the cell's group among them, so that an index can serve it."""
    if cell.group_by not in ("channel", "occasion", "owner") or not cell.key or cell.group_by in filters.given():
        return filters
    narrowed: dict[str, Any] = {cell.group_by: UUID(cell.key)}
    return replace(filters, **narrowed)


_STATUSES = {"standing": Status.OPEN, "on_hold": Status.ON_HOLD, "lost": Status.LOST, "merged": Status.MERGED}


def measured(cell: Cell) -> dict[str, Any]:
    """What a cell counts, as parameters: cell_status, cell_stage (an order), cell_reached (at least that order)."""
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
