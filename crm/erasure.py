"""Erasing a contact person: who asks, who approves, and what is destroyed the moment it is approved.

The event and the destruction are one transaction: there is no crash after which one is true and the other is not.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from psycopg import Connection

from crm.command import By, Done, Stale, Unknown
from crm.documents import document_subject
from crm.ledger import Ledger, decided
from crm.mentions import Traces, traces
from crm.naming import Look
from crm.sealing import destroy_keys
from domain.base import Aggregate, Form, Refused
from domain.erasure import (
    ApproveErasure,
    Erasure,
    LiftHold,
    PersonErased,
    PlaceHold,
    RejectErasure,
    RequestErasure,
)
from projections import contacts

__all__ = ["Erasures", "destroyed_by", "text_subject"]

_FOREIGN = "SELECT 1 FROM event WHERE stream = %s AND topic NOT LIKE 'erasure.%%' LIMIT 1"


class Erasures:
    """The erasures of a district. A person never on any lead is Unknown."""

    def __init__(self, crm: Ledger) -> None:
        self._crm = crm

    def one(self, person: UUID) -> Erasure:
        """Where the erasure of that contact person stands; a blank one where nobody has asked. Raises Unknown."""
        try:
            return self._crm.aggregate(Erasure, person)
        except Unknown:
            with self._crm.pool.connection() as conn:
                foreign = conn.execute(_FOREIGN, (person,)).fetchone()
                if foreign or not contacts.leads_of(conn, person):
                    raise
        return Erasure(person)

    def request(self, by: By, person: UUID, form: RequestErasure) -> Done:
        """Ask for it, or for what was overlooked of somebody who is erased.

        Refused where the file number names the person, and for what is not theirs to take along.
        """
        found = traces(self._crm, person)
        _check_number(form.file_number, found.known)
        _check_scope(form, found)
        return self._decide(by, person, form, by.person)

    def approve(self, by: By, person: UUID, *, version: int | None = None) -> Done:
        """Erase what was asked for, now and for good. Refused to whoever asked, and under a legal hold."""
        waiting = self.one(person).waiting
        for lead in waiting.texts if waiting else ():
            self._crm.documents.detach(lead)  # or they would go with the lead's own key
        gone: list[UUID] = []

        def destroy(conn: Connection[Any], erased: PersonErased) -> None:
            keys = _keys_of(conn, erased)
            destroy_keys(conn, keys)
            _remove(conn, erased)
            gone.extend(keys)

        done = self._decide(by, person, ApproveErasure(), by.person, version=version, destroy=destroy)
        self._crm.forget(gone)
        return done

    def reject(self, by: By, person: UUID, form: RejectErasure, *, version: int | None = None) -> Done:
        self._check_number(form.file_number, person)
        return self._decide(by, person, form, by.person, version=version)

    def hold(self, by: By, person: UUID, form: PlaceHold, *, version: int | None = None) -> Done:
        self._check_number(form.file_number, person)
        return self._decide(by, person, form, version=version)

    def lift(self, by: By, person: UUID, form: LiftHold, *, version: int | None = None) -> Done:
        self._check_number(form.file_number, person)
        return self._decide(by, person, form, version=version)

    def _check_number(self, number: str | None, person: UUID) -> None:
        if number:
            _check_number(number, traces(self._crm, person).known)

    def _decide(
        self, by: By, person: UUID, form: Form, *more: Any, version: int | None = None,
        destroy: Callable[[Connection[Any], PersonErased], None] | None = None,
    ) -> Done:  # fmt: skip
        made: list[Erasure] = []

        def decide() -> Sequence[Aggregate]:
            erasure = self.one(person)
            if version is not None and erasure.version != version:
                raise Stale(erasure.version)
            decided(erasure, form, *more)
            made.append(erasure)
            return made[-1:]

        def also(conn: Connection[Any]) -> None:
            if destroy and made[-1].erased:
                destroy(conn, made[-1].erased[-1])

        request = self._crm.request(Erasure, person, form)
        return self._crm.decide(by, decide, request, retry=version is None, also=also if destroy else None)


def destroyed_by(erased: PersonErased, generations: Mapping[UUID, int]) -> dict[UUID, UUID | None]:
    """Whose keys are gone with this erasure, each with its successor.

    `generations`: how many times the free texts of a lead had been erased before; 0 where it is not in there.
    """
    gone: dict[UUID, UUID | None] = {erased.originator_id: None}
    gone |= dict.fromkeys(document_subject(file.lead, file.sha256) for file in erased.documents)
    gone |= dict.fromkeys(erased.imports)
    for lead in erased.texts:
        before = generations.get(lead, 0)
        gone[text_subject(lead, before)] = text_subject(lead, before + 1)
    return gone


def text_subject(lead: UUID, generation: int) -> UUID:
    """Whose key a lead's free texts are under: the lead's own, and another each time they have been erased."""
    return uuid5(lead, f"free texts {generation}") if generation else lead


def _keys_of(conn: Connection[Any], erased: PersonErased) -> dict[UUID, UUID | None]:
    generations: dict[UUID, int] = {}
    for lead in erased.texts:
        while conn.execute(
            "SELECT 1 FROM sealing_key WHERE subject = %s AND successor IS NOT NULL",
            (text_subject(lead, generations.get(lead, 0)),),
        ).fetchone():
            generations[lead] = generations.get(lead, 0) + 1
    return destroyed_by(erased, generations)


def _remove(conn: Connection[Any], erased: PersonErased) -> None:
    """What no key could bring back is not kept as ciphertext either."""
    for file in erased.documents:
        conn.execute("DELETE FROM document WHERE stream = %s AND sha256 = %s", (file.lead, file.sha256))
    conn.execute(
        "UPDATE import SET content = NULL, choices = NULL, report = NULL, failed = NULL WHERE id = ANY (%s)",
        (list(erased.imports),),
    )


def _check_number(number: str | None, known: Sequence[str]) -> None:
    if Look(known).finds(number or ""):
        raise Refused(
            "erasure.names",
            "案卷号里写了此人的信息，它会永久保留；请只写编号。",
            "The file number says who they are, and it is kept for ever: give the number only.",
            field="file_number",
        )


def _check_scope(form: RequestErasure, found: Traces) -> None:
    leads = {lead.id: {file.sha256 for file in lead.files} for lead in found.leads}
    fitting = (
        set(form.texts) <= leads.keys()
        and all(file.sha256 in leads.get(file.lead, ()) for file in form.documents)
        and set(form.imports) <= {one.id for one in found.imports}
    )
    if not fitting:
        raise Refused(
            "erasure.scope",
            "一并删除的内容与此人无关，或已变化；请刷新后重新选择。",
            "What was chosen to go with it is not connected with this person (any more): reload and choose again.",
        )
