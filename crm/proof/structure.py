"""Whether tables and functions are what this version's migrations make, held against a copy made for the purpose and undone."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from psycopg import Connection

from crm.migrate import migrate
from crm.proof.damage import Damage, Finding
from crm.roles import schema_of
from domain.base import Text
from projections.sql import Queries

q = Queries(__file__)

COPY: Final = "landfall_as_made"
"""The schema of the copy; nobody but the transaction that makes it ever sees it."""
_KIND: Final = {"function": Damage.APPEND, "interference": Damage.RIGHTS}
"""What else than a table is not what it was."""
_WORDS: Final = {
    Damage.STRUCTURE: Text("表 {of} 与本版本的不同", "The table {of} is not as this version makes it"),
    Damage.APPEND: Text("函数 {of} 与本版本的不同", "The function {of} is not as this version makes it"),
    Damage.RIGHTS: Text(
        "表 {of} 上有触发器、规则或行级安全", "On the table {of} there are triggers, rules or row security"
    ),
}


class Part(NamedTuple):
    """A table, column, constraint, function or trigger: of which table or function, and what it is like."""

    kind: str
    of: str
    like: str


class Compared(NamedTuple):
    """What differs, and the tables that cannot be read as this version reads them."""

    findings: list[Finding]
    unfit: frozenset[str]


def compare(conn: Connection[Any]) -> Compared:
    """Compare the schema of this connection with what the migrations make. The account must be allowed to make a schema."""
    schema = schema_of(conn)
    with conn.transaction(force_rollback=True):
        migrate(conn, COPY)
        made = _parts(conn, COPY)
    found = _parts(conn, schema)
    tables = {part.of for part in made if part.kind == "table"}
    extra = {part for part in found - made if part.kind == "function" or part.of in tables}
    lacking = made - found
    gone = {part.of for part in lacking if part.kind == "table"} - {part.of for part in found if part.kind == "table"}
    lacking = {part for part in lacking if part.of not in gone or part.kind == "table"}
    unfit = frozenset(part.of for part in lacking if part.kind in ("table", "column"))
    return Compared([*_differences(lacking, extra)], unfit)


def _parts(conn: Connection[Any], schema: str) -> set[Part]:
    return set(map(Part._make, conn.execute(q["parts"], {"schema": schema}).fetchall()))


def _differences(lacking: set[Part], extra: set[Part]) -> Iterator[Finding]:
    """One finding for each table, function, or table that something interferes with."""
    for damage, of in sorted({(_damage(part), part.of) for part in lacking | extra}):
        gone, new = (_like(parts, damage, of) for parts in (lacking, extra))
        there = [Text(f"缺 {gone}", f"missing: {gone}")] * bool(gone) + [
            Text(f"多出 {new}", f"not of this version: {new}")
        ] * bool(new)
        words = _WORDS[damage]
        zh = f"{words.zh.format(of=of)}：{'；'.join(text.zh for text in there)}。"
        en = f"{words.en.format(of=of)}: {'; '.join(text.en for text in there)}."
        yield Finding(damage, None, Text(zh, en))


def _damage(part: Part) -> Damage:
    return _KIND.get(part.kind, Damage.STRUCTURE)


def _like(parts: Iterable[Part], damage: Damage, of: str) -> str:
    return ", ".join(sorted(part.like for part in parts if (_damage(part), part.of) == (damage, of)))
