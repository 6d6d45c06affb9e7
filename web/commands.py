"""From a posted form to a command and back: `by`, `submit`, `done`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar
from uuid import uuid4

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from crm.access import Viewer
from crm.application import By, Done, Stale
from domain.base import Form, Refused, Text
from web.fields import Picks
from web.forms import FormView, command_id, parse, refused, seen_version, view
from web.session import SEEN, leave_notice

F = TypeVar("F", bound=Form)
STALE = Text(
    "您填写期间，这条记录已被他人更新。您填写的内容保留在下面，请核对后再提交。",
    "Somebody changed this record while you were filling this in. What you typed is still here: check it and send again.",
)


def by(viewer: Viewer, posted: FormData) -> By:
    """Who acts, in which role, under the command id their form carried."""
    return By(viewer.id, viewer.acting, command_id(posted))


def submit(
    kind: type[F],
    posted: FormData,
    act: Callable[[F], Done],
    *,
    action: str,
    picks: Picks | None = None,
    current: Callable[[], Any] | None = None,
) -> Done | FormView:
    """Read the form and act on it. A form to show again is the answer when it cannot be read, is refused or stale.

    `current` gives the values now in force; they are shown beside the typed ones when the form was stale.
    """
    parsed = parse(kind, posted, command_id(posted))
    shown: dict[str, Any] = {
        "raw": parsed.raw, "picks": picks, "command": str(command_id(posted)), "version": seen_version(posted)
    }  # fmt: skip
    if parsed.form is None:
        return replace(view(kind, action, errors=parsed.errors, **shown), status=422)
    try:
        return act(parsed.form)
    except Refused as refusal:
        return refused(view(kind, action, **shown), refusal)
    except Stale as stale:
        shown |= {"version": stale.current_version, "command": str(uuid4()), "current": current() if current else None}
        return replace(view(kind, action, error=STALE, **shown), status=409)


def done(request: Request, answer: Done, to: str, said: Text | None = None) -> RedirectResponse:
    """The command succeeded: go on to `to`, which waits for the projections and says `said`.

    With htmx the browser follows by itself and asks for the block it targeted.
    """
    response = RedirectResponse(to, 303)
    secure = request.app.state.settings.secure_cookies
    response.set_cookie(SEEN, str(answer.position), max_age=30, httponly=True, samesite="lax", secure=secure)
    if said is not None:
        leave_notice(response, said)
    return response
