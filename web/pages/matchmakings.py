"""Matchmaking meetings: the list by both clocks with what came of them, and recording one."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Text
from domain.matchmaking import Matchmaking, MatchmakingKind
from projections import matchmakings
from projections.matchmakings import MatchmakingRow
from projections.paging import BadCursor, Page
from web.fields import Picks
from web.html import page
from web.pages.facts import names_of
from web.pages.filters import Asked, listing, sort_of
from web.pages.funnel_question import NAMES
from web.pages.matchmaking_filters import SORTS, choices, read
from web.pages.moments import Moment, moment
from web.pages.opening import Opening, add_opening
from web.session import Crm, Who

router = APIRouter()


@router.get("/matchmakings", name="matchmakings")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        context = _list(conn, request, wanted, asked)
    return page(request, "matchmakings/list.html", **context)


def _list(conn: Connection[Any], request: Request, wanted: Asked, asked: Moment) -> dict[str, Any]:
    found, filters = _page(conn, request, wanted, asked), wanted.filters.asked()
    anything = matchmakings.MatchmakingFilters().asked()
    return {
        **listing(request, "matchmakings", wanted, SORTS, found, names_of(conn), kept=("as_at", "known_at")),
        "carried": {**wanted.typed, **asked.question.days},
        "question": asked.question,
        "NAMES": NAMES,
        "totals": matchmakings.LIST.totals(conn, filters, asked.point),
        "by_kind": matchmakings.came(conn, filters, asked.point),
        "lists": choices(),
        "any": bool(found.rows) or bool(matchmakings.LIST.totals(conn, anything, asked.point).count),
        "kind_of": MatchmakingKind,
    }


def _page(conn: Connection[Any], request: Request, wanted: Asked, asked: Moment) -> Page[MatchmakingRow]:
    filters, sort = wanted.filters.asked(), sort_of(request, SORTS)
    after, before = (request.query_params.get(name) or None for name in ("after", "before"))
    try:
        return matchmakings.LIST.page(conn, filters, asked.point, sort=sort, after=after, before=before)
    except BadCursor:
        return matchmakings.LIST.page(conn, filters, asked.point, sort=sort)


# ── recording one ───────────────────────────────────────────────────────────────────────────────────────────────────


def _offers(_crm: CRM, _viewer: Viewer, _given: Mapping[str, str]) -> Picks:
    return {}


def _knows(_crm: CRM, _viewer: Viewer, _given: Mapping[str, str]) -> Mapping[str, Any]:
    return {"occurred_on": clock.today()}


add_opening(
    router,
    Opening(
        Matchmaking, "/matchmakings", "matchmakings", "matchmaking",
        ((Text("对接会", "The meeting"), ("name", "kind", "occurred_on", "place", "organiser", "content")),),
        _offers, _knows,
        Text("先登记会议，参会企业、贷款和合同在会议页上逐笔登记。",
             "Record the meeting first; firms met, loans and contracts are recorded one by one on its page."),
        ("projects.css", "sites.css"),
    ),
)  # fmt: skip
