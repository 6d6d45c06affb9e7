"""The Merkle tree of the ledger: leaf p - 1 is the chained hash of the event at position p."""

from functools import lru_cache
from typing import Any, ClassVar

from psycopg import Connection

from projections.batch import Batch
from projections.engine import ReadModel
from projections.merkle import Nodes, leaf_hash, node_hash
from projections.sql import Queries
from projections.target import Target

STEP = 4
"""Every so manieth level is stored: a fifteenth of the hashes, and at most 2^STEP rows for any node between."""
REMEMBERED = 100_000

q = Queries(__file__)


class MissingEvent(LookupError):
    """There is no event where the tree needs one."""

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__(f"没有第 {position} 条事件 · There is no event at position {position}.")


class Tree(ReadModel):
    name: ClassVar[str] = "tree"
    sql: ClassVar[Queries] = q

    def project(self, target: Target, batch: Batch) -> None:
        known = {row.position - 1: leaf_hash(row.hash) for row in batch.rows}
        for level in range(STEP, batch.until.bit_length(), STEP):
            first, last = batch.after >> level, batch.until >> level
            if first == last:
                break
            missing = first << STEP, batch.after >> level - STEP
            below = _stored(target.conn, level - STEP, *missing) | known if missing[0] < missing[1] else known
            known = {index: _over(below, STEP, index) for index in range(first, last)}
            target.append("tree_node", [(level, index, hash_) for index, hash_ in known.items()])


def stored(conn: Connection[Any]) -> Nodes:
    """Reads the tree as it stands; what is not stored is computed from the events. Raises MissingEvent.

    Nodes are remembered: events do not change, and many proofs share most of them. Use one reader for one piece of work.
    """

    @lru_cache(REMEMBERED)
    def node(level: int, index: int) -> bytes:
        rows = level % STEP
        found = group(level - rows, index >> STEP - rows)
        return _over(found, rows, index)

    @lru_cache(REMEMBERED >> STEP)
    def group(level: int, index: int) -> dict[int, bytes]:
        """The nodes of a stored level that have the same ancestor on the next, as far as there are such."""
        first = index << STEP
        return _stored(conn, level, first, first + (1 << STEP))

    def whole(level: int, index: int) -> bytes:
        try:
            return node(level, index)
        except KeyError as error:
            if level < STEP:
                raise MissingEvent(int(error.args[0]) + 1) from None
            return node_hash(whole(level - 1, 2 * index), whole(level - 1, 2 * index + 1))

    return whole


def _stored(conn: Connection[Any], level: int, first: int, last: int) -> dict[int, bytes]:
    """The nodes `first` … `last` - 1 of a stored level, those that are there."""
    where = {"level": level, "first": first, "last": last}
    rows = conn.execute(q["nodes"] if level else q["entries"], where, prepare=True).fetchall()
    return {index: hash_ if level else leaf_hash(hash_) for index, hash_ in rows}


def _over(below: dict[int, bytes], height: int, index: int) -> bytes:
    """The node that stands `height` levels above those given. Raises KeyError where one is missing."""
    hashes = [below[at] for at in range(index << height, index + 1 << height)]
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
