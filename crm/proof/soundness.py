"""What must hold beside the chain: every event's command is known, and streams are whole."""

from collections.abc import Iterator
from typing import Any, Final

from psycopg import Connection

from crm.proof.damage import Damage, Finding
from domain.base import Text
from projections.sql import Queries, Query

q = Queries(__file__)

RANGE: Final = 200_000
"""Events compared at a time: no query holds the server up for long."""


def ledger(conn: Connection[Any], until: int) -> list[Finding]:
    """Events against their command log and their streams, up to position `until`."""
    return [*_commands(conn, until), *_order(conn, until), *_streams(conn)]


def _commands(conn: Connection[Any], until: int) -> Iterator[Finding]:
    position = first(conn, q["command_differs"], 0, until)
    if position is not None:
        zh = f"第 {position} 条的命令不在命令记录中，或操作人、时间与之不符：可能是绕过追加函数写入的。"
        en = f"The command of event {position} is not in the command log, or that says another actor or time."
        yield Finding(Damage.COMMAND_LOG, position, Text(zh, en))
    row = conn.execute(q["command_alone"]).fetchone()
    if row is not None:
        zh, en = (
            f"命令记录中有始于第 {row[0]} 条的命令，事件中没有，或不是那几条。",
            f"The command log has a command from event {row[0]} on; the events have none, or not those.",
        )
        yield Finding(Damage.COMMAND_LOG, row[0], Text(zh, en))


def _order(conn: Connection[Any], until: int) -> Iterator[Finding]:
    position = first(conn, q["goes_back"], 0, until)
    if position is not None:
        zh = f"第 {position} 条的记录时间早于前一条：追加函数不会这样写。"
        en = f"Event {position} was recorded before the one ahead of it: the append function never does that."
        yield Finding(Damage.CHANGED_RECORDED_AT, position, Text(zh, en), certain=False)


def _streams(conn: Connection[Any]) -> Iterator[Finding]:
    row = conn.execute(q["torn_stream"]).fetchone()
    if row is not None:
        zh = f"自第 {row[0]} 条起的那个流缺版本或重版本。"
        en = f"The stream that begins at event {row[0]} lacks a version or has one twice."
        yield Finding(Damage.STREAM, row[0], Text(zh, en))


def first(conn: Connection[Any], query: Query, after: int, until: int) -> int | None:
    """The first position that a query by ranges finds."""
    for start in range(after, until, RANGE):
        row = conn.execute(query, {"after": start, "until": min(start + RANGE, until)}).fetchone()
        if row is not None:
            return int(row[0])
    return None


def remembered(conn: Connection[Any]) -> int:
    """The last position that anything but the events themselves remembers."""
    row = conn.execute(q["remembered"]).fetchone()
    return int(row[0] or 0) if row else 0
