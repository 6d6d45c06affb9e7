"""Who works on a record that somebody answers for: whatever has a state with `responsibility`, in pages and API alike."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from crm import access
from crm.access import Viewer
from crm.application import CRM
from domain.correctable import Correctable
from projections import people
from web.fields import Choice
from web.pages.lead_picks import named, workers


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a record: what the object rule asks about."""

    leader: UUID | None
    officers: Collection[UUID]
    begun_by: UUID | None


def held(crm: CRM, record: Correctable) -> Held:
    """Who answers for it now, and who began it."""
    answer = record.state.responsibility
    return Held(answer.leader if answer else None, answer.people if answer else (), crm.begun_by(record.id))


def workable(crm: CRM, viewer: Viewer, record: Correctable) -> bool:
    """Whether the viewer may work on it."""
    return access.may_work_on(viewer, held(crm, record))


def demands(kind: type[Correctable]) -> Callable[[CRM, Viewer, UUID], None]:
    """For one kind: raise Forbidden unless the viewer may work on that one; Unknown where there is none."""

    def demand(crm: CRM, viewer: Viewer, id: UUID) -> None:
        access.demand(
            workable(crm, viewer, crm.aggregate(kind, id)),
            "只有负责人、服务专员、登记人和主管可以修改。",
            "Only those who answer for it, whoever recorded it and managers may change it.",
        )

    return demand


def answering(crm: CRM, record: Correctable) -> list[Choice]:
    """People at work, and whoever answers for it now though they have left."""
    answer = record.state.responsibility
    with crm.pool.connection() as conn:
        offered = workers(conn)
        gone = (answer.people if answer else frozenset()) - {UUID(choice.value) for choice in offered}
        known = people.names(conn) if gone else {}
    return [*offered, *(Choice(str(one), named(known.get(one, "—"))) for one in gone)]
