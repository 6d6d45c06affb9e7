"""The library's own way to a read model: its ProjectionRunner, one transaction an event, over the same events.

It is given the least of what ours do: of each lead its company, its stage and its status.
"""

import time
from typing import Any, ClassVar

from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.utils import EnvType
from psycopg.conninfo import conninfo_to_dict

from crm.application import CRM
from domain.base import Event
from domain.lead.event import LeadEvent
from tests.bench.catchup import NAME as OURS
from tests.bench.district import SIDE, District
from tests.bench.measure import Figure, at_least

FLOOR = "the library's ProjectionRunner doing the least of one of them"
NAME = f"{OURS}, beside the library's runner"
TARGET = at_least(50)
SECONDS = 5.0


class Board(PostgresTrackingRecorder):
    """Where each lead stands."""

    def __init__(self, datastore: PostgresDatastore, **keywords: Any) -> None:
        super().__init__(datastore, **keywords)
        self.create_table()
        with datastore.transaction(commit=True) as cursor:
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {SIDE}.board (id uuid PRIMARY KEY, company text, stage text)")

    def stand(self, event: LeadEvent, tracking: Tracking) -> None:
        raised = event.effect().raises
        values = (event.originator_id, getattr(event, "company", None), str(raised) if raised else None)
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                f"INSERT INTO {SIDE}.board AS b VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE SET "
                "company = coalesce(excluded.company, b.company), stage = coalesce(excluded.stage, b.stage)",
                values,
            )


class Boarding(Projection[Board]):
    name = "board"

    def process_event(self, domain_event: Event, tracking: Tracking) -> None:  # type: ignore[override]
        if isinstance(domain_event, LeadEvent):
            self.view.stand(domain_event, tracking)
        else:
            self.view.insert_tracking(tracking)


class Published(CRM):
    """Our application as the runner makes it: of an environment alone."""

    of: ClassVar[District]

    def __init__(self, env: EnvType | None = None) -> None:  # noqa: ARG002  the runner gives one
        super().__init__(self.of.settings, self.of.url)


def measured(district: District, ours: Figure) -> list[Figure]:
    """Events a second; `ours` is the catch-up measured before, in the same rounds."""
    Published.of = district
    rounds = [(_run(district), value) for _, value in ours.rounds]
    return [Figure(NAME, FLOOR, "/s", rounds, TARGET)]


def _run(district: District) -> float:
    """How many events it gets through in a second; it goes on where it was."""
    with ProjectionRunner(
        application_class=Published, projection_class=Boarding, view_class=Board, env=_environment(district)
    ) as runner:
        started, before = time.perf_counter(), _reached(runner.view)
        while time.perf_counter() - started < SECONDS and _reached(runner.view) < district.crm.position():
            time.sleep(0.02)
        return (_reached(runner.view) - before) / (time.perf_counter() - started)


def _reached(view: TrackingRecorder) -> int:
    return view.max_tracking_id(Published.name) or 0


def _environment(district: District) -> dict[str, str]:
    """What the library's own factory reads."""
    given = conninfo_to_dict(district.url)
    names = {"dbname": "DBNAME", "host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    found = {f"POSTGRES_{name}": str(given.get(key) or "") for key, name in names.items()}
    return {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_SCHEMA": SIDE, **found}
