"""A site as its pages need it: what its forms offer, with what they open, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from crm.application import CRM
from domain.base import Form, Text
from domain.responsibility import TakeResponsibility
from domain.site import Hold, Holding, OccupySpace, OfferSpace, ReleaseSpace, ReserveSpace, ReviseSite, Site, SiteState
from domain.site.kinds import area_text
from domain.site.opening import SiteDetails
from projections import leads, needs
from web.fields import Choice, Picks
from web.forms import FormView
from web.pages.answering import in_force, people_offered
from web.pages.lead_picks import named
from web.pages.record_picks import projects_offered

OFFERED: Final = 200
ACTIONS: Final[Sequence[Mapping[type[Form], str]]] = (
    {OccupySpace: "door-enter", ReserveSpace: "key", ReleaseSpace: "door-exit", OfferSpace: "ruler-2"},
    {ReviseSite: "pencil", TakeResponsibility: "user-share"},
)


def offers_for(crm: CRM, site: Site) -> Picks:
    """The leads that need space and those that hold it here, projects under way, what is held here, people at work."""
    state: SiteState = site.state
    with crm.pool.connection() as conn:
        known = {row.lead: row.company for row in needs.listed(conn, limit=OFFERED).rows}
        known |= {
            row.id: row.company for row in leads.some(conn, [one.lead for one in state.holdings if one.lead]).values()
        }
        built = projects_offered(conn, *(one.project for one in state.holdings))
    whom = known | {UUID(one.value): one.text.zh for one in built}
    return {
        "person": people_offered(crm, site),
        "lead": [Choice(str(one), named(name)) for one, name in known.items()],
        "project": built,
        "holding": [_choice(one, whom) for one in state.holdings],
        "reservation": [_choice(one, whom) for one in state.holdings if one.how is Hold.RESERVED],
    }


def _choice(held: Holding, names: Mapping[UUID, str]) -> Choice:
    whom, area = whose(held, names), area_text(held.area_m2)
    how = held.how.text
    return Choice(str(held.number), Text(f"{whom} {how.zh} {area.zh}", f"{whom}, {how.en.lower()} {area.en}"))


def whose(held: Holding, names: Mapping[UUID, str]) -> str:
    """For whom it is held, by name."""
    found = (names.get(one, "") for one in (held.company, held.project, held.lead) if one)
    return held.firm or next(filter(None, found), "—")


def values(_crm: CRM, site: Site) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    return in_force(site, SiteDetails)


def narrowed(_site: Site, form: FormView) -> FormView:
    """The form without what has nothing to choose from: a reservation where nothing is reserved."""
    kept = (one for one in form.fields if one.name != "reservation" or one.choices or one.value)
    return replace(form, fields=tuple(kept))
