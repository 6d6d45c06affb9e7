"""Matchmaking meetings: the list by both clocks with what came of them, and recording one."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Text
from domain.matchmaking import Matchmaking, MatchmakingKind
from projections import matchmakings
from web.fields import Picks
from web.html import page
from web.pages.matchmaking_filters import MATCHMAKINGS, choices
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import context
from web.session import Crm, Who

router = APIRouter()


@router.get("/matchmakings", name="matchmakings")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = MATCHMAKINGS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        shown = context(conn, request, MATCHMAKINGS, wanted, asked, choices())
        by_kind = matchmakings.came(conn, wanted.filters.asked(), asked.point)
    return page(request, "matchmakings/list.html", **shown, by_kind=by_kind, kind_of=MatchmakingKind)


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
