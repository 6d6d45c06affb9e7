"""The history of a lead: every event with both dates and what it changed, and the lead replayed event by event."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from crm import access
from crm.application import CRM, Unknown
from domain.funnel import Standing
from domain.lead import Lead, LeadEvent
from web.html import page, target, url_for
from web.pages.facts import names_of
from web.pages.funnel_question import CLOCKS
from web.pages.lead_access import company_of, held, readable
from web.pages.lead_facts import LABELS, PROJECT, SOURCE, Facts
from web.pages.lead_replay import Moment, moment, stops
from web.pages.lead_story import standings
from web.pages.story import Entry, story
from web.session import Crm, Who

router = APIRouter()
STATE = tuple(
    name for name in LABELS if name not in (*PROJECT, *SOURCE, "company", "investment", "contacts", "summary")
)
"""What is known beside project and source: next action, verdict, reasons, landing."""

AT_ONCE = 200
"""The versions that are drawn together; the others are a link away."""

Version = Annotated[int | None, Query(ge=1, le=1_000_000)]
Position = Annotated[int | None, Query(ge=1, le=2**62)]


@router.get("/leads/{id}/history", name="lead.history")
def show(
    request: Request, id: UUID, crm: Crm, viewer: Who, version: Version = None, position: Position = None,
    clock: Literal["then", "today"] = "then",
) -> Response:  # fmt: skip
    """All of it, and beside it the lead as it stood at `version`, or when the ledger had come to `position`."""
    now = readable(crm, viewer, id)
    at = _version(crm, now, version, position)
    given = {"version": at, "clock": clock if clock == "today" else None}
    address = url_for(request, "lead.history", id=id, **given)
    if target(request) is None and "replay" in request.query_params:
        return RedirectResponse(address, 303)
    with crm.pool.connection() as conn:
        names = names_of(conn)
    facts = Facts(request.state.words, names, access.sees_contacts(viewer, held(now)))
    entries = [entry for entry in story(crm, now, names, facts).entries() if entry.record == id]
    drawn = _drawn(at or now.version)
    shown = moment(crm, now, entries, at or now.version, clock, facts)
    answer = page(
        request, "lead/history.html", lead=now, company=company_of(now),
        entries=_changed(entries, facts, drawn), drawn=drawn, facts=facts, stepping=at is not None,
        version=at or now.version, may_correct=access.may_change(viewer, held(now)) and now.merged_into is None,
        shown=shown, clock=clock, CLOCKS=CLOCKS, stops=stops(entries, facts.words), put_right=_put_right(entries),
        around=_around(request, id, drawn, now.version), **_panel(shown, facts), **_steps(request, id, at or now.version, now.version, given),
    )  # fmt: skip
    answer.headers["HX-Push-Url"] = address
    return answer


def _version(crm: CRM, lead: Lead, version: int | None, position: int | None) -> int | None:
    """The version asked for; Unknown where the lead has none such, or did not exist yet."""
    if version is None and position is not None:
        version = min(crm.version_at(lead.id, position), lead.version)
    if version is not None and not 1 <= version <= lead.version:
        raise Unknown
    return version


def _drawn(version: int) -> range:
    """The versions that are drawn when `version` is looked at."""
    first = (version - 1) // AT_ONCE * AT_ONCE + 1
    return range(first, first + AT_ONCE)


def _around(request: Request, id: UUID, drawn: range, last: int) -> list[tuple[str, int, int]]:
    """The other versions, as many together: where they are drawn, the first and the last of them."""
    firsts = (first for first in range(1, last + 1, AT_ONCE) if first != drawn.start)
    ends = ((first, min(first + AT_ONCE - 1, last)) for first in firsts)
    return [(url_for(request, "lead.history", id=id, version=end), first, end) for first, end in ends]


def _changed(entries: Sequence[Entry], facts: Facts, drawn: range) -> list[Entry]:
    """The entries that are drawn, each with what it changed in the lead as then known."""
    after = standings([cast("LeadEvent", entry.event) for entry in entries[: drawn.stop - 1]])
    before = [Standing(), *after]
    return [
        replace(entry, changes=tuple(facts.changes(old, new)))
        for entry, old, new in list(zip(entries, before, after, strict=False))[drawn.start - 1 :]
    ]


def _put_right(entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    """By the version of a fact: the corrections made of it, in the order they were made."""
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.of is not None:
            found.setdefault(entry.of.originator_version, []).append(entry)
    return found


def _panel(shown: Moment, facts: Facts) -> dict[str, Any]:
    """What the panel lists, with what has just changed marked: the old value struck through, then the new one."""
    now, changed = shown.standing.attributes, shown.changed
    return {
        "project": facts.marked(now, PROJECT, changed),
        "source": facts.marked(now, SOURCE, changed),
        "state": [pair for pair in facts.marked(now, STATE, changed) if pair[1]],
    }


def _steps(request: Request, id: UUID, at: int, last: int, given: dict[str, Any]) -> dict[str, Any]:
    """Where one step back and one on lead; None at the ends."""

    def to(version: int) -> str:
        return url_for(request, "lead.history", id=id, **{**given, "version": version})

    return {"before": to(at - 1) if at > 1 else None, "after": to(at + 1) if at < last else None}
