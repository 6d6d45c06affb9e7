"""Every event read once, from the first to the last: is each chained to the one before, and which roots does the tree have."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from psycopg import Connection

from crm.chain import GENESIS, link
from crm.proof.damage import Damage, Finding, Scene, diagnose, impossible, missing, twice
from domain.base import Text
from projections.merkle import Frontier, leaf_hash
from projections.sql import Queries
from projections.stored import Recorded, read

q = Queries(__file__)

BATCH: Final = 10_000
Progress = Callable[[int, int], None]
"""(events read, events in all)"""


class Head(NamedTuple):
    """The head row: the last position, the end of the chain; `timely`: its time is that of the last event."""

    position: int
    hash: bytes
    timely: bool = True


class Walked(NamedTuple):
    """What the walk found: the last event, the tree's root at each size asked for, and what does not fit.

    `further`: how many more events do not fit the chain, after the one that was diagnosed.
    """

    last: int
    roots: dict[int, bytes]
    findings: list[Finding]
    further: int


def head(conn: Connection[Any]) -> Head:
    """The head as it stands; as of an empty ledger, but not timely, where the row is gone."""
    row = conn.execute(q["head"]).fetchone()
    return Head(*row) if row else Head(0, GENESIS, timely=False)


def walk(conn: Connection[Any], until: Head, sizes: Iterable[int], progress: Progress) -> Walked:
    """Read all events up to the head. Only the first damage is diagnosed: what follows from it is no news.

    A row that no append can have written is where reading ends.
    """
    odd = conn.execute(q["impossible"]).fetchone()
    if odd is None or odd[0] > until.position:
        walked, end = _along(conn, until.position, sizes, progress)
        return walked if walked.findings else walked._replace(findings=_end(conn, until, walked.last, end))
    walked, _ = _along(conn, odd[0] - 1, sizes, progress)
    return walked if walked.findings else walked._replace(findings=[impossible(*odd)])


def _along(conn: Connection[Any], to: int, sizes: Iterable[int], progress: Progress) -> tuple[Walked, bytes]:
    """What the events up to a position say by themselves, and the last one's hash."""
    asked = set(sizes)
    tree, roots = Frontier(), {}
    before: bytes | None = GENESIS
    last = further = 0
    findings: list[Finding] = []
    for row, after in _pairs(_rows(conn, to, progress)):
        if row.position <= last:
            findings += [] if findings else [twice(row.position)]
            continue
        if row.position != last + 1:
            findings += [] if findings else [missing(last + 1, row.position - 1)]
            before = None  # what the row was chained to is gone: nothing can be said of it
        if before is not None and link(before, row) != row.hash:
            further += bool(findings)
            findings += [] if findings else [diagnose(conn, Scene(before, row, after))]
        before, last = row.hash, row.position
        tree.append(leaf_hash(row.hash))
        if tree.size in asked:
            roots[tree.size] = tree.root()
    return Walked(last, roots, findings, further), before or GENESIS


def _rows(conn: Connection[Any], until: int, progress: Progress) -> Iterator[Recorded]:
    after = 0
    while after < until and (rows := read(conn, after, BATCH, until=until)):
        yield from rows
        after = rows[-1].position
        progress(after, until)


def _pairs(rows: Iterator[Recorded]) -> Iterator[tuple[Recorded, Recorded | None]]:
    """Each row with the one after it."""
    row = next(rows, None)
    while row is not None:
        after = next(rows, None)
        yield row, after
        row = after


def _end(conn: Connection[Any], until: Head, last: int, end: bytes) -> list[Finding]:
    """Whether the chain ends where the head says it does."""
    if last < until.position:
        zh = f"链尾是第 {until.position} 条，事件却只到第 {last} 条：末尾的 {until.position - last} 条被截去。"
        en = (
            f"The head is at {until.position}, but events end at {last}: the last {until.position - last} were cut off."
        )
        return [Finding(Damage.CUT_OFF, last + 1, Text(zh, en))]
    if end != until.hash:
        zh = f"链尾记下的指纹与第 {last} 条不符：链尾或末条被改动。"
        en = f"The hash in the head is not that of event {last}: the head or the last event was changed."
        return [Finding(Damage.HEAD, last, Text(zh, en))]
    return [*_beyond(conn), *_below_the_first(conn)]


def untimely(until: Head) -> Iterator[Finding]:
    """By its time the head decides from when on events can be recorded."""
    if not until.timely:
        zh = f"链尾记下的时间不是第 {until.position} 条的记录时间，或链尾那一行不见了：此后的记录时间会受影响。"
        en = f"The time in the head is not that of event {until.position}, or the head is gone: it decides what is recorded from now on."
        yield Finding(Damage.HEAD, until.position, Text(zh, en))


def _beyond(conn: Connection[Any]) -> list[Finding]:
    """Rows that stand after the head: no append puts them there."""
    row = conn.execute(q["beyond"]).fetchone()
    if row is None or row[0] is None:
        return []
    zh = f"第 {row[0]} 条排在链尾之后：不是经追加函数写入的。"
    en = f"Event {row[0]} stands after the head: it was not written through the append function."
    return [Finding(Damage.APPENDED, row[0], Text(zh, en))]


def _below_the_first(conn: Connection[Any]) -> list[Finding]:
    row = conn.execute("SELECT min(position) FROM event WHERE position < 1").fetchone()
    if row is None or row[0] is None:
        return []
    zh, en = f"位置 {row[0]} 不存在于任何链上：插入的记录。", f"No chain has a position {row[0]}: an inserted row."
    return [Finding(Damage.INSERTED, row[0], Text(zh, en))]
