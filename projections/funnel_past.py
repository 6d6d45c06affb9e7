"""How far back the funnel goes, since when it is recorded, and how many leads count otherwise as known then than today."""

from datetime import date, datetime
from typing import Any, Final

from psycopg import Connection, sql

from projections.changes import Point, asked, learned_late, settled
from projections.funnel_asked import ALL, FunnelFilters, holds
from projections.funnel_asked import q as of_funnel
from projections.paging import EVERYTHING, Scope, Totals
from projections.sql import Queries, Query

q = Queries(__file__)
APART_AT_MOST: Final = 1_000
"""So many leads are counted at most where two clocks are compared beside a funnel: what lies years apart is most of them."""


def first_day(conn: Connection[Any]) -> date | None:
    """The day of the first registration, as known now; None where there is none."""
    row = conn.execute(q["first_day"], prepare=True).fetchone()
    return date.fromordinal(row[0]) if row else None


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
) -> Totals:
    """How many leads count otherwise at the end of `as_at` as known at position `known_at` than as known now.

    They are counted up to APART_AT_MOST, and no amount is given.
    """
    then, now = settled(conn, Point(as_at, known_at)), Point(as_at)
    if then == now:
        return Totals(0, 0)
    values = {**asked(conn, then, now, filters, scope), "most": APART_AT_MOST + 1}
    row = conn.execute(_apart(conn, then, now, group_by), values, prepare=False).fetchone()
    found = int(row[0]) if row else 0
    return Totals(min(found, APART_AT_MOST), 0, found > APART_AT_MOST)


def _apart(conn: Connection[Any], then: Point, now: Point, group_by: str) -> Query:
    late = learned_late(conn, then, now)
    parts = {"seen": of_funnel["seen"], "asked": of_funnel["asked"]}
    return q["apart"].format(
        changed=q["anyone"]
        if late is None
        else q["anyone_of"].format(
            turned=late, of_lead=of_funnel["all_of_lead"].format(lead=sql.Identifier("t", "lead"))
        ),
        place=q["place"].format(group=of_funnel[f"group_{group_by}"], **parts),
        holds=holds("new_day", "new_known", now=True),
        held=holds("old_day", "old_known"),
        **parts,
    )
