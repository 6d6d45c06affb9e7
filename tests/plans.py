"""Every statement that pages and API really send, and what the planner means to do about each: no growing table may be
read from end to end, nor an unbounded part of one be sorted.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection

GROWING = frozenset(
    {
        "event", "command", "lead", "lead_name", "funnel_interval", "agenda", "activity", "activity_origin", "contact",
        "contact_name", "tree_node", "reading", "project_interval", "company_interval", "problem_interval",
        "service_interval", "procedure_interval", "funding_interval", "site_interval", "matchmaking_interval",
        "outcome_interval", "target_interval", "plan_interval", "indicator_interval",
    }
)  # fmt: skip
"""The tables that have a row for each lead, record, event, or thing that was looked at."""
_SCANS = frozenset({"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Sample Scan", "Tid Range Scan"})
_STOPS = frozenset({"Sort", "Aggregate", "Hash", "WindowAgg", "Materialize", "SetOp", "Unique", "Group"})
"""What asks for all its rows, whatever limit stands above."""


class Statement(NamedTuple):
    text: str
    values: Any


class Trouble(NamedTuple):
    """What is wrong with a plan, and the statement it belongs to."""

    what: str
    statement: str


@contextmanager
def overheard() -> Iterator[list[Statement]]:
    """Every query that anything in this process asks meanwhile, once in each form: with the same values given or not."""
    heard: dict[Any, Statement] = {}
    ask, stream = psycopg.Cursor.execute, psycopg.ServerCursor.execute
    found: list[Statement] = []

    def note(conn: Connection[Any], query: Any, values: Any) -> None:
        text = (
            query if isinstance(query, str) else query.decode() if isinstance(query, bytes) else query.as_string(conn)
        )
        form = (text, _form(values))
        if text.lstrip().upper().startswith(("SELECT", "WITH")) and form not in heard:
            heard[form] = Statement(text, values)
            found.append(heard[form])

    def listening(of: Callable[..., Any]) -> Callable[..., Any]:
        def execute(self: Any, query: Any, params: Any = None, *more: Any, **options: Any) -> Any:
            note(self.connection, query, params)
            return of(self, query, params, *more, **options)

        return execute

    psycopg.Cursor.execute = listening(ask)  # type: ignore[method-assign]
    psycopg.ServerCursor.execute = listening(stream)  # type: ignore[method-assign]
    try:
        yield found
    finally:
        psycopg.Cursor.execute, psycopg.ServerCursor.execute = ask, stream  # type: ignore[method-assign]


def _form(values: Any) -> Any:
    """Which values are given, and the flags among them: the planner leaves out conditions by these."""
    if isinstance(values, Mapping):
        return tuple(
            sorted((name, value if isinstance(value, bool) else value is None) for name, value in values.items())
        )
    return tuple(value is None for value in values or ())


def troubles(conn: Connection[Any], statements: list[Statement]) -> Iterator[Trouble]:
    """What the planner would do that grows with the district."""
    for statement in statements:
        text = b"EXPLAIN (FORMAT JSON) " + statement.text.encode()
        ((plan,),) = conn.execute(text, statement.values, prepare=False).fetchall()
        for what in _wrong(plan[0]["Plan"], bounded=False):
            yield Trouble(what, statement.text)


def _wrong(node: Mapping[str, Any], *, bounded: bool, first: bool = False) -> Iterator[str]:
    """`bounded`: something above stops asking once it has enough, and `first` does so right here."""
    kind, table = node["Node Type"], node.get("Relation Name")
    if table in GROWING and kind in _SCANS:
        if kind == "Seq Scan":
            yield f"sequential scan of {table}"
        elif not bounded and kind != "Bitmap Heap Scan" and "Index Cond" not in node:
            yield f"{kind} of all of {table}"
    below = (bounded or kind == "Limit") and kind not in _STOPS
    first = kind == "Limit" or "Run Condition" in node or (first and kind == "Result")
    for child in node.get("Plans", ()):
        if child["Node Type"] in ("Sort", "Incremental Sort") and not first and _grows(child):
            yield f"unbounded sort by {child['Sort Key']}"
        yield from _wrong(child, bounded=below, first=first)


def _grows(node: Mapping[str, Any]) -> bool:
    """Whether rows of a growing table come up here as many as there are: no limit or sum in between."""
    if node["Node Type"] in ("Limit", "Aggregate"):
        return False
    if node.get("Relation Name") in GROWING:
        return True
    return any(_grows(child) for child in node.get("Plans", ()))
