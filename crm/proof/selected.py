"""Which events an audit bundle is about: one lead with those merged with it, what was recorded in some days, or all."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from psycopg import Connection
from pydantic_core import from_json

from crm.chain import GENESIS
from crm.clock import SHANGHAI
from crm.command import Unknown
from domain.base import Refused
from domain.lead.status import LeadAbsorbed, LeadMerged
from projections.funnel import position_at
from projections.stored import Recorded, read

PAGE = 5000
MERGERS = {LeadMerged.TOPIC: "into", LeadAbsorbed.TOPIC: "absorbed"}

Linked = tuple[Recorded, bytes]
"""An event, and the hash it is chained to."""


class Selected(NamedTuple):
    """What was chosen (`said` goes into the bundle), the first and last position, and how its events are read, in order."""

    kind: Literal["lead", "recorded", "whole"]
    said: dict[str, Any]
    first: int
    last: int
    rows: Callable[[], Iterator[Linked]]


def of_lead(conn: Connection[Any], lead: UUID, until: int) -> Selected:
    """The lead's events and those of every lead ever merged with it. Raises Unknown."""
    leads = _merged_with(conn, lead, until)
    found = conn.execute(_ENDS, (list(leads), until)).fetchone()
    if found is None or found[0] is None:
        raise Unknown(Unknown.text.en)
    said = {"kind": "lead", "lead": str(lead), "leads": sorted(map(str, leads))}

    def rows() -> Iterator[Linked]:
        with conn.transaction(), conn.cursor("bundle", binary=True) as cursor:
            for *row, previous in cursor.execute(_LEADS, (list(leads), until)):
                yield Recorded._make(row), previous or GENESIS

    return Selected("lead", said, found[0], found[1], rows)


def recorded(conn: Connection[Any], from_: date | None, to: date | None, until: int) -> Selected:
    """What was recorded from the beginning of one day to the end of another (Asia/Shanghai). Refused where that is nothing."""
    first = position_at(conn, _begins(from_) - timedelta(microseconds=1)) + 1 if from_ else 1
    last = min(until, position_at(conn, _begins(to + timedelta(days=1)) - timedelta(microseconds=1)) if to else until)
    if first > last:
        raise Refused(
            "bundle.empty",
            "这些日期里没有检查点覆盖到的记录。",
            "Nothing that a checkpoint covers was recorded in those days.",
        )
    said = {"kind": "recorded", "from": from_ and from_.isoformat(), "to": to and to.isoformat()}
    return Selected("recorded", said, first, last, lambda: _run(conn, first, last))


def whole(conn: Connection[Any], until: int) -> Selected:
    return Selected("whole", {"kind": "whole"}, 1, until, lambda: _run(conn, 1, until))


def _run(conn: Connection[Any], first: int, last: int) -> Iterator[Linked]:
    before = conn.execute("SELECT hash FROM event WHERE position = %s", (first - 1,)).fetchone()
    previous, at = before[0] if before else GENESIS, first - 1
    while at < last and (page := read(conn, at, min(PAGE, last - at))):
        for row in page:
            yield row, previous
            previous = row.hash
        at = page[-1].position


def _merged_with(conn: Connection[Any], lead: UUID, until: int) -> set[UUID]:
    found, new = {lead}, {lead}
    while new:
        told = conn.execute(_MERGERS, (list(new), list(MERGERS), until)).fetchall()
        new = {UUID(from_json(data)[MERGERS[topic]]) for topic, data in told} - found
        found |= new
    return found


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


_ENDS = (
    "SELECT min(position), max(position) FROM event WHERE stream = ANY (%s) AND topic LIKE 'lead.%%' AND position <= %s"
)
_MERGERS = "SELECT topic, data FROM event WHERE stream = ANY (%s) AND topic = ANY (%s) AND position <= %s"
_LEADS = (
    "SELECT e.position, e.stream, e.version, e.topic, e.schema, e.occurred_on, e.recorded_at, e.actor, e.role, e.command, "
    "e.origin, e.data, e.hash, p.hash FROM event e LEFT JOIN event p ON p.position = e.position - 1 "
    "WHERE e.stream = ANY (%s) AND e.position <= %s ORDER BY e.position"
)
