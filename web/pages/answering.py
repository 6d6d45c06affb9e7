"""Whoever answers for a record, whatever its kind: who may work on it, and who is offered in its forms."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm import access
from crm.access import Viewer
from crm.application import CRM
from domain.base import Aggregate
from domain.responsibility import Responsibility
from projections import people
from web.fields import Choice
from web.pages.lead_picks import named, workers


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a record: what the object rule asks about."""

    leader: UUID | None
    officers: Collection[UUID]
    begun_by: UUID | None


def held(crm: CRM, record: Any) -> Held:
    """Who answers for it now, and who began it. A record made for a leader is theirs too."""
    answer: Responsibility | None = getattr(record.state, "responsibility", None)
    own: UUID | None = getattr(record.state, "leader", None)
    officers = (answer.people if answer else frozenset()) | ({own} if own else frozenset())
    return Held(answer.leader if answer else own, officers, crm.begun_by(record.id))


def workable(crm: CRM, viewer: Viewer, record: Any) -> bool:
    """Whether the viewer may work on it."""
    return access.may_work_on(viewer, held(crm, record))


def demanding(kind: type[Aggregate]) -> Callable[[CRM, Viewer, UUID], None]:
    """What raises Forbidden unless the viewer may work on the one of that kind; Unknown where there is none."""

    def demand(crm: CRM, viewer: Viewer, id: UUID) -> None:
        access.demand(
            workable(crm, viewer, crm.aggregate(kind, id)),
            "只有负责的领导和人员、登记人和主管可以修改。",
            "Only those who answer for it, whoever began it and managers may change it.",
        )

    return demand


def people_offered(crm: CRM, record: Any = None) -> list[Choice]:
    """People at work; whoever answers for the record now stays in the list though they have left."""
    with crm.pool.connection() as conn:
        found, known = workers(conn), people.names(conn)
    answer: Responsibility | None = getattr(record.state, "responsibility", None) if record else None
    gone = (answer.people if answer else frozenset()) - {UUID(choice.value) for choice in found}
    return [*found, *(Choice(str(one), named(known.get(one, "—"))) for one in gone)]


def answers(record: Any) -> dict[str, Any]:
    """Who answers now, by the names of the form that says so."""
    answer: Responsibility | None = record.state.responsibility
    known = {name: getattr(answer, name) for name in Responsibility.__dataclass_fields__} if answer else {}
    return {name: value for name, value in known.items() if value is not None}
