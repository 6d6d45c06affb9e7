"""Where the two points of a comparison lie in the ledger, and the comparison itself, in one state of the read models."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection

from crm.application import CRM
from projections import changes, engine, funnel
from projections.changes import Comparison, Move, Point
from projections.changes_behind import ungrouped
from projections.paging import Scope
from web.pages.comparison_question import Asked


class Leg(NamedTuple):
    """One step of a comparison. `part`: "learned" of one and the same day, or "happened" from a day to the other."""

    part: str
    old: Point
    new: Point


class Compared(NamedTuple):
    """A step and what it came to; `moves` are those of all groups together."""

    leg: Leg
    found: Comparison
    moves: list[Move]


class Looked(NamedTuple):
    """A connection that sees one state, the steps, the position reached, and whether that was far enough."""

    conn: Connection[Any]
    legs: list[Leg]
    reached: int
    caught_up: bool

    @property
    def position(self) -> int:
        """What the comparison rests on: the last position known at the later point, as far as that is reached."""
        known = self.legs[-1].new.known_at
        return self.reached if known is None else min(known, self.reached)


@contextmanager
def looking(crm: CRM, asked: Asked) -> Iterator[Looked]:
    """Open the read models for a comparison, once they have come to the positions it asks for or half a second is over."""
    with crm.pool.connection() as conn:
        old, new = _position(conn, asked.old_known), _position(conn, asked.new_known)
    caught_up = crm.wait(max(old or 0, new or 0))
    with crm.pool.connection() as conn, conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield Looked(conn, _legs(asked, old, new), engine.reached(conn), caught_up)


def _position(conn: Connection[Any], moment: datetime | None) -> int | None:
    return None if moment is None else funnel.position_at(conn, moment)


def _legs(asked: Asked, old: int | None, new: int | None) -> list[Leg]:
    first, between, last = Point(asked.old_day, old), Point(asked.old_day, new), Point(asked.new_day, new)
    learned = Leg("learned", first, between)
    return [learned] if asked.page == "restatements" else [learned, Leg("happened", between, last)]


def compared(looked: Looked, asked: Asked, scope: Scope) -> list[Compared]:
    """Every step with what it came to; each begins where the one before ended."""
    options: dict[str, Any] = {"group_by": asked.group_by, "filters": asked.question.filters, "scope": scope}
    first, last = looked.legs[0].old, looked.legs[-1].new
    found = (
        [changes.compare(looked.conn, first, last, **options)]
        if len(looked.legs) == 1
        else changes.since(looked.conn, first, last, **options)
    )
    return [Compared(leg, one, ungrouped(one.moves)) for leg, one in zip(looked.legs, found, strict=True)]
