"""Who may work on what is answered for, a project or a firm; and what its forms offer of people."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm import access
from crm.access import Viewer
from crm.application import CRM
from domain.correctable import Correctable
from projections import people
from web.fields import Choice, Picks
from web.pages.lead_picks import named


@dataclass(frozen=True, slots=True)
class Held:
    """Who has it: what the object rule asks about."""

    leader: UUID | None
    officers: Collection[UUID]
    begun_by: UUID | None


def held(crm: CRM, record: Any) -> Held:
    """Who answers for it now, and who began it."""
    answer = record.state.responsibility
    return Held(answer.leader if answer else None, answer.people if answer else (), crm.begun_by(record.id))


def workable(crm: CRM, viewer: Viewer, record: Any) -> bool:
    """Whether the viewer may work on it."""
    return access.may_work_on(viewer, held(crm, record))


def demanding(kind: type[Correctable], zh: str, en: str) -> Callable[[CRM, Viewer, UUID], None]:
    """What raises Forbidden, saying so, unless the viewer may work on that one; Unknown where there is none."""

    def demand(crm: CRM, viewer: Viewer, id: UUID) -> None:
        access.demand(workable(crm, viewer, crm.aggregate(kind, id)), zh, en)

    return demand


def with_those_who_answer(crm: CRM, record: Any, picks: Picks) -> Picks:
    """The lists with whoever answers for it now among the people, though they have left."""
    answer = record.state.responsibility
    gone = (answer.people if answer else frozenset()) - {UUID(choice.value) for choice in picks["person"]}
    if not gone:
        return picks
    with crm.pool.connection() as conn:
        known = people.names(conn)
    return {**picks, "person": [*picks["person"], *(Choice(str(one), named(known.get(one, "—"))) for one in gone)]}


def answering(record: Any) -> Mapping[str, Any]:
    """Who answers for it, by the names that the form uses."""
    answer = record.state.responsibility
    return {name: getattr(answer, name) for name in answer.__dataclass_fields__} if answer else {}
