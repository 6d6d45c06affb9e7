"""One event in full: what it says, who recorded it when, how it is chained, and the exact text that is stored."""

import json
from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import access
from crm.access import Viewer
from crm.application import CRM, Unknown
from crm.proof import checkpoint
from crm.store import GENESIS, Recorded, decode, link, read
from domain.base import AGGREGATES, Aggregate, Text
from domain.correctable import Correctable
from domain.lead import Lead
from projections import activity_asked, engine
from projections.batch import UNREADABLE
from web.html import page
from web.pages.audit import lists, spoken
from web.pages.facts import Names, names_of
from web.pages.lead_access import held
from web.pages.lead_facts import Facts
from web.pages.story import Entry, Story, story
from web.session import Crm, Who

router = APIRouter()
LAST: Final = 2**63 - 1
_ENVELOPE: Final = frozenset({"originator_id", "originator_version", "occurred_on"})


class Told(NamedTuple):
    """An event in words. Of a lead's there is an `entry`, with what is now known of it; of a damaged one nothing."""

    sentence: Text | None
    particulars: list[tuple[str, str]]
    entry: Entry | None = None


@router.get("/audit/events/{position}", name="audit.event")
def shown(request: Request, position: Annotated[int, Path(ge=1, le=LAST)], crm: Crm, viewer: Who) -> Response:
    """What is stored is shown as it is stored: sealed texts stay ciphertext there, and are opened above only by right."""
    with crm.pool.connection() as conn:
        row, before = _stored(conn, position)
        found = activity_asked.one(conn, position)
        names, head = names_of(conn), engine.head(conn)
        covering = checkpoint.covering(conn, position)
    return page(
        request, "audit/event.html", row=row, before=before, intact=link(before, row) == row.hash, head=head, found=found,
        covering=covering,
        stored=_pretty(row.data), told=_told(request, crm, viewer, row, names),
        **lists(names), **spoken(request, viewer, names, [found] if found else []),
    )  # fmt: skip


def _stored(conn: Connection[Any], position: int) -> tuple[Recorded, bytes]:
    """The event as it is stored, and the hash it is chained to. Raises Unknown."""
    rows = {row.position: row for row in read(conn, max(position - 2, 0), 2)}
    if position not in rows:
        raise Unknown
    before = rows.get(position - 1)
    return rows[position], before.hash if before else GENESIS


def _told(request: Request, crm: CRM, viewer: Viewer, row: Recorded, names: Names) -> Told:
    """What the event says, as far as the viewer may know it; nothing where it cannot be read any more."""
    words = request.state.words
    try:
        kind = AGGREGATES.get(row.topic.partition(".")[0], Aggregate)
        if issubclass(kind, Correctable):
            entries = _story(request, crm, viewer, crm.aggregate(kind, row.stream, anew=True), names).entries()
            entry = next(one for one in entries if one.recorded.position == row.position)
            return Told(entry.event.sentence(), list(entry.particulars), entry)
        event = decode(row, crm.keys)
        return Told(event.sentence(), Facts(words, names).payload(event, besides=_ENVELOPE))
    except (*UNREADABLE, StopIteration):
        return Told(None, [])


def _story(request: Request, crm: CRM, viewer: Viewer, about: Correctable, names: Names) -> Story:
    """Everything recorded of it; of a lead with those merged into it, and its contact persons to who may see them."""
    if isinstance(about, Lead):
        facts = Facts(request.state.words, names, access.sees_contacts(viewer, held(about)))
        return story(crm, about, names, facts)
    return story(crm, about, names, Facts(request.state.words, names))


def _pretty(data: str) -> str:
    """The stored text, laid out; as it is where it is no JSON any more."""
    try:
        return json.dumps(json.loads(data), ensure_ascii=False, indent=2)
    except ValueError:
        return data
