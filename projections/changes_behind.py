"""The leads behind one number of a comparison, and the events by which it was learned."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeVar, get_args
from uuid import UUID

from psycopg import Connection

from domain.funnel import STAGES, Stage
from projections.changes import Move, Point, Side, asked, learned, moved, q, settled
from projections.funnel import Cell, FunnelFilters
from projections.funnel_asked import ALL
from projections.funnel_behind import measured
from projections.paging import EVERYTHING, Page, Scope, Totals, paged, place
from projections.sql import direction
from projections.stored import Recorded

K = TypeVar("K", bound=Hashable)

SideName = Literal["came", "left", "stayed"]
"""Into the cell, out of it; or in it at both points, worth something else."""
SIDES: Final[tuple[str, ...]] = get_args(SideName)


class Slot(NamedTuple):
    """One number of a comparison: a cell of the funnel and whether leads came into it or left it, by kind and by cause.

    Without a side: whatever came, left, or differs within it.
    """

    cell: Cell = Cell("registered")
    side: str | None = None
    kind: str | None = None
    cause: str | None = None


class Place(NamedTuple):
    """All that the funnel held of the lead at one of the points. `since`: it stood so from that day on."""

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


class Changed(NamedTuple):
    """A lead that moved, under its present name. `had`, `has`: whether it was counted, and is.

    A place is None where there was none, or where the lead was beyond the asker's scope.
    """

    id: UUID
    company: str | None
    kind: str
    cause: str | None
    revalued: bool
    had: bool
    has: bool
    before: Place | None
    after: Place | None

    @property
    def differs(self) -> list[str]:
        """The names of what differs between both places: "stage", "owner" …"""
        if self.before is None or self.after is None:
            return []
        return [name for name in Place._fields[:-1] if getattr(self.before, name) != getattr(self.after, name)]


class Learned(NamedTuple):
    """An event that changed the place of `lead`, and how: status, stage and amount before and after (None: none)."""

    lead: UUID
    before: tuple[str, Stage | None, int] | None
    after: tuple[str, Stage | None, int] | None
    event: Recorded


def leads(
    conn: Connection[Any],
    old: Point,
    new: Point,
    slot: Slot = Slot(),  # noqa: B008 - a value
    *,
    filters: FunnelFilters = ALL,
    scope: Scope = EVERYTHING,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[Changed]:
    """A page of the leads that moved, newest registration first. Raises BadCursor, KeyError, ValueError."""
    registered_on, lead = place(before if before is not None else after, ("date", "uuid"))
    old, new = settled(conn, old), settled(conn, new)
    query = q["listed"].format(
        moved=moved(conn, old, new, slot.cell.group_by),
        before=q["before"],
        after=q["after"],
        **direction(down=before is None),
    )
    values = {
        **asked(conn, old, new, filters, scope),
        **measured(slot.cell),
        "cell_grouped": slot.cell.group_by != "none" and slot.cell.key is not None,
        "cell_key": slot.cell.key or None,
        "side": slot.side,
        "kind_of_move": slot.kind,
        "cause": slot.cause,
        "key": registered_on,
        "id": lead,
        "limit": limit + 1,
    }
    rows = conn.execute(query, values, prepare=False).fetchall()
    return paged(rows, limit, 2, _changed, after=after, before=before)


def _changed(row: tuple[Any, ...]) -> Changed:
    before, after = row[5:19], row[19:33]
    return Changed._make((*row[:5], before[0], after[0], _place(before[1:]), _place(after[1:])))


def _place(row: tuple[Any, ...]) -> Place | None:
    seen, status, stage, reached, *rest = row
    return Place(status, _stage(stage), _stage(reached), *rest) if seen else None


def _stage(order: int | None) -> Stage | None:
    return STAGES[order - 1] if order else None


def because(
    conn: Connection[Any],
    old: Point,
    new: Point,
    ids: Collection[UUID],
    *,
    group_by: str = "none",
    filters: FunnelFilters = ALL,
    scope: Scope = EVERYTHING,
) -> dict[UUID, list[Learned]]:
    """For each lead the events, recorded after the old position and up to the new one, that changed how it is counted
    on the new point's day: in order, each from where the one before led to.
    """
    old, new = settled(conn, old), settled(conn, new)
    found: dict[UUID, list[Learned]] = defaultdict(list)
    query = q["because"].format(learned=learned(group_by, q["those_named"]))
    values = {**asked(conn, old, new, filters, scope), "leads": list(ids)}
    for lead, *row in conn.execute(query, values, prepare=False).fetchall() if ids else ():
        found[lead].append(Learned(lead, _short(row[:3]), _short(row[3:6]), Recorded._make(row[6:])))
    return found


def _short(row: list[Any]) -> tuple[str, Stage | None, int] | None:
    status, stage, fen = row
    return None if status is None else (status, _stage(stage), fen)


# ── the same numbers, from the moves ────────────────────────────────────────────────────────────────────────────────


def tally(moves: Iterable[Move], slot: Slot) -> Totals:
    """How many leads that number counts, and by how much they change what the cell is worth."""
    found = tallies(moves, slot, lambda _move: None)
    return found.get(None, Totals(0, 0))


def tallies(moves: Iterable[Move], slot: Slot, by: Callable[[Move], K]) -> dict[K, Totals]:
    """The same, split by something that is asked of each move."""
    found: dict[K, Totals] = {}
    for move in moves:
        if counts(move, slot):
            after, before = holds(slot.cell, move.after), holds(slot.cell, move.before)
            had, worth = found.get(by(move), Totals(0, 0)), after * move.after_fen - before * move.before_fen
            found[by(move)] = Totals(had.count + move.leads, had.amount_fen + worth)
    return found


def ungrouped(moves: Iterable[Move]) -> list[Move]:
    """The moves once more, whatever the groups: with a grouping by owner they are many, in the figures of all few."""
    found: dict[tuple[Any, ...], Move] = {}
    for move in moves:
        bare = move._replace(before=_unkeyed(move.before), after=_unkeyed(move.after))
        same = (bare.kind, bare.cause, bare.before, bare.after, bare.revalued)
        had = found.get(same)
        found[same] = bare if had is None else _together(had, bare)
    return list(found.values())


def _unkeyed(side: Side | None) -> Side | None:
    return side and side._replace(key=None)


def _together(one: Move, other: Move) -> Move:
    return one._replace(
        leads=one.leads + other.leads,
        before_fen=one.before_fen + other.before_fen,
        after_fen=one.after_fen + other.after_fen,
    )


def counts(move: Move, slot: Slot) -> bool:
    """Whether the move is among those that the slot counts."""
    if slot.kind not in (None, move.kind) or slot.cause not in (None, move.cause):
        return False
    before, after = holds(slot.cell, move.before), holds(slot.cell, move.after)
    match slot.side:
        case "came":
            return after and not before
        case "left":
            return before and not after
        case "stayed":
            return before and after and move.revalued
    return before or after


def holds(cell: Cell, side: Side | None) -> bool:
    """Whether a lead counted so is counted in the cell."""
    if side is None:
        return False
    wanted = _wanted(cell)
    grouped = cell.group_by != "none" and cell.key is not None
    return (
        wanted["cell_status"] in (None, side.status)
        and wanted["cell_stage"] in (None, side.stage)
        and side.reached >= (wanted["cell_reached"] or 0)
        and (not grouped or side.key == (cell.key or None))
    )


_wanted = lru_cache(maxsize=512)(measured)
