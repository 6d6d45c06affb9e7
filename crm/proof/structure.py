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
_WORDS: Final = {
    "table": Text("表", "table"),
    "column": Text("列", "column"),
    "constraint": Text("约束", "constraint"),
    "function": Text("函数", "function"),
    "interference": Text("触发器、规则或行级安全", "trigger, rule or row security"),
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
    unfit = frozenset(part.of for part in lacking if part.kind in ("table", "column"))
    return Compared([*_differences(lacking, extra)], unfit)


def _parts(conn: Connection[Any], schema: str) -> set[Part]:
    return set(map(Part._make, conn.execute(q["parts"], {"schema": schema}).fetchall()))


def _differences(lacking: set[Part], extra: set[Part]) -> Iterator[Finding]:
    for kind, of in sorted({(part.kind, part.of) for part in lacking | extra}):
        gone, new = _like(lacking, kind, of), _like(extra, kind, of)
        if kind == "column" and any(part[:2] == ("table", of) for part in lacking):
            continue  # the whole table is not what it was: its columns are no news
        word = _WORDS[kind]
        said = [Text(f"缺 {gone}", f"{gone} is missing"), Text(f"多出 {new}", f"{new} is not of this version")]
        there = [text for text, like in zip(said, (gone, new), strict=True) if like]
        zh = f"{of} 的{word.zh}与本版本的不同：{'；'.join(text.zh for text in there)}。"
        en = f"{of}: {word.en} is not as this version makes it: {'; '.join(text.en for text in there)}."
        yield Finding(_KIND.get(kind, Damage.STRUCTURE), None, Text(zh, en))


def _like(parts: Iterable[Part], kind: str, of: str) -> str:
    return "、".join(sorted(part.like for part in parts if (part.kind, part.of) == (kind, of)))
