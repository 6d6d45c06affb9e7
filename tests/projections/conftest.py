"""A district whose events are given, and what the read models make of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from psycopg import Connection, sql

from domain.base import Event
from projections import engine
from projections.engine import Projector, ReadModel
from projections.models import MODELS
from projections.rebuild import digest
from tests.conftest import District
from tests.projections.stories import COLUMNS, row


class Ground:
    """One district's ledger and read models, with the projector's connection to them."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.conn: Connection[Any] = district.connect(autocommit=True)
        engine.prepare(self.conn, MODELS)
        self.projector = Projector(self.conn, MODELS)

    def given(self, events: Iterable[Event]) -> None:
        """Put events into the ledger as they are, without asking anybody."""
        self.put(row(event) for event in events)

    def put(self, rows: Iterable[Sequence[Any]]) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
        with self.conn.transaction(), self.conn.cursor() as cursor:
            with cursor.copy(sql.SQL("COPY event ({}) FROM STDIN").format(columns)) as copy:
                for values in rows:
                    copy.write_row(values)
            cursor.execute("UPDATE head SET position = (SELECT coalesce(max(position), 0) FROM event)")

    def project(self, batch: int = 1000, models: Sequence[ReadModel] = MODELS) -> int:
        """Take in everything given."""
        projector = self.projector if models is MODELS else Projector(self.conn, models)
        projector.size = batch
        return projector.catch_up()

    def digests(self) -> dict[str, str]:
        return {model.name: digest(self.conn, model) for model in MODELS}

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.conn.execute(query, values).fetchall()

    def clear(self) -> None:
        """An empty ledger and empty read models again."""
        self.conn.execute("DELETE FROM event")
        self.conn.execute("UPDATE head SET position = 0")
        self.clear_read_models()

    def clear_read_models(self) -> None:
        """The same ledger, and nothing projected of it."""
        with self.conn.transaction():
            for table in (table for model in MODELS for table in model.tables):
                self.conn.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            self.conn.execute("UPDATE projection SET position = 0, stopped = NULL")


@pytest.fixture
def ground(district: District) -> Iterator[Ground]:
    made = Ground(district)
    yield made
    made.conn.close()
