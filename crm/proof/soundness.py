"""What must hold beside the chain: every event's command is known, streams are whole, nothing else than the function appends."""

import re
from collections.abc import Iterator
from typing import Any, Final

from psycopg import Connection

from crm.migrate import migrations
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
            f"命令记录中有第 {row[0]} 条，事件中没有。",
            f"The command log knows event {row[0]}, the events do not.",
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


# ── the door ────────────────────────────────────────────────────────────────────────────────────────────────────────


def door(conn: Connection[Any]) -> list[Finding]:
    """Whether events can be written by the append function alone, and that is what this version made it."""
    return [*_function(conn), *_rights(conn), *_triggers(conn)]


def _function(conn: Connection[Any]) -> Iterator[Finding]:
    found = conn.execute(q["append_function"]).fetchall()
    if found != [(_body(), True)]:
        zh = "追加函数 append_events 与本版本的不同：有人改过它，或另有同名函数。"
        en = "The function append_events is not what this version made it: somebody changed it, or there is another."
        yield Finding(Damage.APPEND, None, Text(zh, en))


def _body() -> str:
    """The function as the last migration that defines it says."""
    bodies = [
        body
        for migration in migrations()
        for body in re.findall(r"FUNCTION append_events\(.*?AS \$\$(.*?)\$\$", migration.text, re.DOTALL)
    ]
    return str(bodies[-1])


def _rights(conn: Connection[Any]) -> Iterator[Finding]:
    for table, grantee, rights in conn.execute(q["too_wide"]).fetchall():
        zh = f"数据库角色 {grantee} 对 {table} 有 {rights} 权限，请运行 crm migrate。"
        en = f"The database role {grantee} has {rights} on {table}: run crm migrate."
        yield Finding(Damage.RIGHTS, None, Text(zh, en))


def _triggers(conn: Connection[Any]) -> Iterator[Finding]:
    for table, name in conn.execute(q["interferes"]).fetchall():
        zh, en = f"{table} 上有触发器或规则 {name}。", f"There is a trigger or rule {name} on {table}."
        yield Finding(Damage.RIGHTS, None, Text(zh, en))
