"""Who may do what in the database: events are appended through one function and can be changed by nobody who serves pages.

`crm migrate` makes four roles for a district when its account may: the owner (nobody logs in as it), web, projector and
auditor. Where it may not, the account takes UPDATE, DELETE and TRUNCATE on the events from itself, and says so.
"""

import hashlib
import hmac
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import Connection, errors, sql
from psycopg.conninfo import make_conninfo

from crm.roles import (
    APPENDED,
    LEDGER,
    PARTS,
    Part,
    exists,
    give_rights,
    may,
    owned_tables,
    password,
    present,
    revoke_changes,
    role_name,
)
from domain.base import Text

__all__ = ["PARTS", "Part", "Status", "door", "establish", "role_name", "status"]

CONNECT_SECONDS: Final = 5


class Status(NamedTuple):
    """Whether the doors are apart, and in words what holds."""

    apart: bool
    lines: list[Text]


def establish(conn: Connection[Any], secret: bytes) -> Status:
    """Make roles and rights for the schema of this connection, or, where that is not allowed, do what can be done.

    Where all is in place nothing is touched: changing an owner would wait for every reader, and all writers for it.
    """
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('landfall rights', 0))")
        if _mark(conn) != _wanted_mark(conn, secret) or not status(conn).apart:
            _make_all(conn, secret)
    return status(conn)


def door(url: str, schema: str, secret: bytes, part: Part) -> str:
    """`url` as the role for `part`; as it is where there is no such role or the server does not let it in."""
    with psycopg.connect(url, options=f"-c search_path={schema}", connect_timeout=CONNECT_SECONDS) as conn:
        name = role_name(conn, part)
    own = make_conninfo(url, user=name, password=password(secret, name))
    try:
        with psycopg.connect(own, connect_timeout=CONNECT_SECONDS):
            return own
    except psycopg.OperationalError:
        return url


def status(conn: Connection[Any]) -> Status:
    """What holds for the schema of this connection."""
    web = role_name(conn, "web")
    if not exists(conn, web):
        return Status(apart=False, lines=_one_account(conn))
    changes, kept = ("INSERT", "UPDATE", "DELETE", "TRUNCATE"), present(conn, LEDGER)
    can = [name for name in kept for right in changes if may(conn, web, right, name)]
    if can:
        tables = ", ".join(dict.fromkeys(can))
        return Status(
            apart=False,
            lines=[
                Text(
                    f"网页账号 {web} 能改动 {tables}，请运行 crm migrate。",
                    f"The role {web} may change {tables}: run crm migrate.",
                )
            ],
        )
    lines = [
        Text(
            f"网页以 {web} 连接：只能经追加函数写入事件，不能增删改事件表。",
            f"Pages connect as {web}: it appends events through the function and can change none.",
        ),
        Text(
            f"事件表属于无人能登录的 {role_name(conn, 'owner')}，它也没有 UPDATE、DELETE、TRUNCATE 权限。",
            f"Events belong to {role_name(conn, 'owner')}, as which nobody logs in and which has no UPDATE, DELETE or TRUNCATE.",
        ),
    ]
    return Status(apart=True, lines=lines)


def _one_account(conn: Connection[Any]) -> list[Text]:
    account = conn.info.user
    rights, tables = ("UPDATE", "DELETE", "TRUNCATE"), present(conn, APPENDED)
    kept = [right for right in rights if any(may(conn, account, right, table) for table in tables)]
    first = Text(
        f"只有一个数据库账号 {account}，它无权建立角色，网页、投影与升级共用它。",
        f"There is one database account, {account}, which may not make roles; pages, projections and upgrades share it.",
    )
    if kept:
        return [
            first,
            Text(
                f"它对事件表或查阅记录仍有 {', '.join(kept)} 权限。",
                f"It still has {', '.join(kept)} on the events or the log of readings.",
            ),
        ]
    return [
        first,
        Text(
            "它已放弃对事件表和查阅记录的 UPDATE、DELETE、TRUNCATE 权限；作为表的所有者，它仍能重新取得。",
            "It has given up UPDATE, DELETE and TRUNCATE on the events and the log of readings; as their owner it could "
            "take them back.",
        ),
    ]


# ── making them ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _make_all(conn: Connection[Any], secret: bytes) -> None:
    revoke_changes(conn, "CURRENT_USER")
    try:
        with conn.transaction():
            give_rights(conn, secret)
            web = sql.Identifier(role_name(conn, "web"))
            conn.execute(sql.SQL("COMMENT ON ROLE {} IS {}").format(web, _wanted_mark(conn, secret)))
    except errors.InsufficientPrivilege:
        pass  # the status says so


def _mark(conn: Connection[Any]) -> str | None:
    """What was in place when the rights were last made."""
    found = conn.execute(
        "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %s", (role_name(conn, "web"),)
    ).fetchone()
    return found[0] if found else None


def _wanted_mark(conn: Connection[Any], secret: bytes) -> str:
    """A digest of all that the rights depend on: passwords, the account, its tables and what this code makes of them."""
    content = "\0".join((_RULES, conn.info.user, *owned_tables(conn))).encode()
    return f"landfall {hmac.digest(secret, content, hashlib.sha256).hex()}"


_RULES = "6"
"""Goes up when the rights below change."""
