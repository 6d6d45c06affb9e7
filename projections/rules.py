"""The district's rules, version by version: what is in force on a day, as known at a position."""

from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.base import REPLAY
from domain.district import RulesSet
from domain.rules import Rules
from projections.batch import Batch
from projections.changes import Point
from projections.engine import ReadModel
from projections.sql import Queries
from projections.target import Target

q = Queries(__file__)


class Version(NamedTuple):
    """Rules as set: the number of the setting, its place in the ledger, from which day it is in force, by whom."""

    position: int
    version: int
    from_on: date | None
    recorded_at: datetime | None
    actor: UUID | None
    rules: Rules


USUAL = Version(0, 0, None, None, None, Rules())
"""What is in force before anything was set."""


class RulesVersions(ReadModel):
    name: ClassVar[str] = "rules"
    sql: ClassVar[Queries] = q

    def project(self, target: Target, batch: Batch) -> None:
        target.put(
            "rules_version",
            [
                (row.position, row.version, row.occurred_on, row.recorded_at, row.actor, event.rules.model_dump_json())
                for row, event in batch.events("district")
                if isinstance(event, RulesSet)
            ],
        )


def in_force(conn: Connection[Any], point: Point) -> Version:
    """The rules in force at the end of that day, as known then."""
    row = conn.execute(q["in_force"], {"day": point.as_at, "known_at": point.known_at}).fetchone()
    return _version(row) if row else USUAL


def listed(conn: Connection[Any], *, before: int | None = None, limit: int = 50) -> list[Version]:
    """The versions, the latest set first; `before`: only those set before that one."""
    return [_version(row) for row in conn.execute(q["listed"], {"before": before, "limit": limit}).fetchall()]


def _version(row: tuple[Any, ...]) -> Version:
    return Version._make((*row[:-1], Rules.model_validate_json(row[-1], context=REPLAY)))
