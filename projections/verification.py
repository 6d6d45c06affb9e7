"""Read models compared, table by table, with what the events make of them today; nothing is put in their place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from psycopg import Connection, IsolationLevel, sql

from projections import engine
from projections.beside import (
    BATCH,
    Connect,
    Progress,
    RebuildFailed,
    cut_at,
    drop,
    fill,
    held_live,
    lay_out,
    side_of,
)
from projections.digests import Digest, digest_of, same_text
from projections.engine import Projector, ReadModel, State, q
from projections.target import key_of

FIRST = 5
"""How many differing rows are named."""

OUTDATED = "由另一版本建立，请先运行 crm rebuild · made by another version, run crm rebuild first"
MISSING = "没有这张表 · there is no such table"


class Difference(NamedTuple):
    """One row that differs, by its key: `changed`, `missing` from the live table, or `extra` in it."""

    key: str
    kind: str


class Compared(NamedTuple):
    """One table, live and made anew at the same position; `trouble` says why it could not be compared."""

    model: str
    table: str
    position: int
    live: Digest | None
    anew: Digest | None
    differing: int = 0
    first: tuple[Difference, ...] = ()
    trouble: str | None = None

    @property
    def same(self) -> bool:
        return self.trouble is None and self.live == self.anew


def verify(connect: Connect, models: Sequence[ReadModel], progress: Progress | None = None) -> list[Compared]:
    """Build the read models anew beside the live ones and compare at the same position. Raises RebuildFailed.

    Readers and the projector go on: it is held up only while the last few events are taken in beside.
    """
    with connect() as held, connect() as building, connect() as reading:
        live = held_live(held)
        side = side_of(live)
        outdated = engine.outdated(held, models)
        fit = [model for model in models if model not in outdated]
        reading.isolation_level, reading.read_only = IsolationLevel.REPEATABLE_READ, True
        lay_out(building, live, side, fit, 0)
        try:
            _bring(building, live, side, fit, _standing(held, fit), progress)
            with reading.transaction():
                with held.transaction():
                    # Nobody projects while these rows are held: what is seen from here on stands at their positions.
                    held.execute(q["lock_all"], {"names": [model.name for model in fit]})
                    positions = _standing(held, fit)
                    _bring(building, live, side, fit, positions, progress)
                    engine.states(reading)
                anew = {state.name: state for state in engine.states(building)}
                found = [one for model in models for one in _of_model(reading, model, (live, side), positions, anew)]
        finally:
            drop(building, side)
    return found


def _standing(conn: Connection[Any], models: Iterable[ReadModel]) -> dict[str, int]:
    names = {model.name for model in models}
    return {state.name: state.position for state in engine.states(conn) if state.name in names}


def _bring(
    conn: Connection[Any], live: str, side: str, models: Sequence[ReadModel], to: Mapping[str, int],
    progress: Progress | None,
) -> None:  # fmt: skip
    """Have each read model come to its own position: one of the live ones may have stopped, or lie behind."""
    for position in sorted(set(to.values())):
        cut_at(conn, live, side, position)
        fill(Projector(conn, [model for model in models if to[model.name] >= position], BATCH), progress, position)


def _of_model(
    conn: Connection[Any], model: ReadModel, schemas: tuple[str, str], to: Mapping[str, int], anew: Mapping[str, State]
) -> Iterable[Compared]:
    for table in model.tables:
        if model.name not in anew:
            yield Compared(model.name, table, 0, None, None, trouble=OUTDATED)
        elif anew[model.name].position != to[model.name]:
            stopped = anew[model.name]
            yield Compared(model.name, table, stopped.position, None, None, trouble=stopped.stopped)
        else:
            yield _of_table(conn, model.name, table, schemas, to[model.name])


def _of_table(conn: Connection[Any], model: str, table: str, schemas: tuple[str, str], position: int) -> Compared:
    live, side = schemas
    if conn.execute("SELECT to_regclass(%s)", [sql.Identifier(live, table).as_string(conn)]).fetchone() == (None,):
        return Compared(model, table, position, None, digest_of(conn, table, side), trouble=MISSING)
    found = Compared(model, table, position, digest_of(conn, table, live), digest_of(conn, table, side))
    return found if found.same else found._replace(**_differing(conn, table, live, side))


def _differing(conn: Connection[Any], table: str, live: str, side: str) -> dict[str, Any]:
    anew = sql.Identifier(side, table)
    key = [sql.Identifier(name) for name in key_of(conn, anew.as_string(conn))]
    parts = {
        "live": sql.Identifier(live, table), "anew": anew, "key": sql.SQL(", ").join(key),
        "texts": sql.SQL(", ").join(sql.SQL("{}::text").format(name) for name in key),
    }  # fmt: skip
    with same_text(conn):
        rows = conn.execute(q["differing"].format(**parts), {"most": FIRST}).fetchall()
    first = tuple(Difference(" ".join(map(str, names)), kind) for names, kind, _ in rows)
    return {"first": first, "differing": rows[0][2] if rows else 0}


__all__ = ["Compared", "Difference", "RebuildFailed", "verify"]
