"""Channels: what they are, whether they are open, and the outcome of occasions."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.base import Event
from domain.channel import (
    ChannelClosed,
    ChannelKind,
    ChannelOpened,
    ChannelReopened,
    ChannelRevised,
    OutcomeReported,
    ReportHandedIn,
)
from projections.batch import Batch
from projections.engine import ReadModel
from projections.sql import Queries
from projections.target import Target

q = Queries(__file__)


class ChannelRow(NamedTuple):
    """`note` is the outcome's, sealed as stored."""

    id: UUID
    kind: str
    name: str
    country: str
    city: str | None
    starts_on: date | None
    ends_on: date | None
    parent: UUID | None
    closed: bool
    opened_on: date
    conferences: int | None
    firms_met: int | None
    cooperations: int | None
    outcome_on: date | None
    note: str | None
    report: str | None
    report_on: date | None

    @property
    def occasion(self) -> bool:
        """Whether it is a dated occasion rather than a standing channel."""
        return ChannelKind(self.kind).occasion


class Channels(ReadModel):
    name: ClassVar[str] = "channels"
    sql: ClassVar[Queries] = q

    def project(self, target: Target, batch: Batch) -> None:
        rows = (_row(channel, events) for channel, events in batch.streams("channel").items())
        target.put("channel", [row for row in rows if row is not None])


def _row(id: UUID, events: Sequence[Event]) -> ChannelRow | None:
    row: ChannelRow | None = None
    for event in events:
        if isinstance(event, ChannelOpened):
            row = _opened(id, event)
        elif row is not None:
            row = row._replace(**_changes(event))
    return row


def _opened(id: UUID, event: ChannelOpened) -> ChannelRow:
    return ChannelRow(
        id, str(event.kind), event.name, event.country, event.city, event.starts_on, event.ends_on, event.parent,
        False, event.occurred_on, None, None, None, None, None, None, None,
    )  # fmt: skip


def _changes(event: Event) -> dict[str, Any]:
    match event:
        case ChannelRevised():
            return {name: getattr(event, name) for name in ("name", "city", "starts_on", "ends_on")}
        case OutcomeReported():
            told = {name: getattr(event, name) for name in ("conferences", "firms_met", "cooperations", "note")}
            return told | {"outcome_on": event.occurred_on}
        case ReportHandedIn():
            return {"report": event.reference, "report_on": event.occurred_on}
        case ChannelClosed() | ChannelReopened():
            return {"closed": isinstance(event, ChannelClosed)}
        case _:
            return {}


def listed(
    conn: Connection[Any], *, kind: str | None = None, closed: bool | None = None, parent: UUID | None = None
) -> list[ChannelRow]:
    """Channels, standing ones first, then occasions from the latest on."""
    found = conn.execute(q["listed"], {"kind": kind, "closed": closed, "parent": parent}).fetchall()
    return [ChannelRow._make(row) for row in found]


def one(conn: Connection[Any], id: UUID) -> ChannelRow | None:
    row = conn.execute(q["one"], {"id": id}).fetchone()
    return ChannelRow._make(row) if row else None


def names(conn: Connection[Any]) -> dict[UUID, str]:
    """Every channel's name by id."""
    return dict(conn.execute(q["names"]).fetchall())


def of_kind(conn: Connection[Any], kind: str) -> list[UUID]:
    """The channels of that kind."""
    return [channel for (channel,) in conn.execute(q["of_kind"], {"kind": kind}).fetchall()]
