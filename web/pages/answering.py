"""Whoever answers for a record, whatever its kind: who may work on it, who is offered in its forms, with what they open."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from crm import access
from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.correctable import Correctable
from domain.funding import Funding
from domain.procedure import Procedure
from domain.project import Project
from domain.responsibility import Responsibility
from projections import people
from web.fields import Choice
from web.pages.lead_picks import named, workers

THROUGH_PROJECT: Final = (Procedure, Funding)
"""Kinds that whoever answers for their project may work on too."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a record: what the object rule asks about."""

    officers: Collection[UUID]
    begun_by: UUID | None
    leader: UUID | None = None


def held(crm: CRM, record: Correctable) -> Held:
    """Who answers for it now or handles it, and who began it."""
    has: frozenset[UUID] = record.state.people
    if isinstance(record, THROUGH_PROJECT):
        has |= _of_project(crm, record.state.project)
    return Held(has, crm.begun_by(record.id))


def _of_project(crm: CRM, id: UUID | None) -> frozenset[UUID]:
    try:
        found: frozenset[UUID] = crm.aggregate(Project, id).state.people if id else frozenset()
    except Unknown:
        return frozenset()
    return found


def workable(crm: CRM, viewer: Viewer, record: Correctable) -> bool:
    """Whether the viewer may work on it."""
    return access.may_work_on(viewer, held(crm, record))


def demanding(kind: type[Correctable]) -> Callable[[CRM, Viewer, UUID], None]:
    """What raises Forbidden unless the viewer may work on the one of that kind; Unknown where there is none."""

    def demand(crm: CRM, viewer: Viewer, id: UUID) -> None:
        access.demand(
            workable(crm, viewer, crm.aggregate(kind, id)),
            "只有负责人、经办人、登记人和主管可以修改。",
            "Only those who answer for it or handle it, whoever recorded it and managers may change it.",
        )

    return demand


def people_offered(crm: CRM, record: Correctable | None = None) -> list[Choice]:
    """People at work; whoever has the record now stays in the list though they have left."""
    with crm.pool.connection() as conn:
        found = workers(conn)
        gone = (record.state.people if record else frozenset()) - {UUID(choice.value) for choice in found}
        known = people.names(conn) if gone else {}
    return [*found, *(Choice(str(one), named(known.get(one, "—"))) for one in gone)]


def in_force(record: Correctable, details: type[BaseModel], *also: str) -> dict[str, Any]:
    """What holds now by the names that its forms use: the details, who answers, and whatever else is called as in the state."""
    state = record.state
    answer: Responsibility | None = getattr(state, "responsibility", None)
    known = {name: getattr(state, name) for name in also}
    known |= {name: getattr(answer, name) for name in Responsibility.__dataclass_fields__} if answer else {}
    known = {name: value for name, value in known.items() if value is not None}
    return {"details": {name: getattr(state, name) for name in details.model_fields}, **known}
