"""How events become the record of who did what."""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from domain import AGGREGATES
from domain.lead.lead import Lead
from projections import activity_days as days
from projections.activity import CORRECTIONS, OriginRow, q
from projections.activity_days import Sign, sign_of
from projections.batch import Batch
from projections.engine import ReadModel
from projections.sql import Queries
from projections.stored import Recorded
from projections.target import Target

NAMED = tuple(kind for kind in AGGREGATES.values() if kind is not Lead)
"""Whatever calls itself by a name of its own, if by any."""
About = tuple[str, UUID | None, UUID | None]
"""What an event is about: a name, a lead's channel, its owner."""
NOTHING: About = ("", None, None)


class Activity(ReadModel):
    name: ClassVar[str] = "activity"
    sql: ClassVar[Queries] = q
    VERSION: ClassVar[int] = 5
    WEIGHT: ClassVar[int] = 3

    def project(self, target: Target, batch: Batch) -> None:
        about = dict(_of_leads(batch))
        for kind in NAMED:
            about |= dict(_of_others(batch, kind))
        signs = [sign_of(row) for row in batch.rows]
        many = days.take(target, batch, signs)
        target.append(
            "activity",
            (
                _row(row, about.get(row.position, NOTHING), sign, bulk=row.position in many)
                for row, sign in zip(batch.rows, signs, strict=True)
            ),
        )
        target.put("activity_origin", _origins(target, batch))


def _row(row: Recorded, about: About, sign: Sign, *, bulk: bool) -> tuple[Any, ...]:
    return (
        row.position, row.recorded_at, row.occurred_on, sign.late, row.actor, row.role, row.stream, row.version,
        row.topic.partition(".")[0], row.topic, row.origin, *about, row.topic in CORRECTIONS, sign.outside, bulk,
    )  # fmt: skip


def _of_leads(batch: Batch) -> Iterator[tuple[int, About]]:
    for step in batch.steps:
        if step.lead.id == step.row.stream:
            given = step.known.attributes.get
            yield step.row.position, (given("company") or "", given("channel"), given("owner"))


def _of_others(batch: Batch, kind: type[Any]) -> Iterator[tuple[int, About]]:
    """The name that each of that kind had after each of its events."""
    for stream, events in batch.streams(kind.NAME).items():
        aggregate = kind(stream)
        for event in events:
            event.mutate(aggregate)
            if event.position is not None and event.position > batch.after:
                yield event.position, (getattr(aggregate, "name", ""), None, None)


def _origins(target: Target, batch: Batch) -> list[OriginRow]:
    rows = [row for row in batch.rows if row.origin is not None]
    asked = {"origins": list({row.origin for row in rows})}
    found = target.rows(q["known_origins"], asked) if rows else []
    origins = {row[0]: OriginRow._make(row) for row in found}
    for row in rows:
        if row.origin is not None:
            origins[row.origin] = _with(origins.get(row.origin), row, row.origin)
    return list(origins.values())


def _with(known: OriginRow | None, row: Recorded, origin: UUID) -> OriginRow:
    """The origin's row with one more event of it."""
    if known is None:
        known = OriginRow(origin, row.actor, 0, 0, row.position, row.position, row.recorded_at)
    opens = row.version == 1 and row.topic.startswith(f"{Lead.NAME}.")
    return known._replace(events=known.events + 1, leads=known.leads + opens, last_position=row.position)
