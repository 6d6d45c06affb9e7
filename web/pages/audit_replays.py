"""Replays: which there are, looking at one, leaving it. They are made by command: the web's database role makes no tables."""

from datetime import date, timedelta
from typing import Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from crm import clock
from crm.replays import Replays
from domain.base import Text
from projections import engine, replay
from projections.models import MODELS
from projections.replay import Replay
from web import replays
from web.html import page, url_for
from web.security import safe_path
from web.session import Crm, Posted, leave_notice

router = APIRouter()
COOKIE: Final = replays.COOKIE
State = Literal["ready", "outdated", "unfinished"]


@router.get("/audit/replays", name="audit.replays")
def listed(request: Request, crm: Crm) -> Response:
    with crm.pool.connection() as conn:
        found, head = replay.listed(conn, crm.schema), engine.head(conn)
    month = _last_month(clock.today())
    return page(
        request, "audit/replays.html", replays=found, states={one.name: state_of(one) for one in found},
        example=month.isoformat(), example_name=f"end_{month:%Y_%m}", position=max(head, 1),
    )  # fmt: skip


def state_of(one: Replay) -> State:
    """Whether it can be looked at."""
    return "unfinished" if one.made_at is None else "outdated" if one.outdated(MODELS) else "ready"


def _last_month(today: date) -> date:
    return today.replace(day=1) - timedelta(days=1)


@router.post("/audit/replays/{replay_name}/visit", name="audit.replay.enter")
def enter(request: Request, replay_name: str) -> Response:
    """Have this browser look at the replay until it leaves it, or is closed."""
    known: Replays = request.app.state.replays
    if known.of(replay_name) is None:
        raise replays.ReplayGone(replay_name[:60])
    response = RedirectResponse(url_for(request, "today"), 303)
    secure = request.app.state.settings.secure_cookies
    response.set_cookie(COOKIE, replay_name, httponly=True, samesite="lax", secure=secure)
    return response


@router.post("/audit/replays/departure", name="audit.replay.leave")
def leave(posted: Posted) -> Response:
    """Back to the present, on the same page."""
    response = RedirectResponse(safe_path(str(posted.get("back", "/"))), 303)
    response.delete_cookie(COOKIE)
    leave_notice(response, Text("已离开回放，现在显示的是当前内容。", "You have left the replay: this is the present."))
    return response
