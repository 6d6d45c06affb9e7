"""The tree over the ledger as it is now, grown from what was signed before: whatever is not its beginning is not signed over."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection

from crm.chain import GENESIS, link
from domain.base import Refused
from projections import tree
from projections.merkle import Frontier, frontier_at, inclusion, leaf_hash, verify_inclusion
from projections.stored import Recorded, read

PAGE = 5000

Progress = Callable[[int, int], None]
"""(events looked at, events in all)"""


class Claim(NamedTuple):
    """What was signed: the first `size` events have that root."""

    size: int
    root: bytes


class Grown(NamedTuple):
    """The whole ledger: how many events, their root, and the moment the last was recorded."""

    size: int
    root: bytes
    recorded_at: datetime


class NotAnExtension(Refused):
    """The ledger is not what was signed, grown. Nobody signs that."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(
            "checkpoint.refused",
            f"{zh}，不予签署。请运行 crm audit verify 查明；确系由较早的备份恢复或重新开始的，运行 crm audit rotate-key --start-over。",
            f"{en}, which is not signed. Run crm audit verify to find out more; after an older backup was restored or "
            "everything begun anew, run crm audit rotate-key --start-over.",
        )


class NothingToSign(Refused):
    """No event was ever recorded."""

    def __init__(self) -> None:
        super().__init__(
            "checkpoint.empty", "还没有任何记录，无可签署。", "Nothing was recorded yet, so there is nothing to sign."
        )


def grown(conn: Connection[Any], claims: Iterable[Claim], progress: Progress | None = None) -> Grown:
    """The ledger as it is now. All that came after the smallest claim is computed anew from the events themselves.

    Raises NotAnExtension when a claim does not hold, an event is not chained to the one before, or events are missing.
    """
    size, last_hash, recorded_at = conn.execute("SELECT position, hash, recorded_at FROM head").fetchone() or (
        0,
        b"",
        None,
    )
    if not size or recorded_at is None:
        raise NothingToSign
    signed = sorted(set(claims))
    _refuse_cut_off(size, signed)
    frontier, hash_ = _beginning(conn, signed)
    _refuse_other(frontier, signed)
    for row in _events(conn, frontier.size, size, progress):
        _refuse_unchained(frontier.size, hash_, row)
        hash_ = row.hash
        frontier.append(leaf_hash(hash_))
        _refuse_other(frontier, signed)
    if (frontier.size, hash_) != (size, last_hash):
        raise NotAnExtension("账本的链尾与最后一条记录不符", "The head of the ledger is not its last event")
    return Grown(size, frontier.root(), _recorded_at(conn, size))


def _beginning(conn: Connection[Any], signed: Sequence[Claim]) -> tuple[Frontier, bytes]:
    """The tree at the smallest claim, and the hash of its last event.

    The stored tree may be used as far as it leads to a root that was signed; where it does not, the events decide.
    """
    if signed:
        first, nodes = signed[0], tree.stored(conn)
        try:
            frontier = frontier_at(first.size, nodes)
            hash_ = _hash_of(conn, first.size)
            path = inclusion(first.size - 1, first.size, nodes)
        except tree.MissingEvent as error:
            raise NotAnExtension(f"缺第 {error.position} 条记录", f"Event {error.position} is missing") from None
        if frontier.root() == first.root and verify_inclusion(first.size - 1, first.size, hash_, path, first.root):
            return frontier, hash_
    return Frontier(), GENESIS


def _hash_of(conn: Connection[Any], position: int) -> bytes:
    row = conn.execute("SELECT hash FROM event WHERE position = %s", (position,)).fetchone()
    if row is None:
        raise tree.MissingEvent(position)
    return bytes(row[0])


def _recorded_at(conn: Connection[Any], position: int) -> datetime:
    row = conn.execute("SELECT recorded_at FROM event WHERE position = %s", (position,)).fetchone()
    if row is None:
        raise tree.MissingEvent(position)
    moment: datetime = row[0]
    return moment


def _events(conn: Connection[Any], after: int, until: int, progress: Progress | None) -> Iterator[Recorded]:
    at = after
    while at < until and (page := read(conn, at, min(PAGE, until - at))):
        yield from page
        at = page[-1].position
        if progress:
            progress(at - after, until - after)


def _refuse_cut_off(size: int, signed: Sequence[Claim]) -> None:
    if signed and signed[-1].size > size:
        was = signed[-1].size
        raise NotAnExtension(
            f"已签署 {was} 条记录，现只有 {size} 条", f"{was} events were signed and there are {size} now"
        )


def _refuse_unchained(before: int, hash_: bytes, row: Recorded) -> None:
    if row.position != before + 1:
        raise NotAnExtension(f"缺第 {before + 1} 条记录", f"Event {before + 1} is missing")
    if link(hash_, row) != row.hash:
        raise NotAnExtension(f"第 {row.position} 条记录与链不符", f"Event {row.position} does not fit the chain")


def _refuse_other(frontier: Frontier, signed: Sequence[Claim]) -> None:
    """When the tree has come to a size that was signed, its root must be the signed one."""
    for claim in signed:
        if claim.size == frontier.size and claim.root != frontier.root():
            size = claim.size
            raise NotAnExtension(
                f"前 {size} 条记录已不是签署过的那些", f"The first {size} events are not those that were signed"
            )
