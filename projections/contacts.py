"""Contact persons: in which leads they stood, and by what they are found. Nothing readable; what is keyed goes with them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol
from uuid import UUID

from psycopg import Connection

from domain.erasure import PersonErased
from domain.values import ContactPerson
from projections.batch import Batch
from projections.contact_grams import grams
from projections.engine import ReadModel
from projections.histories import Step
from projections.sql import Queries
from projections.stored import SEALED
from projections.target import Target

q = Queries(__file__)
ALIKE_AT_MOST = 20


class Reader(Protocol):
    """Reads names for the projector, over its own connection; what was erased comes back as it is stored."""

    def search_key(self, conn: Connection[Any]) -> bytes | None: ...
    def opened(self, conn: Connection[Any], persons: Sequence[ContactPerson]) -> list[ContactPerson]: ...


class Found(NamedTuple):
    """A contact person of a lead."""

    subject: UUID
    lead: UUID


class Contacts(ReadModel):
    name: ClassVar[str] = "contacts"
    sql: ClassVar[Queries] = q
    VERSION: ClassVar[int] = 2
    WEIGHT: ClassVar[int] = 3

    def project(self, target: Target, batch: Batch) -> None:
        said = [step for step in batch.steps if _says_who(step)]
        target.put("contact", sorted({(one.id, step.lead.id) for step in said for one in _persons(step)}))
        leads = {step.lead.id for step in said}
        if leads:
            names = list(_names(target.conn, [batch.last_steps[lead] for lead in sorted(leads)]))
            target.load("contact_name", names)
            target.run(q["settle"], {"leads": list(leads)})
            target.take("contact_name")
        erased = [row.stream for row, event in batch.events("erasure") if isinstance(event, PersonErased)]
        if erased:
            target.run(q["erase"], {"subjects": erased})


def _persons(step: Step) -> Iterable[ContactPerson]:
    found: Iterable[ContactPerson] = step.known.attributes.get("contacts") or ()
    return found


def _says_who(step: Step) -> bool:
    return step.timeline is not None or "contacts" in step.event.effect().changes


def _names(conn: Connection[Any], steps: Sequence[Step]) -> Iterator[tuple[UUID, UUID, list[int]]]:
    """A row for each person whose name can be read. Only a connection that carries a reader can read any."""
    reader: Reader | None = getattr(conn, "reader", None)
    stood = {(step.lead.id, one.id): one for step in steps for one in _persons(step)}
    key = reader.search_key(conn) if reader and stood else None
    if reader is None or key is None:
        return
    for (lead, subject), one in zip(stood, reader.opened(conn, list(stood.values())), strict=True):
        signs = grams(key, *(_said(text) for text in (one.name, one.phone, one.email)))
        if signs:
            yield lead, subject, signs


def _said(text: str | None) -> str:
    return "" if text is None or text.startswith(SEALED) else text


def leads_of(conn: Connection[Any], subject: UUID) -> list[UUID]:
    """Every lead in which the contact person stands or ever stood."""
    return [lead for (lead,) in conn.execute(q["leads_of"], {"subject": subject}).fetchall()]


def alike(conn: Connection[Any], signs: Sequence[int], besides: UUID) -> list[Found]:
    """Other contact persons of whom all of `signs` are known: the same name, or the same number, on another lead."""
    if not signs:
        return []
    values = {"grams": list(signs), "besides": besides, "limit": ALIKE_AT_MOST}
    return [Found._make(row) for row in conn.execute(q["alike"], values).fetchall()]
