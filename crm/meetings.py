"""Pinning a meeting to what is known now, and putting its figures together again whenever somebody looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.base import Refused
from domain.meeting import PinMeeting, Pinned
from projections import meetings, pack
from projections.meetings import MeetingRow
from projections.pack import Basis, Document

BEHIND = Refused(
    "meeting.updating",
    "数据正在更新，请稍后再固定。",
    "Figures are being updated; pin the meeting in a moment.",
)
STOPPED = Refused(
    "meeting.stopped",
    "漏斗数据已停止更新，暂时不能固定会议，请联系管理员。",
    "The funnel is no longer brought up to date, so no meeting can be pinned; tell an administrator.",
)


class Regenerated(NamedTuple):
    """A meeting's figures put together again; `agrees`: they are, byte for byte, those that lay on the table."""

    document: Document
    digest: str
    agrees: bool


def rests_on(pool: ConnectionPool[Any], form: PinMeeting, head: int) -> Pinned:
    """What a meeting pinned now rests on; the figures take in every record up to `head`. Raises Refused."""
    with pool.connection() as conn, one_state(conn):
        position = meetings.ready(conn)
        if position is None:
            raise STOPPED
        if position < head:
            raise BEHIND
        before = meetings.preceding(conn, form.as_at, position)
        basis = Basis(form.name, form.as_at, position, before.id if before else None)
        figures = pack.digest(pack.put_together(conn, basis))
    return Pinned(known_at=position, edition=basis.edition, figures=figures, previous=basis.previous)


def again(conn: Connection[Any], row: MeetingRow) -> Regenerated | None:
    """The figures of a meeting, in one state of the read models; None while these have not come to its position."""
    position = meetings.ready(conn)
    if position is None or position < row.known_at:
        return None
    document = pack.put_together(conn, basis_of(row))
    digest = pack.digest(document)
    return Regenerated(document, digest, digest == row.figures)


def basis_of(row: MeetingRow) -> Basis:
    """What the figures of a meeting rest on."""
    return Basis(row.pinned_as, row.as_at, row.known_at, row.previous, row.edition)


@contextmanager
def one_state(conn: Connection[Any]) -> Iterator[None]:
    """Every query inside sees the same state of the read models."""
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
