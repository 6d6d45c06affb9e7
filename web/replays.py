"""Looking at a replay: which one a browser or a program looks at, what answers it, and what is refused meanwhile."""

from dataclasses import replace
from typing import Any, Final

from fastapi import Request

from crm import clock
from crm.access import Forbidden, Viewer
from crm.application import CRM
from crm.replays import Replayed, Replays
from web.security import SAFE_METHODS
from web.words import Words

COOKIE: Final = "replay"
ENTER: Final = "audit.replay.enter"
_DOORS: Final = frozenset({
    "login", "login.enter", "login.again", "logout", "language", "health", "ready", "metrics", "favicon", "openapi",
    ENTER, "audit.replay.leave",
})  # fmt: skip
"""Routes to which it makes no difference."""
_PRESENT: Final = (
    "account", "import", "imports", "admin.tokens", "admin.erasures", "admin.erasure", "audit.replays", "audit.checkpoint",
    "audit.checkpoints", "audit.event.proof", "audit.bundle", "audit.readings",
)  # fmt: skip
"""Routes, and all below them, whose content is in no replay: they go on showing the present, and say so."""
_OWN: Final = ("account.password", "leads.find", "api.leads.find")
"""Posts that change nothing of the district: one's own password, and a name that must not stand in an address."""


class ReplayGone(Exception):
    """The replay that was being looked at is not there any more, or does not fit this version."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class LookingBack(Exception):
    """Nothing can be changed while one looks at a replay."""


class OtherView(Exception):
    """The page asks for a part of itself, and what its browser looks at has changed in another window."""


def look(request: Request, route: str, viewer: Viewer) -> Viewer:
    """Give the request the replay it asks for, and the viewer the eyes for it. Raises ReplayGone, Forbidden."""
    state, name = request.state, _wanted(request)
    if not name or route in _DOORS:
        return viewer
    if not viewer.may_open(ENTER):
        if request.url.path.startswith("/api/"):
            raise Forbidden("只有管理人员与审计人员能读回放。", "Only overseers and auditors may read replays.")
        return viewer
    opened: Replayed | None = _replays(request).of(name)
    if opened is None:
        raise ReplayGone(name)
    state.replay, state.present = opened.replay, _is_present(route)
    if not state.present:
        state.crm, state.updating = opened, False
    return replace(viewer, looking_back=True)


def _wanted(request: Request) -> str:
    api = request.url.path.startswith("/api/")
    return (request.query_params if api else request.cookies).get(COOKIE, "")


def _replays(request: Request) -> Replays:
    replays: Replays = request.app.state.replays
    return replays


def _is_present(route: str) -> bool:
    bare = route.removeprefix("api.")
    return any(bare == name or bare.startswith(f"{name}.") for name in _PRESENT)


def position_of(request: Request) -> int | None:
    """The position of the replay that answers this request; None where the present does."""
    replay = getattr(request.state, "replay", None)
    return None if replay is None or request.state.present else int(replay.position)


def in_replay(request: Request) -> bool:
    """Whether a replay answers: contact persons are found in none, for what finds them goes when they are erased."""
    return position_of(request) is not None


def crm_of(request: Request) -> CRM:
    """What answers this request: the district, or a replay of it."""
    crm: CRM = getattr(request.state, "crm", None) or request.app.state.crm
    return crm


def stand(request: Request, route: str, viewer: Viewer | None) -> None:
    """Refuse what cannot be done in a replay; let the rest be seen as on its day. Raises LookingBack, OtherView."""
    looked_at: Any = getattr(request.state, "replay", None)
    _check_window(request, looked_at.name if looked_at else "")
    clock.stand_on(None)
    if viewer is None or looked_at is None:
        return
    changes = request.method not in SAFE_METHODS and route not in _OWN
    asks_for_form = not request.url.path.startswith("/api/") and not viewer.may_open(route)
    if changes or asks_for_form:
        raise LookingBack
    if not request.state.present:
        clock.stand_on(looked_at.day)
        request.state.words = Words(request.state.words.language, looked_at.day)


def _check_window(request: Request, looked_at: str) -> None:
    """A window that was opened before another one entered or left the replay must not mix the two."""
    shown = request.headers.get("x-replay")
    if request.method in SAFE_METHODS and "hx-request" in request.headers and shown not in (None, looked_at):
        raise OtherView
