"""The log of readings: who looked at or took out what, when, and on which position it rested. Chained, append-only."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from crm.access import PUBLIC, SYSTEM, Viewer, rule
from crm.chain import GENESIS, digest, microseconds
from domain.person import Role
from projections.paging import COUNTED_AT_MOST, Page, Totals, paged, place
from projections.sql import Queries, direction

q = Queries(__file__)

TAKES_OUT: Final = frozenset(
    {
        "leads.export",
        "funnel.export",
        "import.failed_rows",
        "lead.document",
        "lead.export",
        "meeting.figures",
        "meeting.pack",
        "audit.bundle",
        "audit.event.proof",
        "audit.checkpoints.file",
    }
)
"""Routes by which something leaves the house as a file: recorded whoever asks. So is every other `….export`."""

_MEASURED = frozenset({"metrics"})
"""What machines ask every few seconds, and which names nobody."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 5000


class Reading(NamedTuple):
    """One reading. `route` is the name of the page or of the API's operation, `subject` the record it was about."""

    position: int
    recorded_at: datetime
    person: UUID
    role: str
    route: str
    subject: UUID | None
    rested_on: int
    hash: bytes


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is asked for; None leaves it open. `routes`: any of these names; moments from, and before."""

    person: UUID | None = None
    subject: UUID | None = None
    routes: Sequence[str] | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None


ALL = Filters()


def takes_out(route: str) -> bool:
    """Whether the route of that name hands out a file; the command line hands out nothing else."""
    name = route.removeprefix("api.")
    return name in TAKES_OUT or name.endswith(".export") or name.startswith("cli.")


def due(route: str, viewer: Viewer, *, reads: bool) -> bool:
    """Whether what is asked for is written down: all that is read as an auditor, and every file, whoever takes it."""
    if rule(route) == PUBLIC or route in _MEASURED:
        return False
    return takes_out(route) or (reads and viewer.acting is Role.AUDITOR)


def append(
    conn: Connection[Any], viewer: Viewer, route: str, subject: UUID | None = None, rested_on: int | None = None
) -> int:
    """Write one reading down, in the caller's transaction; its position.

    It rested on what the read models had come to, or on the position `rested_on` of a replay.
    """
    return _append(conn, viewer.id, viewer.acting, route, subject, rested_on)


def append_command(conn: Connection[Any], command: str, subject: UUID | None, rested_on: int) -> int:
    """The same for something taken out by the command line, as which nobody is known: `cli.<command>`, by the system."""
    return _append(conn, SYSTEM, "system", f"cli.{command}", subject, rested_on)


def _append(
    conn: Connection[Any], person: UUID, role: str, route: str, subject: UUID | None, rested_on: int | None
) -> int:
    values = {"person": person, "role": str(role), "route": route, "subject": subject, "rested_on": rested_on}
    row = conn.execute(q["append"], values, prepare=True).fetchone()
    return int(row[0]) if row else 0


def stream_at(conn: Connection[Any], position: int | None) -> UUID | None:
    """The record that the event at a position belongs to."""
    row = None if position is None else conn.execute(q["stream_of"], {"position": position}).fetchone()
    return row[0] if row else None


def link(prev: bytes, row: Reading) -> bytes:
    """The hash of `row`, chained to the one before. The same as `append_reading` computes; written down there."""
    return digest(
        prev,
        row.position.to_bytes(8, "big"),
        microseconds(row.recorded_at),
        row.person.bytes,
        row.role.encode(),
        row.route.encode(),
        row.subject.bytes if row.subject else b"",
        row.rested_on.to_bytes(8, "big", signed=True),
    )


def check(conn: Connection[Any]) -> int | None:
    """The first position at which the log is not what was written; None where all of it is.

    Every hash is computed anew; a tail that is gone shows at the head, one position after the last that is there.
    """
    before, at, moment = GENESIS, 0, _EPOCH
    for row in _all(conn):
        if row.position != at + 1 or row.recorded_at < moment or link(before, row) != row.hash:
            return at + 1
        before, at, moment = row.hash, row.position, row.recorded_at
    kept = conn.execute(q["head"]).fetchone()
    return None if kept == (at, before) else at + 1


def _all(conn: Connection[Any]) -> Iterator[Reading]:
    at = 0
    while rows := conn.execute(q["after"], {"at": at, "limit": _AT_ONCE}, prepare=True).fetchall():
        yield from map(Reading._make, rows)
        at = rows[-1][0]


# ── looking at it ───────────────────────────────────────────────────────────────────────────────────────────────────


def listed(
    conn: Connection[Any],
    filters: Filters = ALL,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[Reading]:
    """A page of readings, latest first. Raises BadCursor."""
    (at,) = place(before if before is not None else after, ("int",))
    query = q["listed"].format(asked=q["asked"], **direction(down=before is None))
    rows = conn.execute(query, {**asdict(filters), "at": at, "limit": limit + 1}, prepare=False).fetchall()
    return paged(rows, limit, 1, Reading._make, after=after, before=before)


def counted(conn: Connection[Any], filters: Filters = ALL) -> Totals:
    """How many readings match, counted up to a bound."""
    values = {**asdict(filters), "most": COUNTED_AT_MOST + 1}
    (count,) = conn.execute(q["counted"].format(asked=q["asked"]), values, prepare=False).fetchone() or (0,)
    return Totals(min(count, COUNTED_AT_MOST), 0, more=count > COUNTED_AT_MOST)


def readers(conn: Connection[Any]) -> list[UUID]:
    """Everybody of whom there is a reading, the last to read first."""
    return [person for person, _ in conn.execute(q["readers"]).fetchall()]
