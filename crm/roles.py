"""The database roles of a district: how they are called, made, and given what they need."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from psycopg import Connection, sql

Part = Literal["owner", "web", "projector", "auditor"]
PARTS: Final[tuple[Part, ...]] = ("owner", "web", "projector", "auditor")

LEDGER: Final = ("event", "head", "command", "reading", "reading_head")
"""What only the append functions write."""
APPENDED: Final = ("event", "reading")
"""Of these, what is only ever added to."""
DOORS: Final = ("append_events", "append_reading")
OURS: Final = (*LEDGER, "migration")
ADDED: Final = ("log_key", "checkpoint", "checkpoint_sent")
"""What pages add to and never change, but for the day on which a signing key was retired."""
CONSOLE: Final = ("verification",)
"""What only the account writes, from the command line; pages show it."""
SHOWN: Final = ("log_key", "checkpoint", "checkpoint_sent", "checkpoint_trouble", "verification", "replay")
"""What else an auditor may read: proofs, never a secret nor what is sealed (account, session, keys, documents …)."""

LONGEST_NAME = 63


def role_name(conn: Connection[Any], part: Part) -> str:
    """The role of this district; roles belong to the whole server, so database and schema are in the name."""
    schema = schema_of(conn)
    digest = hashlib.sha256(f"{conn.info.dbname}\0{schema}".encode()).hexdigest()[:8]
    return f"{schema[: LONGEST_NAME - 20]}_{part}_{digest}"


def give_rights(conn: Connection[Any], secret: bytes) -> None:
    """Make the roles and all that they may do. Raises InsufficientPrivilege where the account may not."""
    _make_roles(conn, secret)
    _hand_over_ledger(conn)
    _hand_over_read_models(conn)
    _grant(conn)


def _make_roles(conn: Connection[Any], secret: bytes) -> None:
    for part in PARTS:
        name = role_name(conn, part)
        role = sql.Identifier(name)
        if not exists(conn, name):
            conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
        if part == "owner":
            conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
        else:
            verifier = conn.pgconn.encrypt_password(password(secret, name).encode(), name.encode(), b"scram-sha-256")
            conn.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, verifier.decode()))


def _hand_over_ledger(conn: Connection[Any]) -> None:
    """Give the ledger and its function to the role nobody logs in as, and take from it what it does not need."""
    owner = sql.Identifier(role_name(conn, "owner"))
    schema = sql.Identifier(schema_of(conn))
    conn.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(schema, owner))
    owned = owned_tables(conn)
    for table in (name for name in LEDGER if name in owned):
        conn.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(sql.Identifier(table), owner))
    for function in DOORS:
        conn.execute(sql.SQL("ALTER FUNCTION {} OWNER TO {}").format(sql.Identifier(function), owner))
    conn.execute(sql.SQL("REVOKE CREATE ON SCHEMA {} FROM {}").format(schema, owner))
    revoke_changes(conn, role_name(conn, "owner"))


def _hand_over_read_models(conn: Connection[Any]) -> None:
    """What the account has projected, or restored, before there was a projector."""
    from projections.models import MODELS

    projector, web, auditor = (sql.Identifier(role_name(conn, part)) for part in ("projector", "web", "auditor"))
    conn.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(sql.Identifier(schema_of(conn)), projector))
    conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(projector))
    names = ["projection", *(table for model in MODELS for table in model.tables)]
    for name in owned_tables(conn):
        if name in names:
            table = sql.Identifier(name)
            conn.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(table, projector))
            conn.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(table, web))
            conn.execute(sql.SQL("GRANT SELECT ON {} TO {}, {}").format(table, web, auditor))


def revoke_changes(conn: Connection[Any], role: str) -> None:
    grantee = sql.SQL(role) if role == "CURRENT_USER" else sql.Identifier(role)
    for table in present(conn, APPENDED):
        conn.execute(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), grantee))


def _grant(conn: Connection[Any]) -> None:
    schema, database = sql.Identifier(schema_of(conn)), sql.Identifier(conn.info.dbname)
    web, projector, auditor = (sql.Identifier(role_name(conn, part)) for part in ("web", "projector", "auditor"))
    readers = sql.SQL(", ").join((web, projector, auditor))
    tables = [sql.Identifier(name) for name in owned_tables(conn) if name not in OURS]

    def run(text: str, **parts: sql.Composable) -> None:
        conn.execute(sql.SQL(text).format(**parts))

    run("GRANT USAGE ON SCHEMA {schema} TO {readers}", schema=schema, readers=readers)
    run("GRANT CREATE ON DATABASE {database} TO {projector}", database=database, projector=projector)
    run("GRANT EXECUTE ON FUNCTION append_events, append_reading TO {web}", web=web)
    run("REVOKE ALL ON {ours} FROM {readers}", ours=sql.SQL(", ").join(map(sql.Identifier, OURS)), readers=readers)
    run("GRANT SELECT ON event, head TO {readers}", readers=readers)
    run("GRANT SELECT ON command, migration, reading, reading_head TO {web}, {auditor}", web=web, auditor=auditor)
    for table in present(conn, SHOWN):
        run("GRANT SELECT ON {table} TO {auditor}", table=sql.Identifier(table), auditor=auditor)
    run("GRANT SELECT ON sealing_key TO {projector}", projector=projector)
    owner = sql.Identifier(role_name(conn, "owner"))
    run(
        "GRANT SELECT (subject, destroyed_at) ON sealing_key TO {owner}", owner=owner
    )  # append_events asks, as its owner
    if tables:
        named = sql.SQL(", ").join(tables)
        run("GRANT SELECT, INSERT, UPDATE, DELETE ON {named} TO {web}", named=named, web=web)
    for table in present(conn, ADDED):
        run("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {web}", table=sql.Identifier(table), web=web)
    for table in present(conn, CONSOLE):
        run("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {web}", table=sql.Identifier(table), web=web)
    run("GRANT UPDATE (retired_at) ON log_key TO {web}", web=web)
    # Tables that the account itself makes later are read by pages too: where nobody lets the projector log in, it projects.
    run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {web}", web=web)
    with _as(conn, projector):
        run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {web}, {auditor}", web=web, auditor=auditor)


@contextmanager
def _as(conn: Connection[Any], role: sql.Identifier) -> Iterator[None]:
    conn.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
    yield
    conn.execute("RESET ROLE")


def password(secret: bytes, name: str) -> str:
    return hmac.digest(secret, b"database role " + name.encode(), hashlib.sha256).hex()


def schema_of(conn: Connection[Any]) -> str:
    (schema,) = conn.execute("SELECT current_schema()").fetchone() or (None,)
    return str(schema)


def exists(conn: Connection[Any], role: str) -> bool:
    return conn.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is not None


def may(conn: Connection[Any], role: str, right: str, table: str) -> bool:
    (allowed,) = conn.execute("SELECT has_table_privilege(%s::name, %s, %s)", (role, table, right)).fetchone() or (
        False,
    )
    return bool(allowed)


def present(conn: Connection[Any], names: Iterable[str]) -> list[str]:
    """Those of the tables that there are: an older schema lacks some until it is brought up to date."""
    rows = conn.execute("SELECT n FROM unnest(%s::text[]) AS n WHERE to_regclass(n) IS NOT NULL", (list(names),))
    return [name for (name,) in rows]


def owned_tables(conn: Connection[Any]) -> list[str]:
    """The tables of this schema that belong to the account itself."""
    rows = conn.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]
