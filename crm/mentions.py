"""Where a contact person is spoken of: the leads they stood on, and the notes, documents and imports that name them.

Found by opening and looking, for whoever decides on an erasure; nothing of it is kept.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from crm.command import Unknown
from crm.document_text import text_of
from crm.imports.records import Records
from crm.ledger import Ledger
from crm.naming import Look
from crm.sealed import ERASED, sealed_fields, walk
from domain.base import Event, Text
from projections import contacts
from projections.stored import Recorded

IMPORTS_AT_MOST: Final = 500
_NOT_TELLING: Final = ("position",)
"""What is known of a person and would be found in every note: 经理."""


class Mention(NamedTuple):
    """A fact that names them."""

    on: date
    title: Text
    version: int


class FileTrace(NamedTuple):
    """A document that is still there. `mentions` is None where it cannot be read through."""

    sha256: str
    name: str
    size: int
    mentions: bool | None


class LeadTrace(NamedTuple):
    """A lead: how many free texts it has, which of them name the person, which facts do so in fields that are not sealed."""

    id: UUID
    company: str
    texts: int
    mentions: list[Mention]
    unsealed: list[Mention]
    files: list[FileTrace]


class ImportTrace(NamedTuple):
    id: UUID
    name: str
    on: date


class Traces(NamedTuple):
    """`known` is what is known of the person, latest first; empty once they are erased."""

    known: list[str]
    leads: list[LeadTrace]
    imports: list[ImportTrace]


def traces(crm: Ledger, person: UUID) -> Traces:
    """Everything found. Raises Unknown for somebody who never stood on a lead."""
    with crm.pool.connection() as conn:
        leads = contacts.leads_of(conn, person)
    if not leads:
        raise Unknown(Unknown.text.en)
    histories = {lead: crm.history(lead) for lead in _joined(crm, leads)}
    known = _known([event for history in histories.values() for _, event in history], person)
    look = Look(known)
    return Traces(
        known,
        [_lead(crm, lead, history, look) for lead, history in histories.items()],
        list(_imports(crm, Look(known, familiar=False))),
    )


def _joined(crm: Ledger, leads: Sequence[UUID]) -> list[UUID]:
    """These leads, and all whose facts are shown together with theirs, for they were merged."""
    whole = [crm.lead(lead).merged_into or lead for lead in leads]
    return list(dict.fromkeys([*leads, *whole, *(other for lead in whole for other in crm.lead(lead).absorbed)]))


def _known(events: Sequence[Event], person: UUID) -> list[str]:
    """What was ever recorded of the person themselves, the latest first, names before numbers."""
    found: list[str] = []

    def note(subject: UUID, path: str, text: str) -> str:
        if subject == person and text != ERASED and path.rpartition(".")[2] not in _NOT_TELLING:
            found.append(text)
        return text

    for event in reversed(events):
        walk(event.model_dump(mode="json"), sealed_fields(type(event)), event.originator_id, note)
    return list(dict.fromkeys(found))


def _lead(crm: Ledger, id: UUID, history: Sequence[tuple[Recorded, Event]], look: Look) -> LeadTrace:
    lead = crm.lead(id)
    texts = [(event, free_texts(event)) for _, event in history]
    gone = crm.documents.erased(id, lead.documents)
    return LeadTrace(
        id,
        str(lead.attribute("company") or history[0][1].sentence().zh),
        sum(len(said) for _, said in texts),
        [_mention(event) for event, said in texts if any(map(look.finds, said))],
        [_mention(event) for row, event in history if look.finds(row.data)],
        [
            FileTrace(sha256, file.name, file.size, _file(crm, id, sha256, look))
            for sha256, file in lead.documents.items()
            if sha256 not in gone
        ],
    )


def _mention(event: Event) -> Mention:
    return Mention(event.occurred_on, event.TITLE, event.originator_version)


def free_texts(event: Event) -> list[str]:
    """The free texts of an event that can still be read."""
    found: list[str] = []

    def note(subject: UUID, _path: str, text: str) -> str:
        if subject == event.originator_id and text != ERASED:
            found.append(text)
        return text

    walk(event.model_dump(mode="json"), sealed_fields(type(event)), event.originator_id, note)
    return found


def _file(crm: Ledger, lead: UUID, sha256: str, look: Look) -> bool | None:
    try:
        kept = crm.documents.fetch(lead, sha256)
    except Unknown:
        return False
    text, whole = text_of(kept.content or b"", kept.media_type)
    return look.finds(text) or (False if whole or kept.content is None else None)


def _imports(crm: Ledger, look: Look) -> Iterable[ImportTrace]:
    records = Records(crm)
    for record in records.latest(IMPORTS_AT_MOST):
        failed = records.failed_rows(record.id) if record.has_failed_rows else None
        said = f"{record.name}\n{record.report.model_dump_json()}\n{text_of(failed or b'', '')[0]}"
        if not record.running and look.finds(said):
            yield ImportTrace(record.id, record.name, record.day)
