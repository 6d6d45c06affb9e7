"""The funnel of a day as known at a position, added up from sums by one dimension.

One axis leads to the point asked for, or close to it; the leads that count otherwise there than where it leads to are
looked at one by one. Knowing that nothing is recorded before it happens keeps them few: as known at a position whose
own day has not passed the day asked for, it is what the last block of events changed; else what came late.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from psycopg import Connection, sql

from projections import channels
from projections.activity_days import SHANGHAI
from projections.funnel_asked import NOW, TODAY_AND_LATER, FunnelFilters, holds, parameters, q
from projections.funnel_sums import Axis, spans
from projections.paging import EVERYTHING
from projections.sql import Query

LAGS = range(1, date.max.toordinal().bit_length() + 1)

Asked = tuple[Query, dict[str, Any]]


def dimension(group_by: str, filters: FunnelFilters) -> str | None:
    """The dimension whose sums answer the question; None where it takes several."""
    named = {"channel" if name == "kind" else name for name in (group_by, *filters.given()) if name != "none"}
    return named.pop() if len(named) == 1 else None if named else "none"


def summed(
    conn: Connection[Any],
    dimension: str,
    as_at: date | None,
    known_at: int | None,
    group_by: str,
    filters: FunnelFilters,
) -> Asked:
    """The query, and its parameters."""
    values = parameters(conn, as_at, known_at, filters, EVERYTHING)
    keys = _keys(conn, dimension, filters)
    axis, past, turned, more = _way(conn, dimension, values["as_at"], known_at)
    bits, starts, ends = zip(*spans(axis, dimension, past), strict=True)
    query = q["of_sums"].format(
        keys=q["key_every" if keys is None else "key_given"],
        group=_group(group_by),
        kinds=q["sum_kinds"] if group_by == "kind" else sql.SQL(""),
        turned=_otherwise(group_by, turned) if turned else sql.SQL(""),
    )
    named = {"axis": axis, "dimension": dimension, "keys": keys, "bits": [*bits], "starts": [*starts], "ends": [*ends]}
    return query, {**values, **named, **more}


def _group(group_by: str) -> Query:
    return q[{"none": "group_none", "kind": "group_kind"}.get(group_by, "sum_key")]


def _otherwise(group_by: str, turned: Query) -> Query:
    return q["otherwise"].format(
        group=q[f"group_{group_by}"],
        turned=turned,
        of_lead=q["all_of_lead"].format(lead=sql.Identifier("t", "lead")),
        holds=holds("as_at", "known_at"),
        held=holds("summed_day", "summed_known"),
        asked=q["asked"],
    )


def _keys(conn: Connection[Any], dimension: str, filters: FunnelFilters) -> list[str] | None:
    """The keys that are asked for; None for all there are."""
    given = filters.given()
    if dimension == "none":
        return [""]
    if not given:
        return None
    of_kind = {str(one) for one in channels.of_kind(conn, filters.kind)} if filters.kind else None
    key = given.get(dimension)
    keys = of_kind or set() if key is None else {str(key)}
    return sorted(keys if of_kind is None else keys & of_kind)


def _way(
    conn: Connection[Any], dimension: str, day: date, known: int | None
) -> tuple[Axis, int, Query | None, dict[str, Any]]:
    """The axis, how far along it, the leads that count otherwise (None: none do), and what that takes to ask."""
    if known is None:
        return "day", day.toordinal() + 1, None, {}
    recorded = recorded_on(conn, known)
    if recorded is not None and recorded > day:
        return "day", day.toordinal() + 1, late("as_at", "known_at", "summed_known"), {
            "summed_day": day, "summed_known": NOW, **lagging(day),
        }  # fmt: skip
    *_, (bits, _, past) = spans("position", dimension, known + 1)
    turned = sql.SQL(" ").join([between("summed_known", "known_at"), ahead("as_at", "known_at")])
    return "position", known + 1, turned, {"summed_day": TODAY_AND_LATER, "summed_known": (past << bits) - 1}


# ── the leads that were learned something of ────────────────────────────────────────────────────────────────────────


def recorded_on(conn: Connection[Any], position: int) -> date | None:
    """The day in Shanghai on which the event at that position was recorded; None where there is none."""
    row = conn.execute(q["recorded_at"], {"position": position}, prepare=True).fetchone()
    return row[0].astimezone(SHANGHAI).date() if row else None


def late(day: str, after: str, until: str) -> Query:
    """Those of which something about a day or one before was learned, all of it after that day: by parameter names.

    It takes `lagging` too.
    """
    return q["turned_late"].format(**_placed(day=day, after=after, until=until))


def lagging(day: date) -> dict[str, Any]:
    """For each lag, the first day that can have been spoken of so late that it was after `day`."""
    first = [date.fromordinal(max(1, day.toordinal() - 2**lag + 2)) for lag in LAGS]
    return {"lags": [*LAGS], "lagging": first}


def between(after: str, until: str) -> Query:
    """Those of which anything was learned between two positions."""
    return q["turned"].format(**_placed(after=after, until=until))


def ahead(day: str, until: str) -> Query:
    """And those of which, by then, something was known of days still to come."""
    return q["turned_ahead"].format(**_placed(day=day, until=until))


def _placed(**names: str) -> Mapping[str, sql.Placeholder]:
    return {part: sql.Placeholder(name) for part, name in names.items()}
