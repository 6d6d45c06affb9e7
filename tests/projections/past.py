"""A ledger, and the replays made of it."""

from datetime import UTC, date, datetime
from typing import Any

from psycopg import Connection, sql

from projections import replay, replaying
from projections.digests import digest
from projections.models import MODELS
from projections.replay import Cut, Replay
from tests.projections.conftest import Ground
from tests.projections.told import Tale

LEADS = 20
EVENTS = 2 * LEADS
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = date(2026, 1, 31)


class Past:
    """A ground with a ledger, and the replays made of it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        tale = Tale()
        for number in range(LEADS):
            tale.registered(number).contacted(number)
        ground.given(tale.events)
        ground.project()

    def connect(self) -> Connection[Any]:
        return self.ground.district.connect(autocommit=True)

    def make(self, name: str = "then", position: int = 11, **given: Any) -> Replay:
        readers = given.pop("readers", [self.ground.conn.info.user])
        models = given.pop("models", MODELS)
        return replaying.make(self.connect, name, Cut(position, DAY), models, readers=readers, made_at=NOW, **given)

    def drop(self, name: str = "then") -> None:
        replaying.drop(self.ground.conn, self.live, name)

    @property
    def live(self) -> str:
        return self.ground.district.schema

    def listed(self) -> list[Replay]:
        return replay.listed(self.ground.conn, self.live)

    def looking(self, made: Replay) -> Connection[Any]:
        conn = self.connect()
        conn.execute(
            sql.SQL("SET search_path TO {}, {}").format(sql.Identifier(made.schema), sql.Identifier(self.live))
        )
        return conn

    def digests(self, made: Replay) -> dict[str, str]:
        with self.looking(made) as conn:
            return {model.name: digest(conn, model) for model in MODELS}
