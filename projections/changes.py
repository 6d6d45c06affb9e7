"""What differs between two points of the funnel, so that it always closes: old + what came − what left = new.

A point is a day and a position known. Each lead that counts otherwise at one point than at the other is one move, of
one kind; a lead that a filter takes in at one point only comes in or goes out, and is named so.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Literal, NamedTuple, get_args

from psycopg import Connection, sql

from domain.funnel import Status
from domain.lead.corrections import DateCorrected, DetailsCorrected, FactReinstated, FactRetracted
from domain.lead.status import LeadAbsorbed, LeadMerged, LeadReleased, LeadUnmerged
from projections import funnel
from projections.funnel import Funnel, FunnelFilters, Group
from projections.funnel_asked import ALL, NOW, TODAY_AND_LATER, holds, parameters
from projections.funnel_asked import q as of_funnel
from projections.funnel_summed import between, lagging, late, recorded_on
from projections.paging import EVERYTHING, Scope
from projections.sql import Queries, Query

q = Queries(__file__)

Kind = Literal[
    "entered", "advanced", "reopened", "resumed", "unmerged", "came_in", "fell_back", "held", "lost", "merged", "voided",
    "deferred", "went_out", "reached", "amount", "reattributed",
]  # fmt: skip
"""`held`: put on hold. `deferred`: its registration was corrected to a later day. `reached`: only how far it ever came
differs. `amount`, `reattributed`: nothing else does, but its amount, or the group it is counted in."""
KINDS: Final[tuple[str, ...]] = get_args(Kind)

Cause = Literal["late", "corrected", "retracted", "reinstated", "merged", "unmerged"]
"""What was learned of a lead: entered late; a fact's date or details corrected; …; the weightiest where it was several,
and of a voided one that it was retracted."""
CAUSES: Final[tuple[str, ...]] = get_args(Cause)


class Point(NamedTuple):
    """The end of a day (None: all that is known to happen), as known at a position (None: all that is known)."""

    as_at: date | None = None
    known_at: int | None = None


class Side(NamedTuple):
    """How a lead was counted at one of the points. `stage` and `reached` are orders, 0 for a merged lead."""

    status: str
    stage: int
    reached: int
    key: str | None


class Move(NamedTuple):
    """Leads that moved alike. A side is None where they are not counted there; the amounts are 0 then.

    `cause` says what was learned of them, where more was known at the new point; `revalued`: the amount differs too.
    """

    kind: str
    cause: str | None
    before: Side | None
    after: Side | None
    leads: int
    before_fen: int
    after_fen: int
    revalued: bool

    @property
    def amount_fen(self) -> int:
        """By how much what they are worth differs."""
        return self.after_fen - self.before_fen


class Comparison(NamedTuple):
    """The funnels of both points and every move between them, grouped as asked. `position`: what it rests on."""

    old: Funnel
    new: Funnel
    moves: list[Move]

    @property
    def position(self) -> int:
        return self.new.position


def compare(
    conn: Connection[Any],
    old: Point,
    new: Point,
    *,
    group_by: str = "none",
    filters: FunnelFilters = ALL,
    scope: Scope = EVERYTHING,
    after: Funnel | None = None,
    weighed: bool = False,
) -> Comparison:
    """What differs between `old` and a point that is no earlier, in day or in knowledge.

    Run it in a transaction of REPEATABLE READ: it asks more than once. `after`: the funnel of the new point, where it
    is known already. `weighed`: the cause of a voided lead is the weightiest too, as it once was. Raises ValueError for
    points in the wrong order, and as `funnel.funnel` does.
    """
    old, new = settled(conn, old), settled(conn, new)
    options: dict[str, Any] = {"group_by": group_by, "filters": filters, "scope": scope}
    between = moves(conn, old, new, **options, weighed=weighed)
    if after is None:
        after = funnel.funnel(conn, as_at=new.as_at, known_at=new.known_at, **options)
    return Comparison(_undone(after, between, old), after, between)


def moves(
    conn: Connection[Any],
    old: Point,
    new: Point,
    *,
    group_by: str = "none",
    filters: FunnelFilters = ALL,
    scope: Scope = EVERYTHING,
    weighed: bool = False,
) -> list[Move]:
    """Every move between both points, kind by kind, as `compare` has them."""
    old, new = settled(conn, old), settled(conn, new)
    query = q["moves"].format(moved=moved(conn, old, new, group_by, weighed=weighed))
    rows = conn.execute(query, asked(conn, old, new, filters, scope), prepare=False).fetchall()
    return sorted(map(_move, rows), key=_by_kind)


class Since(NamedTuple):
    """From one day, as known at its end, to a later one: first what was learned of the first day, then what happened."""

    learned: Comparison
    happened: Comparison

    @property
    def position(self) -> int:
        return self.happened.position


def since(conn: Connection[Any], old: Point, new: Point, **asked: Any) -> Since:
    """`compare` in two steps that meet at the old day as known at the new position; it takes the same."""
    between = Point(old.as_at, new.known_at)
    happened = compare(conn, between, new, **asked)
    return Since(compare(conn, old, between, **asked, after=happened.old), happened)


def settled(conn: Connection[Any], point: Point) -> Point:
    """The point with None for a position that is not behind what the projection has reached."""
    if point.known_at is None:
        return point
    row = conn.execute(q["reached"]).fetchone()
    return point if row is None or point.known_at < row[0] else point._replace(known_at=None)


def moved(conn: Connection[Any], old: Point, new: Point, group_by: str, *, weighed: bool = False) -> Query:
    """The leads that moved, as the table `moved` of a WITH clause; `weighed` as `compare` takes it."""
    learns = old.known_at != new.known_at
    cause = q["no_cause"] if not learns else q["weightiest"] if weighed else q["cause"]
    causes = q["causes"].format(learned=learned(group_by, q["those_moved"])) if learns else sql.SQL("")
    left, entered = _touched(conn, old, new)
    return q["moved"].format(
        held=holds("old_day", "old_known"), holds=holds("new_day", "new_known"), left=left, entered=entered,
        cause=cause, causes=causes, **_parts(group_by),
    )  # fmt: skip


def _touched(conn: Connection[Any], old: Point, new: Point) -> tuple[Query, Query]:
    """Which intervals can have been left, and which entered, between both points."""
    if old.known_at == new.known_at:
        return q["ended"], q["begun"]
    turned = learned_late(conn, old, new) or between("old_known", "new_known")
    if old.as_at != new.as_at:
        turned = sql.SQL(" ").join([turned, q["and_begun"]])
    learned_of = q["turned"].format(turned=turned, of_lead=_OF_LEAD)
    return learned_of, learned_of


def learned_late(conn: Connection[Any], old: Point, new: Point) -> Query | None:
    """The leads of which something was learned between both points, where all of it was recorded after the later day."""
    recorded = None if old.known_at is None else recorded_on(conn, old.known_at + 1)
    day = new.as_at or TODAY_AND_LATER
    return late("new_day", "old_known", "new_known") if recorded and recorded > day else None


def learned(group_by: str, those: Query) -> Query:
    """The events that changed the places of `those` leads on the later day, as a table."""
    return q["learned"].format(those=those, of_lead=_OF_LEAD, **_parts(group_by))


_OF_LEAD: Final = of_funnel["all_of_lead"].format(lead=sql.Identifier("t", "lead"))


def _parts(group_by: str) -> dict[str, Query]:
    return {"group": of_funnel[f"group_{group_by}"], "seen": of_funnel["seen"], "asked": of_funnel["asked"]}


def asked(conn: Connection[Any], old: Point, new: Point, filters: FunnelFilters, scope: Scope) -> dict[str, Any]:
    """The parameters of `moved`."""
    points: dict[str, Any] = {
        "old_day": old.as_at or TODAY_AND_LATER,
        "new_day": new.as_at or TODAY_AND_LATER,
        "old_known": NOW if old.known_at is None else old.known_at,
        "new_known": NOW if new.known_at is None else new.known_at,
    }
    if points["old_day"] > points["new_day"] or points["old_known"] > points["new_known"]:
        raise ValueError("a comparison goes from the earlier point to the later one")
    statuses = {status.value: status.value for status in (Status.MERGED, Status.LOST, Status.ON_HOLD)}
    return {
        **parameters(conn, None, None, filters, scope), **points, **statuses, **_TOPICS, **lagging(points["new_day"]),
    }  # fmt: skip


_TOPICS: Final[dict[str, Any]] = {
    "topics_merged": [LeadMerged.TOPIC, LeadAbsorbed.TOPIC],
    "topics_unmerged": [LeadUnmerged.TOPIC, LeadReleased.TOPIC],
    "topics_retracted": [FactRetracted.TOPIC],
    "topics_reinstated": [FactReinstated.TOPIC],
    "topics_corrected": [DateCorrected.TOPIC, DetailsCorrected.TOPIC],
}


def _move(row: tuple[Any, ...]) -> Move:
    kind, cause, revalued, had, *rest, leads, before_fen, after_fen = row
    before, has, after = rest[:4], rest[4], rest[5:]
    return Move(
        kind, cause,
        Side(*before) if had else None, Side(*after) if has else None,
        int(leads), int(before_fen) if had else 0, int(after_fen) if has else 0, revalued,
    )  # fmt: skip


def _by_kind(move: Move) -> tuple[Any, ...]:
    sides = [side[:3] if side else ("", 0, 0) for side in (move.before, move.after)]
    return KINDS.index(move.kind), sides, CAUSES.index(move.cause) if move.cause else 0


def _undone(after: Funnel, moves: Iterable[Move], old: Point) -> Funnel:
    """The funnel of the old point: the new one with every move taken back."""
    groups = {group.key: _copied(group) for group in after.groups}
    total = _copied(after.total)
    for move in moves:
        for side, sign, fen in ((move.before, 1, move.before_fen), (move.after, -1, move.after_fen)):
            if side is not None:
                for group in (groups.setdefault(side.key, Group(side.key)), total):
                    group.add(side.status, side.stage, side.reached, sign * move.leads, sign * fen)
    position = after.position if old.known_at is None else old.known_at
    return Funnel([group for group in groups.values() if group.registered], total, position)


def _copied(group: Group) -> Group:
    return Group(group.key, [type(figures)(**vars(figures)) for figures in group.stages], group.merged)
