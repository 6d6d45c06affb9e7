"""Erasures of contact persons: which wait for approval, which were done or turned down, who is under a legal hold."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.base import Event, Term
from domain.erasure import Erasure, ErasureRejected, ErasureRequested, PersonErased
from projections.batch import Batch
from projections.engine import ReadModel
from projections.paging import Page, paged, place
from projections.sql import Queries
from projections.target import Target

q = Queries(__file__)


class State(Term):
    WAITING = "waiting", "待批准", "Waiting for approval"
    ERASED = "erased", "已删除", "Erased"
    MORE = "more", "补充待批准", "More waits for approval"
    REJECTED = "rejected", "未批准", "Turned down"
    NONE = "none", "未申请", "Not asked for"


class ErasureRow(NamedTuple):
    """One person. `settled_on` is the day it was approved or turned down.

    Of somebody who is erased: when that was, or when the rest was; a request for more only while it waits.
    """

    subject: UUID
    position: int
    state: str
    held: bool
    ground: str | None
    file_number: str | None
    asked_by: UUID | None
    asked_on: date | None
    settled_by: UUID | None
    settled_on: date | None


class Erasures(ReadModel):
    name: ClassVar[str] = "erasures"
    sql: ClassVar[Queries] = q

    def project(self, target: Target, batch: Batch) -> None:
        last = {row.stream: row.position for row, _ in batch.events("erasure")}
        told = batch.streams("erasure").items()
        target.put("erasure", [_row(subject, events, last[subject]) for subject, events in told])


def _row(subject: UUID, events: Sequence[Event], position: int) -> ErasureRow:
    asked: ErasureRequested | None = None
    settled: PersonErased | ErasureRejected | None = None
    before = asked, settled
    erasure = Erasure(subject)
    for event in events:
        event.mutate(erasure)
        match event:
            case ErasureRequested():
                before, asked, settled = (asked, settled), event, None
            case ErasureRejected() if erasure.erased:
                asked, settled = before
            case PersonErased() | ErasureRejected():
                settled = event
    return ErasureRow(
        subject, position, str(state_of(erasure, turned_down=settled is not None)), erasure.hold is not None,
        str(asked.ground) if asked else None, asked.file_number if asked else None,
        asked.requested_by if asked else None, asked.occurred_on if asked else None,
        _settler(settled), settled.occurred_on if settled else None,
    )  # fmt: skip


def state_of(erasure: Erasure, *, turned_down: bool = False) -> State:
    """Where it stands; `turned_down` is said of the last request where nothing waits and nothing is erased."""
    if erasure.erased:
        return State.MORE if erasure.waiting else State.ERASED
    if erasure.waiting:
        return State.WAITING
    return State.REJECTED if turned_down else State.NONE


def _settler(settled: PersonErased | ErasureRejected | None) -> UUID | None:
    match settled:
        case PersonErased():
            return settled.approved_by
        case ErasureRejected():
            return settled.rejected_by
    return None


def listed(
    conn: Connection[Any],
    *,
    state: str | None = None,
    held: bool | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[ErasureRow]:
    """The latest first. Raises BadCursor."""
    (at,) = place(after, ("int",))
    values = {"state": state, "held": held, "place": at, "limit": limit + 1}
    return paged(conn.execute(q["listed"], values).fetchall(), limit, 1, ErasureRow._make, after=after, before=None)


def counted(conn: Connection[Any]) -> dict[str, int]:
    """How many are in each state, and under `held` how many are under a legal hold."""
    counts: dict[str, int] = dict.fromkeys((*State, "held"), 0)
    for state, held, count in conn.execute(q["counted"]).fetchall():
        counts[state] += count
        counts["held"] += count if held else 0
    return counts
