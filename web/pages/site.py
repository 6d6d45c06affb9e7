"""One site: what is free in it, who holds what, how that went over time, which leads it would do for, what happened."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import access
from domain.base import Text, field_text
from domain.site import Holding, Site, SiteState
from domain.site.opening import OpenSite
from domain.site.possible import possible
from projections import leads, needs, projects
from projections.needs import Need
from web.html import page, url_for
from web.pages.answering import demanding
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.leads import scope_of
from web.pages.project_drawing import Scale
from web.pages.record_page import Look, RecordPage, shown
from web.pages.sheets import Sheets, add_commands
from web.pages.site_access import ACTIONS, narrowed, offers_for, values, whose
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Site, "/sites", "site", offers=offers_for, knows=values, demands=demanding(Site), narrows=narrowed,
    named=lambda site: site.name, apart=frozenset({"sites", NOUN}),
)  # fmt: skip


class Use(NamedTuple):
    """A holding as shown: for whom, and where that opens (nowhere where the viewer may not)."""

    held: Holding
    whose: str
    there: str


class Stretch(NamedTuple):
    """From one day to the next on which something changed: its place on the axis, and the heights of its parts."""

    since: date
    state: SiteState
    x: float
    width: float
    occupied: float
    reserved: float
    free: float


def _known(look: Look) -> Mapping[UUID, str]:
    """The names of everybody the site's facts are about. Leads are named to those who may list them."""
    ever = [one for event in look.record.events for name in ("lead", "project") if (one := getattr(event, name, None))]
    with look.crm.pool.connection() as conn:
        rows = {one: row for one, row in leads.some(conn, ever).items() if access.may_list(look.viewer, row)}
        return {**{one: row.company for one, row in rows.items()}, **projects.LIST.called(conn, ever)}


_ABOUT: Final = ("kind", "place", "operator", "use", "ready_on", "terms", "terms_note", "floor_load_t", "height_m",
                 "power_kva")  # fmt: skip
PAGE: Final = RecordPage(
    Site, "sites", ACTIONS, possible,
    {**{name: field_text(OpenSite, name) for name in _ABOUT}, "opened_on": Text("登记日期", "Registered")},
    names=_known, styles=("sites.css",),
)  # fmt: skip


@router.get("/sites/{id}", name="site")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    state: SiteState = found.state
    day, names = found.look.day, found.context["names"].records
    scale = Scale([found.record.begun_on or day, day])
    return page(
        request, "sites/site.html", **found.context, fits=_fitting(found.look),
        uses=[Use(held, whose(held, names), _there(request, held, names)) for held in state.holdings],
        stretches=list(stretches(found.record, scale, day)), ticks=scale.ticks(),
        ready=state.ready_on is None or state.ready_on <= day,
    )  # fmt: skip


def _fitting(look: Look) -> Sequence[Need]:
    """The leads that the space which is free now would do for."""
    if not look.present or look.state.free <= 0:
        return []
    with look.crm.pool.connection() as conn:
        return needs.fitting(conn, str(look.state.kind), look.state.free, scope=scope_of(look.viewer))


def _there(request: Request, held: Holding, names: Mapping[UUID, str]) -> str:
    if held.project in names:
        return url_for(request, "project", id=held.project)
    return url_for(request, "lead", id=held.lead) if held.lead in names else ""


def stretches(site: Site, scale: Scale, until: date) -> Iterator[Stretch]:
    """What was free, reserved and moved into, day by day up to `until`; heights are per cent of the most there ever was."""
    days = [(day, site.at(day)) for day in dict.fromkeys(fact.occurred_on for fact in site.facts) if day <= until]
    most = max((max(state.offered, state.area_m2) for _, state in days), default=Decimal(0)) or Decimal(1)
    for place, (day, state) in enumerate(days):
        ends = days[place + 1][0] if place + 1 < len(days) else until
        x = scale.at(day)
        heights = (round(float(100 * part / most), 2) for part in (state.occupied, state.reserved, state.free))
        yield Stretch(day, state, x, max(round(scale.at(ends) - x, 2), 0.3), *heights)


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
