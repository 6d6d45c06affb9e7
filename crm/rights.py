"""Who may do what in the database: events are appended through one function and can be changed by nobody who serves pages.

`crm migrate` makes four roles for a district when its account may: the owner (nobody logs in as it), web, projector and
auditor. Where it may not, the account takes UPDATE, DELETE and TRUNCATE on the events from itself, and says so.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, NamedTuple

import psycopg
from psycopg import Connection, errors, sql
from psycopg.conninfo import make_conninfo

from domain.base import Text

Part = Literal["owner", "web", "projector", "auditor"]
PARTS: Final[tuple[Part, ...]] = ("owner", "web", "projector", "auditor")

LEDGER: Final = ("event", "head", "command")
"""What only the append function writes."""
OURS: Final = (*LEDGER, "migration")

LONGEST_NAME = 63
CONNECT_SECONDS = 5


class Status(NamedTuple):
    """Whether the doors are apart, and in words what holds."""

    apart: bool
    lines: list[Text]


def role_name(conn: Connection[Any], part: Part) -> str:
    """The role of this district; roles belong to the whole server, so database and schema are in the name."""
    schema = _schema(conn)
    digest = hashlib.sha256(f"{conn.info.dbname}\0{schema}".encode()).hexdigest()[:8]
    return f"{schema[: LONGEST_NAME - 20]}_{part}_{digest}"


def establish(conn: Connection[Any], secret: bytes) -> Status:
    """Make roles and rights for the schema of this connection, or, where that is not allowed, do what can be done."""
    with conn.transaction():
        _revoke_changes(conn, "CURRENT_USER")
    try:
        with conn.transaction():
            _make_roles(conn, secret)
            _hand_over_ledger(conn)
            _hand_over_read_models(conn)
            _grant(conn)
    except errors.InsufficientPrivilege:
        pass  # the status below says so
    return status(conn)


def door(url: str, schema: str, secret: bytes, part: Part) -> str:
    """`url` as the role for `part`; as it is where there is no such role or the server does not let it in."""
    with psycopg.connect(url, options=f"-c search_path={schema}", connect_timeout=CONNECT_SECONDS) as conn:
        name = role_name(conn, part)
    own = make_conninfo(url, user=name, password=_password(secret, name))
    try:
        with psycopg.connect(own, connect_timeout=CONNECT_SECONDS):
            return own
    except psycopg.OperationalError:
        return url


def status(conn: Connection[Any]) -> Status:
    """What holds for the schema of this connection."""
    web = role_name(conn, "web")
    if not _exists(conn, web):
        return Status(apart=False, lines=_one_account(conn))
    can = [
        name for name in LEDGER for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE") if _may(conn, web, right, name)
    ]
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
    kept = [right for right in ("UPDATE", "DELETE", "TRUNCATE") if _may(conn, account, right, "event")]
    first = Text(
        f"只有一个数据库账号 {account}，它无权建立角色，网页、投影与升级共用它。",
        f"There is one database account, {account}, which may not make roles; pages, projections and upgrades share it.",
    )
    if kept:
        return [
            first,
            Text(
                f"它对事件表仍有 {', '.join(kept)} 权限。",
                f"It still has {', '.join(kept)} on the events.",
            ),
        ]
    return [
        first,
        Text(
            "它已放弃对事件表的 UPDATE、DELETE、TRUNCATE 权限；作为表的所有者，它仍能重新取得。",
            "It has given up UPDATE, DELETE and TRUNCATE on the events; as their owner it could take them back.",
        ),
    ]


# ── making them ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _make_roles(conn: Connection[Any], secret: bytes) -> None:
    for part in PARTS:
        name = role_name(conn, part)
        role = sql.Identifier(name)
        if not _exists(conn, name):
            conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
        if part == "owner":
            conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
        else:
            verifier = conn.pgconn.encrypt_password(_password(secret, name).encode(), name.encode(), b"scram-sha-256")
            conn.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, verifier.decode()))


def _hand_over_ledger(conn: Connection[Any]) -> None:
    """Give the ledger and its function to the role nobody logs in as, and take from it what it does not need."""
    owner = sql.Identifier(role_name(conn, "owner"))
    schema = sql.Identifier(_schema(conn))
    conn.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(schema, owner))
    for table in LEDGER:
        conn.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(sql.Identifier(table), owner))
    conn.execute(sql.SQL("ALTER FUNCTION append_events OWNER TO {}").format(owner))
    conn.execute(sql.SQL("REVOKE CREATE ON SCHEMA {} FROM {}").format(schema, owner))
    _revoke_changes(conn, role_name(conn, "owner"))


def _hand_over_read_models(conn: Connection[Any]) -> None:
    """What the account has projected, or restored, before there was a projector."""
    from projections.models import MODELS

    projector, web, auditor = (sql.Identifier(role_name(conn, part)) for part in ("projector", "web", "auditor"))
    conn.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(sql.Identifier(_schema(conn)), projector))
    conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(projector))
    names = ["projection", *(table for model in MODELS for table in model.tables)]
    for name in _owned(conn):
        if name in names:
            table = sql.Identifier(name)
            conn.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(table, projector))
            conn.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(table, web))
            conn.execute(sql.SQL("GRANT SELECT ON {} TO {}, {}").format(table, web, auditor))


def _revoke_changes(conn: Connection[Any], role: str) -> None:
    grantee = sql.SQL(role) if role == "CURRENT_USER" else sql.Identifier(role)
    conn.execute(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON event FROM {}").format(grantee))


def _grant(conn: Connection[Any]) -> None:
    schema, database = sql.Identifier(_schema(conn)), sql.Identifier(conn.info.dbname)
    web, projector, auditor = (sql.Identifier(role_name(conn, part)) for part in ("web", "projector", "auditor"))
    readers = sql.SQL(", ").join((web, projector, auditor))
    tables = [sql.Identifier(name) for name in _owned(conn) if name not in OURS]

    def run(text: str, **parts: sql.Composable) -> None:
        conn.execute(sql.SQL(text).format(**parts))

    run("GRANT USAGE ON SCHEMA {schema} TO {readers}", schema=schema, readers=readers)
    run("GRANT CREATE ON DATABASE {database} TO {projector}", database=database, projector=projector)
    run("GRANT EXECUTE ON FUNCTION append_events TO {web}", web=web)
    run("GRANT SELECT ON event, head TO {readers}", readers=readers)
    run("GRANT SELECT ON command, migration TO {web}, {auditor}", web=web, auditor=auditor)
    run("GRANT SELECT ON sealing_key TO {projector}", projector=projector)
    if tables:
        named = sql.SQL(", ").join(tables)
        run("GRANT SELECT, INSERT, UPDATE, DELETE ON {named} TO {web}", named=named, web=web)
    # Tables that the account itself makes later are read by pages too: where nobody lets the projector log in, it projects.
    run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {web}", web=web)
    with _as(conn, projector):
        run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {web}, {auditor}", web=web, auditor=auditor)


@contextmanager
def _as(conn: Connection[Any], role: sql.Identifier) -> Iterator[None]:
    conn.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
    yield
    conn.execute("RESET ROLE")


# ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _password(secret: bytes, name: str) -> str:
    return hmac.digest(secret, b"database role " + name.encode(), hashlib.sha256).hex()


def _schema(conn: Connection[Any]) -> str:
    (schema,) = conn.execute("SELECT current_schema()").fetchone() or (None,)
    return str(schema)


def _exists(conn: Connection[Any], role: str) -> bool:
    return conn.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is not None


def _may(conn: Connection[Any], role: str, right: str, table: str) -> bool:
    (may,) = conn.execute("SELECT has_table_privilege(%s::name, %s, %s)", (role, table, right)).fetchone() or (False,)
    return bool(may)


def _owned(conn: Connection[Any]) -> list[str]:
    """The tables of this schema that belong to the account itself."""
    rows = conn.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]
