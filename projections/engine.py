"""Takes stored events in, batch by batch, for every read model: rows and position in one transaction, exactly once."""

import gc
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple

import psycopg
from psycopg import Connection

from projections.batch import UNREADABLE, Batch, Poison
from projections.histories import Histories
from projections.sql import Queries
from projections.stored import Ids, read
from projections.target import Target

BATCH = 10_000
UNWRITABLE = (Poison, *UNREADABLE, ArithmeticError, psycopg.DataError, psycopg.IntegrityError)
"""What taking an event in may raise because of the event; anything else is no fault of the event."""

q = Queries(__file__)


class ReadModel:
    """What people look at of one thing: tables, how events change them, and (beside it) the queries of the pages.

    `VERSION` goes up when the same events make other rows than before; the read model is then rebuilt.
    """

    name: ClassVar[str]
    sql: ClassVar[Queries]
    VERSION: ClassVar[int] = 1
    WEIGHT: ClassVar[int] = 1
    """How long it takes beside the others, about; each process of a rebuild is given as much."""

    @property
    def tables(self) -> tuple[str, ...]:
        return self.sql.tables

    @property
    def shape(self) -> str:
        """A fingerprint of its tables and of how they are filled."""
        return hashlib.sha256(f"{self.VERSION}\n{self.sql.shape}".encode()).hexdigest()[:16]

    def project(self, target: Target, batch: Batch) -> None:
        """Take the batch in. No clock and no randomness: the same events make the same rows, in whatever batches."""
        raise NotImplementedError(type(self))


class State(NamedTuple):
    """How far a read model has come. `stopped` says at which event, and why, when it has."""

    name: str
    position: int
    stopped: str | None
    shape: str


def states(conn: Connection[Any]) -> list[State]:
    """Every read model's state, by name."""
    return sorted(State._make(row) for row in conn.execute(q["states"], prepare=True).fetchall())


def reached(conn: Connection[Any]) -> int:
    """The position that every running read model has reached."""
    row = conn.execute(q["reached"], prepare=True).fetchone()
    return int(row[0]) if row else 0


def head(conn: Connection[Any]) -> int:
    """The position of the last event."""
    row = conn.execute(q["head"], prepare=True).fetchone()
    return int(row[0]) if row else 0


def prepare(conn: Connection[Any], models: Iterable[ReadModel]) -> None:
    """Make the tables of the read models that are new here, empty; two at once do no harm."""
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('landfall tables ' || current_schema(), 0))")
        if conn.execute(q["exists"]).fetchone() != (True,):
            conn.execute(q["ddl"])
        known = {state.name for state in states(conn)}
        for model in models:
            if model.name not in known:
                create(conn, model)
                conn.execute(model.sql.get("indexes"))


def create(conn: Connection[Any], model: ReadModel) -> None:
    """Make a read model's tables, without the indexes that are better made when they are full."""
    conn.execute(model.sql["ddl"])
    conn.execute(q["begin"], {"name": model.name, "shape": model.shape, "tables": list(model.tables)})


def outdated(conn: Connection[Any], models: Iterable[ReadModel]) -> list[ReadModel]:
    """The read models whose tables another version of the product has made."""
    shapes = {state.name: state.shape for state in states(conn)}
    return [model for model in models if shapes.get(model.name) != model.shape]


class Projector:
    """Brings read models up to date over one connection (autocommit, its search_path leading to the tables)."""

    def __init__(self, conn: Connection[Any], models: Sequence[ReadModel], batch: int = BATCH) -> None:
        self.conn = conn
        conn.adapters.register_loader("uuid", Ids)
        self.models = {model.name: model for model in models}
        self.size = batch
        self._target = Target(conn, [table for model in models for table in model.tables])
        self._histories = Histories()

    def catch_up(self) -> int:
        """Take in everything there is; the position reached."""
        while self.advance():
            pass
        return reached(self.conn)

    def advance(self) -> int:
        """Take in one batch for each group of read models that stand at the same position; how many events in all."""
        with _nothing_collected():
            try:
                return self._advance(self._take_all)
            except UNWRITABLE:
                # Some event is at fault; which one, and for whom, is found out step by step.
                self._histories.forget()
                return self._advance(self._take_each)

    def _advance(self, take: Callable[[Sequence[ReadModel], Batch], None]) -> int:
        taken = 0
        with self.conn.transaction():
            # Whoever else projects, rebuilds or swaps waits here; what they leave is what is read.
            locked = self.conn.execute(q["lock"], {"names": list(self.models)}, prepare=True).fetchall()
            groups: dict[int, list[ReadModel]] = defaultdict(list)
            for name, position in locked:
                groups[position].append(self.models[name])
            # Those furthest ahead first: one that has years to read must not keep the others waiting.
            for position, models in sorted(groups.items(), reverse=True):
                rows = read(self.conn, position, self.size)
                if rows:
                    take(models, Batch(self.conn, rows, position, self._histories))
                taken += len(rows)
        return taken

    def _take_all(self, models: Sequence[ReadModel], batch: Batch) -> None:
        for model in models:
            model.project(self._target, batch)
        self._stand_at(batch.until, models)

    def _take_each(self, models: Sequence[ReadModel], batch: Batch) -> None:
        for model in models:
            self._take(model, batch)

    def _take(self, model: ReadModel, batch: Batch) -> bool:
        """Take the batch in; at an event that cannot be taken in, stop for good, right before it."""
        try:
            with self.conn.transaction():
                self._take_all([model], batch)
        except UNWRITABLE as error:
            self._histories.forget()
            if len(batch) > 1:
                return all(self._take(model, half) for half in batch.halves())
            self.conn.execute(q["stop"], {"name": model.name, "why": _reason(batch, error)})
            return False
        return True

    def _stand_at(self, position: int, models: Sequence[ReadModel]) -> None:
        names = [model.name for model in models]
        self.conn.execute(q["advance"], {"position": position, "names": names}, prepare=True)


def _reason(batch: Batch, error: Exception) -> str:
    return str(error if isinstance(error, Poison) else Poison(batch.rows[0], error))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """While a batch grows, the collector would walk through all of it again and again and find no cycle to free."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Standing(NamedTuple):
    """A read model's state for people: how many events it is behind, and about how many rows its tables hold."""

    name: str
    position: int
    behind: int
    stopped: str | None
    rows: dict[str, int]


def status(conn: Connection[Any], models: Iterable[ReadModel]) -> list[Standing]:
    """Where every read model stands; the rows are as the last ANALYZE saw them."""
    last, known = head(conn), {state.name: state for state in states(conn)}
    return [
        Standing(
            model.name, state.position, last - state.position, state.stopped,
            dict(conn.execute(q["rows"], {"tables": list(model.tables)}).fetchall()),
        )
        for model in models
        if (state := known.get(model.name))
    ]  # fmt: skip


def catch_up(conn: Connection[Any], models: Sequence[ReadModel], batch: int = BATCH) -> int:
    """Take in everything there is, once, over an autocommit connection: for commands and tests. The position reached."""
    prepare(conn, models)
    return Projector(conn, models, batch).catch_up()
