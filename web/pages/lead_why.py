"""Why a lead stands where it stands: the event that set its stage, its status or its amount, and where it is told."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from crm import clock
from crm.application import CRM, Unknown
from domain.base import Text
from domain.funnel import Fact, Standing, Status
from domain.lead import Lead, LeadEvent
from domain.lead.corrections import FactRetracted
from domain.lead.status import LeadMerged
from projections import funnel
from web.html import url_for
from web.pages.funnel_question import NAMES, demand_understood, read_question
from web.pages.lead_access import readable
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
What = Literal["stage", "status", "amount"]
WHATS: tuple[What, ...] = ("stage", "status", "amount")


class Why(NamedTuple):
    """The address of an event in the history of its lead, and the event in words."""

    href: str
    said: str


@router.get("/leads/{id}/why/{what}", name="lead.why")
def show(request: Request, id: UUID, what: What, crm: Crm, viewer: Who) -> Response:
    """Opens the event that put the lead where it stood at `as_at`, as known at `known_at`."""
    readable(crm, viewer, id)
    question = read_question(request.query_params, clock.today())
    demand_understood(question, NAMES)
    event = causes(_known(crm, id, question.known_at), question.as_at).get(what)
    if event is None:
        raise Unknown
    return RedirectResponse(_address(request, event), 303)


def _known(crm: CRM, id: UUID, known_at: Any) -> Lead:
    """The lead by what had been recorded of it; Unknown where that was nothing."""
    if known_at is None:
        return crm.lead(id)
    with crm.pool.connection() as conn:
        position = funnel.position_at(conn, known_at)
    version = crm.version_at(id, position)
    if not version:
        raise Unknown
    return crm.lead(id, version=version)


def causes(lead: Lead, as_at: date | None = None) -> dict[str, LeadEvent]:
    """By what it set: the event behind the lead's present stage, status and amount, or behind those at the end of a day."""
    found: dict[str, LeadEvent] = {}
    before = Standing()
    for fact, standing in lead.standings():
        if as_at is not None and fact.occurred_on > as_at:
            break
        for what in WHATS:
            if _of(before, what) != _of(standing, what):
                found[what] = _recorded(lead, fact)
        before = standing
    return found | {what: event for event in _ended(lead) for what in ("stage", "status")}


def _of(standing: Standing, what: What) -> Any:
    return standing.attributes.get("amount") if what == "amount" else getattr(standing, what)


def _recorded(lead: Lead, fact: Fact) -> LeadEvent:
    """The fact as it was recorded, before any correction of it."""
    key = (fact.originator_id, fact.originator_version)
    return next(event for event in lead.everything if (event.originator_id, event.originator_version) == key)


def _ended(lead: Lead) -> Sequence[LeadEvent]:
    """The event that took the whole lead out of the funnel, whatever the day: it was merged, or its registration retracted."""
    if lead.history.merged:
        return [next(event for event in reversed(lead.events) if isinstance(event, LeadMerged))]
    if lead.standing.status is Status.VOID:
        return [e for e in lead.events if isinstance(e, FactRetracted) and e.fact == 1][-1:]
    return []


def why(request: Request, lead: Lead) -> dict[str, Why]:
    """For the lead's page: where each of stage, status and amount is told, with the event as a hint."""
    words: Words = request.state.words
    return {what: Why(_address(request, event), _said(words, event)) for what, event in causes(lead).items()}


def _said(words: Words, event: LeadEvent) -> str:
    because = Text("依据：{day} {said}", "Because of {day} {said}")
    return words.t(because, day=words.day(event.occurred_on), said=words.t(event.sentence()))


def _address(request: Request, event: LeadEvent) -> str:
    version = event.originator_version
    return f"{url_for(request, 'lead.history', id=event.originator_id, version=version)}#v{version}"
