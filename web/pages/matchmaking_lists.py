"""What came of matchmaking, loan by loan and contract by contract; the meetings and the outcomes as files."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import exports
from crm.access import Viewer
from crm.application import CRM
from crm.matchmaking_table import matchmaking_table, outcome_table
from domain.matchmaking import OutcomeKind
from projections import matchmakings, outcomes, people
from projections.outcomes import OutcomeRow
from web.html import page
from web.pages.facts import Names, names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import sort_of
from web.pages.matchmaking_filters import MATCHMAKINGS, OUTCOMES, outcome_choices
from web.pages.moments import moment
from web.pages.record_list import context
from web.session import Crm, Who

router = APIRouter()


@router.get("/matchmakings/outcomes", name="matchmakings.outcomes")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """Every loan and contract; htmx asks for `#results` alone."""
    wanted = OUTCOMES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)

        def meetings(rows: Sequence[OutcomeRow]) -> Names:
            shown = [*(row.meeting for row in rows), wanted.filters.meeting]
            return names_of(conn, matchmakings.LIST.called(conn, shown, asked.point))

        shown = context(conn, request, OUTCOMES, wanted, asked, outcome_choices(), names=meetings)
        came = outcomes.came(conn, wanted.filters.asked(), asked.point)
    return page(request, "matchmakings/outcomes.html", **shown, came=came, kind_of=OutcomeKind)


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
    wanted = MATCHMAKINGS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, names = moment(conn, request.query_params), people.names(conn)
        rows = matchmakings.LIST.every(
            conn, wanted.filters.asked(), asked.point, sort=sort_of(request, MATCHMAKINGS.sorts)
        )
        yield from matchmaking_table(rows, names, viewer.language)


def _outcomes(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = OUTCOMES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rows = outcomes.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort_of(request, OUTCOMES.sorts))
        yield from outcome_table(rows, matchmakings.LIST.names(conn), viewer.language)
