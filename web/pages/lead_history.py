"""The history of a lead: every event with both dates and what it changed, and the lead as it stood at any version."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from crm import access, clock
from crm.application import Unknown
from domain.funnel import Standing
from domain.lead import Lead, LeadEvent
from web.html import page
from web.pages.lead import steps
from web.pages.lead_access import company_of, held, readable
from web.pages.lead_facts import LABELS, PROJECT, SOURCE, Facts
from web.pages.lead_story import Entry, standings, story
from web.pages.leads import names_of
from web.session import Crm, Who

router = APIRouter()
STATE = tuple(
    name for name in LABELS if name not in (*PROJECT, *SOURCE, "company", "investment", "contacts", "summary")
)
"""What is known beside project and source: next action, verdict, reasons, landing."""


@router.get("/leads/{id}/history", name="lead.history")
def show(
    request: Request, id: UUID, crm: Crm, viewer: Who, version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None
) -> Response:
    """All of it; with `version`, the lead as it then stood beside it."""
    now = readable(crm, viewer, id)
    if version is not None and version > now.version:
        raise Unknown
    with crm.pool.connection() as conn:
        names = names_of(conn)
    facts = Facts(request.state.words, names, access.sees_contacts(viewer, held(now)))
    told = story(crm, now, names, facts)
    entries = _changed([entry for entry in told.entries() if entry.lead == id], facts)
    then = now if version is None else crm.lead(id, version=version)
    return page(
        request, "lead/history.html", lead=now, company=company_of(now), entries=entries, version=version or now.version, stepping=version is not None,
        facts=facts, may_correct=access.may_change(viewer, held(now)) and now.merged_into is None,
        **_as_it_stood(then, entries, facts, version or now.version),
    )  # fmt: skip


def _changed(entries: Sequence[Entry], facts: Facts) -> list[Entry]:
    """The entries, each with what it changed in the lead as then known."""
    after = standings([entry.event for entry in entries])
    before = [Standing(), *after]
    return [
        replace(entry, changes=tuple(facts.changes(old, new)))
        for entry, old, new in zip(entries, before, after, strict=False)
    ]


def _as_it_stood(lead: Lead, entries: Sequence[Entry], facts: Facts, version: int) -> dict[str, Any]:
    entry = entries[version - 1]
    changed = frozenset(change.name for change in entry.changes)
    now = lead.standing.attributes
    day = clock.today() if version == len(entries) else _day(entry.event)
    return {
        "then": lead,
        "entry": entry,
        "steps": steps(lead, max(day, _day(entry.event))),
        "changed": changed,
        "project": facts.marked(now, PROJECT, changed),
        "source": facts.marked(now, SOURCE, changed),
        "state": [pair for pair in facts.marked(now, STATE, changed) if pair[1]],
    }


def _day(event: LeadEvent) -> Any:
    return event.occurred_on
