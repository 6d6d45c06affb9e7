"""One site: what is free in it, who holds what, how that went over time, which leads it would do for, what happened."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Text, field_text
from domain.site import Holding, Site, SiteState
from domain.site.opening import OpenSite
from domain.site.possible import possible
from projections import leads, needs, projects
from web.html import page, url_for
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import Facts, names_of
from web.pages.funnel_question import NAMES
from web.pages.leads import scope_of
from web.pages.moments import Moment, looked_at, moment
from web.pages.project_drawing import Scale
from web.pages.record_access import demands, workable
from web.pages.record_menu import menu
from web.pages.sheets import Sheets, add_commands
from web.pages.site_access import ACTIONS, narrowed, offers_for, values, whose
from web.pages.story import story
from web.session import Crm, Who

router = APIRouter()
SHOWN_AT_FIRST: Final = 12
SHEETS = Sheets(
    Site, "/sites", "site", offers=offers_for, knows=values, demands=demands(Site), narrows=narrowed,
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


@router.get("/sites/{id}", name="site")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
    site, state = looked_at(crm, Site, id, asked.point)
    return page(request, "sites/site.html", **context(request, crm, viewer, site, state, asked))


def context(request: Request, crm: CRM, viewer: Viewer, site: Site, state: SiteState, asked: Moment) -> dict[str, Any]:
    """Everything the site's page shows: the site as known then, at the end of that day. Of a past nothing is asked."""
    day, now = asked.point.as_at or clock.today(), not asked.question.days
    with crm.pool.connection() as conn:
        uses, known = _uses(request, conn, viewer, site, state)
        names = names_of(conn, known)
        fits = (
            needs.fitting(conn, str(state.kind), state.free, scope=scope_of(viewer)) if now and state.free > 0 else []
        )
    facts = Facts(request.state.words, names)
    entries = [entry for entry in story(crm, site, names, facts).newest() if entry.happened_on <= day]
    works = now and workable(crm, viewer, site)
    scale = Scale([site.begun_on or day, day])
    return {
        "site": site,
        "state": state,
        "called": state.name or site.name,
        "names": names,
        "facts": facts,
        "question": asked.question,
        "NAMES": NAMES,
        "groups": menu(ACTIONS, possible(site)) if works else [],
        "may_correct": works,
        "about": about(facts, state),
        "uses": uses,
        "fits": fits,
        "stretches": list(stretches(site, scale, day)),
        "ticks": scale.ticks(),
        "ready": state.ready_on is None or state.ready_on <= day,
        "entries": entries[:SHOWN_AT_FIRST],
        "earlier": entries[SHOWN_AT_FIRST:],
    }


def _uses(
    request: Request, conn: Connection[Any], viewer: Viewer, site: Site, state: SiteState
) -> tuple[list[Use], Mapping[UUID, str]]:
    """Who holds what, and the names of everybody the site's facts are about. Leads are named to those who may list them."""
    ever = [getattr(event, name, None) for event in site.events for name in ("lead", "project")]
    ids = [one for one in ever if one]
    rows = {one: row for one, row in leads.some(conn, ids).items() if access.may_list(viewer, row)}
    built = projects.LIST.some(conn, ids)
    known = {**{one: row.company for one, row in rows.items()}, **{one: row.name for one, row in built.items()}}

    def there(held: Holding) -> str:
        if held.project in built:
            return url_for(request, "project", id=held.project)
        return url_for(request, "lead", id=held.lead) if held.lead in rows else ""

    return [Use(held, whose(held, known), there(held)) for held in state.holdings], known


def stretches(site: Site, scale: Scale, until: date) -> Iterator[Stretch]:
    """What was free, reserved and moved into, day by day up to `until`; heights are per cent of the most there ever was."""
    days = [(day, site.at(day)) for day in dict.fromkeys(fact.occurred_on for fact in site.facts) if day <= until]
    most = max((max(state.offered, state.area_m2) for _, state in days), default=Decimal(0)) or Decimal(1)
    for place, (day, state) in enumerate(days):
        ends = days[place + 1][0] if place + 1 < len(days) else until
        x = scale.at(day)
        heights = (round(float(100 * part / most), 2) for part in (state.occupied, state.reserved, state.free))
        yield Stretch(day, state, x, max(round(scale.at(ends) - x, 2), 0.3), *heights)


_SHOWN: Final = ("kind", "place", "operator", "use", "ready_on", "terms", "terms_note", "floor_load_t", "height_m",
                 "power_kva")  # fmt: skip


def about(facts: Facts, state: SiteState) -> list[tuple[str, str]]:
    """(label, value) of what the site is."""
    pairs = [(facts.words.t(field_text(OpenSite, name)), facts.said(name, getattr(state, name))) for name in _SHOWN]
    return [*pairs, (facts.words.t(Text("登记日期", "Registered")), facts.said("opened_on", state.opened_on))]


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
