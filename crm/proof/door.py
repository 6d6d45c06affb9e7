"""Who may write to the ledger, or read what is secret, past the functions made for it: every way that rights can be had."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final, NamedTuple

from psycopg import Connection

from crm.proof.damage import Damage, Finding
from crm.roles import ADDED, CONSOLE, DOORS, LEDGER, Part, exists, present, role_name
from domain.base import Text
from projections.models import MODELS
from projections.sql import Queries

q = Queries(__file__)

WRITES: Final = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
CHANGES: Final = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
SECRET: Final = ("account", "session", "api_token", "login_attempt", "import", "document")
"""What only pages read: who may log in, and files."""
_SERVING: Final[tuple[Part, ...]] = ("web", "projector", "auditor")


class Right(NamedTuple):
    """A right that a role has and must not have, on one table."""

    table: str
    role: str
    right: str


def check(conn: Connection[Any]) -> list[Finding]:
    """What is too wide, one finding for each role and table."""
    held = [*_granted(conn), *_had(conn)] if present(conn, LEDGER) else []
    return [*_too_wide(held), *_beside(conn)]


def _granted(conn: Connection[Any]) -> list[Right]:
    """Grants on the ledger to whoever it does not belong to, on a whole table or on a column."""
    return [Right._make(row) for row in conn.execute(q["granted"], {"ledger": list(LEDGER)})]


def _had(conn: Connection[Any]) -> Iterator[Right]:
    """What each role can really do: by a grant, by being a member of another, by owning, by being a superuser."""
    asked = [row for part in _SERVING if exists(conn, role_name(conn, part)) for row in _forbidden(conn, part)]
    columns = zip(*asked, strict=True) if asked else ((), (), ())
    tables, roles, rights = (list(column) for column in columns)
    for row in conn.execute(q["had"], {"tables": tables, "roles": roles, "rights": rights}):
        yield Right._make(row)


def _forbidden(conn: Connection[Any], part: Part) -> Iterator[Right]:
    role = role_name(conn, part)
    models = ["projection", *(table for model in MODELS for table in model.tables)]
    if part == "web":
        pairs = [*product((*LEDGER, *CONSOLE, *models), WRITES), *product(ADDED, CHANGES)]
    else:
        secret = (*SECRET, "sealing_key") if part == "auditor" else SECRET
        kept = (*LEDGER, *CONSOLE, *ADDED, *secret, "sealing_key", *(models if part == "auditor" else ()))
        pairs = [*product(kept, WRITES), *product(secret, ("SELECT",))]
    return (Right(table, role, right) for table, right in pairs)


def _too_wide(held: list[Right]) -> Iterator[Finding]:
    everybody = {(one.table, one.right) for one in held if one.role == "PUBLIC"}
    told = dict.fromkeys(one for one in held if one.role == "PUBLIC" or (one.table, one.right) not in everybody)
    rights: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for table, role in dict.fromkeys((one.table, one.role) for one in told):
        found = tuple(sorted(one.right for one in told if (one.table, one.role) == (table, role)))
        rights.setdefault((role, found), []).append(table)
    for (role, found), tables in rights.items():
        names, can = ", ".join(tables), ", ".join(found)
        zh = f"数据库角色 {role} 对 {names} 有 {can} 权限，请运行 crm migrate。"
        en = f"The database role {role} has {can} on {names}: run crm migrate."
        yield Finding(Damage.RIGHTS, None, Text(zh, en))


def _beside(conn: Connection[Any]) -> Iterator[Finding]:
    """Ways round the grants: what roles are, whose member they are, what belongs to whom, who may call the functions."""
    serving, owner = [role_name(conn, part) for part in _SERVING], role_name(conn, "owner")
    values = {"serving": serving, "owner": owner, "ledger": list(LEDGER), "doors": list(DOORS)} | dict(
        zip(_SERVING, serving, strict=True)
    )
    for name, text in _WAYS.items():
        for found in conn.execute(q[name], values).fetchall():
            zh, en = (said.format(*found) for said in text)
            yield Finding(Damage.RIGHTS, None, Text(zh, en))


_WAYS: Final = {
    "powers": Text("数据库角色 {0} 有 {1} 属性。", "The database role {0} is {1}."),
    "members": Text("数据库角色 {0} 可以充当 {1}。", "The database role {0} may act as {1}."),
    "owners": Text("{0} 属于 {1}，而不是 {2}。", "{0} belongs to {1} and not to {2}."),
    "callers": Text("数据库角色 {1} 可以调用 {0}。", "The database role {1} may call {0}."),
    "makers": Text(
        "数据库角色 {0} 可以在本区的 schema 里建对象。",
        "The database role {0} may create objects in the district's schema.",
    ),
}
