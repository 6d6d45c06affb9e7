"""Everything that was recorded of one lead, in order, with what is now known of each fact."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from crm.application import CRM
from crm.store import Recorded
from domain.base import Event
from domain.funnel import known
from domain.lead import Lead, LeadEvent
from projections import people
from web.api.problems import READ_ONE
from web.api.reading import LAST, Answer, Read, caught_up
from web.pages.lead_access import readable
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["leads"])


class HistoryQuery(Read):
    after: int = Field(0, ge=0, le=LAST, description="只要这个位置之后的 · Only what was recorded after this position")


class Actor(BaseModel):
    """Who recorded it; no name for the system itself."""

    id: UUID
    name: str | None


class Known(BaseModel):
    """What is now known of a fact that was corrected."""

    occurred_on: date
    data: dict[str, Any]


class Entry(BaseModel):
    """One event. `corrects`: the version of the fact it is about; `retracted`: it did not happen, as now known."""

    lead: UUID
    version: int
    position: int
    type: str
    title: str
    sentence: str
    occurred_on: date
    recorded_at: datetime
    actor: Actor
    role: str
    origin: UUID | None
    corrects: int | None
    retracted: bool
    known: Known | None
    data: dict[str, Any]


class HistoryAnswer(Answer):
    id: UUID
    events: list[Entry]


@router.get(
    "/leads/{id}/history", name="api.lead.history", response_model=HistoryAnswer, responses=READ_ONE,
    summary="全部事件 · Every event, in the order of recording",
)  # fmt: skip
def history(
    request: Request, id: UUID, crm: Crm, viewer: Who, query: Annotated[HistoryQuery, Query()]
) -> dict[str, Any]:
    """并入的线索的事件也在内 · With the events of the leads that were merged into it."""
    caught_up(crm, query)
    lead = readable(crm, viewer, id)
    rows = _rows(crm, lead)
    facts = {_key(fact): fact for fact in known(event for _, event in rows).facts}
    names = _names(crm)
    entries = [
        _entry(request.state.words, row, event, facts.get(_key(event)), names)
        for row, event in rows
        if row.position > query.after
    ]
    return {"position": max(row.position for row, _ in rows), "id": id, "events": entries}


def _rows(crm: CRM, lead: Lead) -> list[tuple[Recorded, LeadEvent]]:
    """Everything recorded of the lead and of those merged into it, in order."""
    told = [(row, event) for one in (lead.id, *lead.absorbed) for row, event in crm.history(one)]
    return sorted(
        ((row, event) for row, event in told if isinstance(event, LeadEvent)), key=lambda pair: pair[0].position
    )


def _names(crm: CRM) -> dict[UUID, str]:
    with crm.pool.connection() as conn:
        return people.names(conn)


def _key(event: Any) -> tuple[UUID, int]:
    return event.originator_id, event.originator_version


def _entry(words: Words, row: Recorded, event: LeadEvent, now: Any, names: dict[UUID, str]) -> dict[str, Any]:
    correction = event.correction()
    changed = now is not None and now != event
    return {
        "lead": row.stream,
        "version": row.version,
        "position": row.position,
        "type": row.topic,
        "title": words.t(event.TITLE),
        "sentence": words.t(event.sentence()),
        "occurred_on": event.occurred_on,
        "recorded_at": row.recorded_at,
        "actor": {"id": row.actor, "name": names.get(row.actor)},
        "role": row.role,
        "origin": row.origin,
        "corrects": correction.of if correction else None,
        "retracted": correction is None and now is None,
        "known": {"occurred_on": now.occurred_on, "data": _data(now)} if changed else None,
        "data": _data(event),
    }


def _data(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", include=set(event.payload_fields()))
