"""Sites in other lists: the needs of leads with how many sites would do, and the sites as a file."""

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import exports
from crm.access import Viewer
from crm.application import CRM
from crm.site_table import site_table
from domain.funnel import Stage
from projections import needs, people, sites
from projections.paging import BadCursor
from web.html import page
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import sort_of
from web.pages.leads import scope_of
from web.pages.moments import moment
from web.pages.site_filters import SITES
from web.session import Crm, Who

router = APIRouter()
PAGE: Final = 50


@router.get("/sites/export.{form}", name="sites.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("sites", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = SITES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, names = moment(conn, request.query_params), people.names(conn)
        rows = sites.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort_of(request, SITES.sorts))
        yield from site_table(rows, names, viewer.language)


@router.get("/sites/needs", name="sites.needs")
def needed(request: Request, crm: Crm, viewer: Who) -> Response:
    """Which open leads need space or ground, and in how many sites there is so much now."""
    scope = scope_of(viewer)
    after, before = (request.query_params.get(name) or None for name in ("after", "before"))
    with crm.pool.connection() as conn:
        try:
            found = needs.listed(conn, scope=scope, after=after, before=before, limit=PAGE)
        except BadCursor:
            found = needs.listed(conn, scope=scope, limit=PAGE)
        names = names_of(conn)
    return page(request, "sites/needs.html", found=found, names=names, stage_of=Stage)
