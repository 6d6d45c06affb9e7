"""A lead as its pages need it: loaded, and opened only to those who may."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm import access
from crm.access import Viewer
from crm.application import CRM, Unknown
from domain.base import Refused
from domain.funnel import Stage
from domain.lead import Lead
from domain.lead.progress import Landed
from web.pointing import references


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a lead: what the object rules ask about."""

    channel: UUID | None
    owner: UUID | None


def held(lead: Lead) -> Held:
    """Who has the lead now; of a void one, who had brought it."""
    if lead.standing.counts or not lead.events:
        return Held(lead.attribute("channel"), lead.attribute("owner"))
    first = lead.events[0]
    return Held(getattr(first, "channel", None), getattr(first, "owner", None))


def company_of(lead: Lead) -> str:
    """The company's name, of a void lead too."""
    return str(lead.attribute("company") or getattr(lead.events[0], "company", ""))


def landed(lead: Lead) -> bool:
    """Whether a project may be opened from the lead."""
    return lead.standing.counts and lead.standing.stage is Stage.LANDED


def landing_code(lead: Lead) -> str | None:
    """The credit code of what was registered here, as its landing says."""
    return next((fact.entity_code for fact in reversed(lead.facts) if isinstance(fact, Landed)), None)


def readable(crm: CRM, viewer: Viewer, id: UUID, version: int | None = None) -> Lead:
    """The lead, for whoever may read it today, whatever version is asked for; else 403, or 404 to those who may not even list it."""
    lead = crm.lead(id)
    holder = held(lead)
    if not access.may_read(viewer, holder):
        if not access.may_list(viewer, holder):
            raise Unknown
        access.demand(
            False,
            "这是其他渠道的线索，您只能在列表中看到它。",
            "This lead belongs to another channel; you see it in lists only.",
        )
    return lead if version is None or version == lead.version else crm.lead(id, version=version)


def changeable(crm: CRM, viewer: Viewer, id: UUID) -> Lead:
    """The lead, for whoever may change it."""
    lead = readable(crm, viewer, id)
    access.demand(
        access.may_change(viewer, held(lead)),
        "只有本渠道人员、负责人或主管可以修改这条线索。",
        "Only its channel's staff, its owner or a manager may change this lead.",
    )
    return lead


def demand_pick(form: Any, picks: Any, only: Container[str] | None = None) -> None:
    """Refuse a reference that the form did not offer; `only`: of the fields named so."""
    for name, pick, value in references(form):
        if only is not None and name.partition(".")[0] not in only:
            continue
        offered = picks.get(pick)
        if offered is not None and str(value) not in {choice.value for choice in offered}:
            raise Refused("pick.unknown", "请从列表中选择。", "Please choose from the list.", field=name)
