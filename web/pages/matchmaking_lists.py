"""What came of matchmaking, loan by loan and contract by contract; the meetings and the outcomes as files."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import exports
from crm.access import Viewer
from crm.application import CRM
from crm.matchmaking_table import matchmaking_table, outcome_table
from domain.matchmaking import OutcomeKind
from projections import matchmakings, outcomes, people
from projections.outcomes import OutcomeRow
from projections.paging import BadCursor, Page
from web.html import page
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import Asked, listing, sort_of
from web.pages.funnel_question import NAMES
from web.pages.matchmaking_filters import OUTCOME_SORTS, SORTS, outcome_choices, read, read_outcomes
from web.pages.moments import Moment, moment
from web.session import Crm, Who

router = APIRouter()


@router.get("/matchmakings/outcomes", name="matchmakings.outcomes")
def listed(request: Request, crm: Crm) -> Response:
    """Every loan and contract; htmx asks for `#results` alone."""
    wanted = read_outcomes(request.query_params)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        found, filters = _page(conn, request, wanted, asked), wanted.filters.asked()
        shown = {row.meeting for row in found.rows} | ({wanted.filters.meeting} if wanted.filters.meeting else set())
        meetings = {one: row.name for one, row in matchmakings.LIST.some(conn, list(shown), asked.point).items()}
        context = {
            **listing(request, "matchmakings.outcomes", wanted, OUTCOME_SORTS, found, names_of(conn, meetings),
                      kept=("as_at", "known_at")),
            "question": asked.question,
            "NAMES": NAMES,
            "totals": outcomes.LIST.totals(conn, filters, asked.point),
            "came": outcomes.came(conn, filters, asked.point),
            "lists": outcome_choices(),
            "meetings": meetings,
            "kind_of": OutcomeKind,
        }  # fmt: skip
    return page(request, "matchmakings/outcomes.html", **context)


def _page(conn: Connection[Any], request: Request, wanted: Asked, asked: Moment) -> Page[OutcomeRow]:
    filters, sort = wanted.filters.asked(), sort_of(request, OUTCOME_SORTS)
    after, before = (request.query_params.get(name) or None for name in ("after", "before"))
    try:
        return outcomes.LIST.page(conn, filters, asked.point, sort=sort, after=after, before=before)
    except BadCursor:
        return outcomes.LIST.page(conn, filters, asked.point, sort=sort)


# ── as files ────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/matchmakings/export.{form}", name="matchmakings.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """The meetings that the list shows with these filters, on that day, as known then."""
    return file_of("matchmakings", form, _meetings(request, crm, viewer))


@router.get("/matchmakings/outcomes/export.{form}", name="matchmakings.outcomes.export")
def export_outcomes(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """The loans and contracts that the list shows with these filters, on that day, as known then."""
    return file_of("outcomes", form, _outcomes(request, crm, viewer))


def _meetings(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, names = moment(conn, request.query_params), people.names(conn)
        rows = matchmakings.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort_of(request, SORTS))
        yield from matchmaking_table(rows, names, viewer.language)


def _outcomes(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = read_outcomes(request.query_params)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rows = outcomes.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort_of(request, OUTCOME_SORTS))
        yield from outcome_table(rows, matchmakings.LIST.names(conn), viewer.language)
