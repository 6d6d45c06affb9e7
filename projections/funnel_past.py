"""How far back the funnel goes, since when it is recorded, and how many leads count otherwise as known then than today."""

from datetime import date, datetime
from typing import Any

from psycopg import Connection

from projections.changes import Point, asked
from projections.changes import q as of_changes
from projections.funnel_asked import ALL, FunnelFilters
from projections.funnel_asked import q as of_funnel
from projections.paging import EVERYTHING, Scope
from projections.sql import Queries

q = Queries(__file__)


def first_day(conn: Connection[Any]) -> date | None:
    """The day of the first registration, as known now; None where there is none."""
    row = conn.execute(q["first_day"]).fetchone()
    return row[0] if row else None


def recorded_since(conn: Connection[Any]) -> datetime | None:
    """When the first event was recorded: before that moment nothing was known."""
    row = conn.execute(q["recorded_since"]).fetchone()
    return row[0] if row else None


def apart(
    conn: Connection[Any],
    as_at: date | None,
    known_at: int,
    *,
    group_by: str = "none",
    filters: FunnelFilters = ALL,
    scope: Scope = EVERYTHING,
) -> int:
    """How many leads count otherwise at the end of `as_at` as known at position `known_at` than as known now."""
    parts = {"group": of_funnel[f"group_{group_by}"], "seen": of_funnel["seen"], "asked": of_funnel["asked"]}
    moved = of_changes["moved"].format(cause=of_changes["no_cause"], **parts)
    values = asked(conn, Point(as_at, known_at), Point(as_at), filters, scope)
    row = conn.execute(q["apart"].format(moved=moved), values, prepare=False).fetchone()
    return int(row[0]) if row else 0
