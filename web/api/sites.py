"""Sites: the list by both clocks with its sums, one of them with who holds what, and what leads need."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from crm import access, clock
from domain.site import Site, SiteState
from domain.site.possible import possible
from projections import leads, needs, sites
from projections.needs import Need
from projections.sites import SiteRow, Space
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Paged, Plain, caught_up, reading, shape
from web.api.record_reads import Listed, RecordRead, commands, fields_of, head, reading_list
from web.pages.leads import scope_of
from web.pages.site_filters import SITES, site_filters
from web.session import Crm, Who

router = APIRouter(tags=["sites"])
_filter = fields_of(site_filters)


class SitesQuery(Listed):
    """The filters of the sites' page, by the same names and values."""

    q: Plain | None = _filter("q")
    kind: Plain | None = _filter("kind")
    held: Plain | None = _filter("held", ": free, reserved, occupied")
    fits: Plain | None = _filter("fits", "：如 1.2万 · like 12000")
    terms: Plain | None = _filter("terms")
    ready: bool = _filter("ready", default=False)
    floor_load: Plain | None = _filter("floor_load")
    height: Plain | None = _filter("height")
    power: Plain | None = _filter("power")
    taker: UUID | None = _filter("taker", "：线索、项目或企业编号 · the id of a lead, project or firm")
    answers: Plain | None = _filter("answers", "：编号，或 me · an id, or me")
    sort: Literal["free", "fit", "area", "name", "ready"] = "free"


Row = shape("ListedSite", SiteRow)
SpaceOut = shape("SpaceSums", Space)


class SitesAnswer(Answer):
    """Areas are in ㎡. `space`: the sums of all that matches, by kind."""

    totals: Counted
    space: dict[str, SpaceOut]  # type: ignore[valid-type]
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    sites: list[Row]  # type: ignore[valid-type]


@router.get("/sites", name="api.sites", response_model=SitesAnswer, responses=READ, summary="载体列表 · Sites")
def sites_listed(request: Request, crm: Crm, viewer: Who, query: Annotated[SitesQuery, Query()]) -> dict[str, Any]:
    with reading_list(crm, query, SITES, viewer) as found:
        page, totals = found.read()
        point, filters = found.asked.point, found.wanted.filters.asked()
        space = sites.space(found.conn, filters, point.as_at or clock.today(), point)
    position = found.position
    return {
        "position": position,
        "totals": counted(request.state.words, totals),
        "space": {str(kind): sums._asdict() for kind, sums in space.items()},
        "next": page.next,
        "sites": [row._asdict() for row in page.rows],
    }


Needed = shape("SpaceNeed", Need)


class NeedsAnswer(Answer):
    """Areas are in ㎡. `fits`: in how many sites so much is free now, 100 at most."""

    next: str | None = Field(description="下一页的 after · `after` of the next page")
    needs: list[Needed]  # type: ignore[valid-type]


@router.get(
    "/sites/needs", name="api.sites.needs", response_model=NeedsAnswer, responses=READ,
    summary="线索的空间需求 · What leads need",
)  # fmt: skip
def needs_listed(crm: Crm, viewer: Who, query: Annotated[Paged, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        page = needs.listed(conn, scope=scope_of(viewer), after=query.after, limit=query.limit)
    return {"position": position, "next": page.next, "needs": [row._asdict() for row in page.rows]}


class HoldingOut(BaseModel):
    """Space held; `number` is what a release or a move-in names it by. A lead is named to those who may list it."""

    number: int
    how: str
    area_m2: Decimal
    since: date
    lead: UUID | None
    project: UUID | None
    company: UUID | None
    firm: str | None
    note: str | None
    until: date | None
    terms: str | None
    rent_from: date | None


class SiteAnswer(Answer):
    """One site. A void one was not opened on any day. `commands`: what it would take now, from you."""

    id: UUID
    version: int
    opened_on: date | None
    name: str
    kind: str | None
    area_m2: Decimal
    offered: Decimal
    reserved: Decimal
    occupied: Decimal
    free: Decimal
    place: str | None
    operator: str | None
    use: str | None
    ready_on: date | None
    terms: str
    terms_note: str | None
    floor_load_t: Decimal | None
    height_m: Decimal | None
    power_kva: Decimal | None
    features: str | None
    holdings: list[HoldingOut]
    commands: list[str]


_OWN = ("id", "version", "position", "holdings", "commands")


@router.get(
    "/sites/{id}", name="api.site", response_model=SiteAnswer, responses=READ_ONE, summary="一个载体 · One site"
)
def site_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    site = crm.aggregate(Site, id)
    state: SiteState = site.at(query.as_at) if query.as_at else site.state
    with crm.pool.connection() as conn:
        rows = leads.some(conn, [one.lead for one in state.holdings if one.lead])
    shown = {lead for lead, row in rows.items() if access.may_list(viewer, row)}
    return {
        **head(response, site),
        **{name: getattr(state, name) for name in SiteAnswer.model_fields if name not in _OWN},
        "holdings": [
            {name: getattr(one, name) for name in HoldingOut.model_fields}
            | {"lead": one.lead if one.lead in shown else None}
            for one in state.holdings
        ],
        "commands": commands(crm, viewer, site, possible(site)) if query.as_at is None else [],
    }
