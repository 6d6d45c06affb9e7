"""Who is asking: cookie or bearer token → Viewer, the access rule of the route, the CSRF check. Runs before every route.

Handlers take what they need as parameters: `viewer: Who`, `crm: Crm`, `accounts: Doors`, `posted: Posted`.
"""

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote, unquote
from uuid import UUID

import psycopg
from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from crm import access, clock, readings
from crm.access import PUBLIC, Forbidden, Viewer
from crm.accounts import Accounts
from crm.application import CRM
from domain.base import Text
from web import replays
from web.security import SAFE_METHODS, Csrf
from web.words import LANGUAGES, Words

SESSION, VISITOR, LANGUAGE, SEEN, NOTICE = "landfall", "visitor", "language", "seen", "notice"
_BEARER_PATHS = ("/api/", "/metrics")
_ALLOWED_BEFORE_CHANGE = {"account", "account.password", "logout", "language"}


class LoggedOut(Exception):
    """There is no session (any more): log in first."""


class MustChange(Exception):
    """The password was set by somebody else: choose one before anything else."""


class Unrecorded(Exception):
    """What is asked for has to stand in the log of readings first, and that cannot be written: nothing is shown."""


class Unconfirmed(Exception):
    """A post without the CSRF token of its session."""


def greet(request: Request) -> None:
    """Give the request its language, its CSRF secret and the notice left by the last command."""
    state = request.state
    if hasattr(state, "words"):
        return
    state.viewer = None
    state.words = Words(_language(request), clock.today())
    state.notice = _notice(request)
    session = request.cookies.get(SESSION) or request.cookies.get(VISITOR)
    if not session and request.url.path.startswith("/api/"):
        session = secrets.token_urlsafe(16)  # programs post with a token of their own and keep no cookies
    elif not session:
        session = state.new_visitor = secrets.token_urlsafe(16)
    state.csrf = Csrf(request.app.state.signing_key, session)


def _language(request: Request) -> str:
    chosen = request.cookies.get(LANGUAGE)
    if chosen in LANGUAGES:
        return chosen
    wanted = [part.partition(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
    default: str = request.app.state.settings.language
    return next((code for code in wanted if code in LANGUAGES), default)


def _notice(request: Request) -> Text | None:
    try:
        zh, en = json.loads(unquote(request.cookies.get(NOTICE, "")))
    except (ValueError, TypeError):
        return None
    return Text(str(zh), str(en))


def leave_notice(response: Response, text: Text) -> None:
    """Have the next page say `text`."""
    response.set_cookie(NOTICE, quote(json.dumps(text)), max_age=60, httponly=True, samesite="lax")


def visitor(request: Request) -> Viewer | None:
    """Whoever is logged in, acting in the role that lets them use this route."""
    greet(request)
    person, must_change = _known(request)
    crm: CRM = request.app.state.crm
    if person is None:
        return None
    _await_own_writes(request, crm)
    language = request.state.words.language
    found = access.look_up(crm.pool, person, clock.today(), language=language, must_change=must_change)
    if found is None:
        return None
    if not found.sees_all:
        found = replace(found, sight=crm.rules().staff_reading)
    request.state.viewer = viewer = found.acting_on(_route(request))
    request.state.viewer = viewer = replays.look(request, _route(request), viewer)
    return viewer


def _known(request: Request) -> tuple[Any, bool]:
    doors: Accounts = request.app.state.accounts
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if request.url.path.startswith(_BEARER_PATHS) and scheme.lower() == "bearer":
        return doors.token(key.strip()), False
    if request.url.path.startswith("/api/"):
        return None, False
    token = request.cookies.get(SESSION)
    return doors.session(token) or (None, False) if token else (None, False)


def _await_own_writes(request: Request, crm: CRM) -> None:
    """After a command the page that comes back already shows it, or says that it is catching up."""
    seen = request.cookies.get(SEEN, "")
    if replays.COOKIE in request.cookies:
        return  # nothing is ever new in a replay
    if request.method in SAFE_METHODS and seen.isdecimal() and len(seen) < 19:  # noqa: PLR2004 - a bigint
        request.state.updating = not crm.wait(int(seen))


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "name", ""))


async def permitted(request: Request, viewer: Annotated[Viewer | None, Depends(visitor)]) -> AsyncIterator[None]:
    """Let nobody past the rule of the route, nor a post without its session's CSRF token; close what was uploaded."""
    _check_rule(_route(request), viewer)
    replays.stand(request, _route(request), viewer)
    try:
        if request.method not in SAFE_METHODS and not request.url.path.startswith("/api/"):
            await _confirm(request)
        await _write_down(request, viewer)
        yield
    finally:
        await request.close()


def _check_rule(name: str, viewer: Viewer | None) -> None:
    rule = access.rule(name)
    if rule == PUBLIC:
        return
    if viewer is None:
        raise LoggedOut
    if not rule & viewer.roles:
        raise Forbidden
    if viewer.must_change and name not in _ALLOWED_BEFORE_CHANGE:
        raise MustChange


async def _confirm(request: Request) -> None:
    csrf: Csrf = request.state.csrf
    if not csrf.matches(request.headers.get("X-CSRF-Token")) and not csrf.matches((await request.form()).get("csrf")):
        raise Unconfirmed


async def _write_down(request: Request, viewer: Viewer | None) -> None:
    """Before an auditor sees anything, and before anybody takes a file out, it stands in the log of readings."""
    name = _route(request)
    if viewer is not None and readings.due(name, viewer, reads=request.method in SAFE_METHODS):
        subject, rested_on = await _subject(request), replays.position_of(request)
        await run_in_threadpool(_append_reading, request.app.state.crm, viewer, name, *subject, rested_on)


async def _subject(request: Request) -> tuple[UUID | None, int | None]:
    """The record that is asked for: by its id, as the lead of a bundle, or by the position of one of its events."""
    given, asked = request.path_params, request.query_params
    form = await request.form() if request.method == "POST" and not request.url.path.startswith("/api/") else {}
    return _uuid(given.get("id") or asked.get("lead") or form.get("lead")), _position(given.get("position"))


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _position(text: Any) -> int | None:
    return int(text) if (text := str(text)).isdecimal() and len(text) < 19 else None  # noqa: PLR2004 - a bigint


def _append_reading(
    crm: CRM, viewer: Viewer, route: str, subject: UUID | None, position: int | None, rested_on: int | None
) -> None:
    try:
        with crm.pool.connection() as conn:
            readings.append(conn, viewer, route, subject or readings.stream_at(conn, position), rested_on)
    except psycopg.OperationalError:
        raise
    except psycopg.Error:
        raise Unrecorded from None


# These wait for nothing: as plain functions each would go to a thread and back.
async def _viewer(viewer: Annotated[Viewer | None, Depends(visitor)]) -> Viewer:
    if viewer is None:
        raise LoggedOut
    return viewer


async def _posted(request: Request) -> AsyncIterator[FormData]:
    async with request.form() as form:  # closes what was uploaded
        yield form


async def _crm(request: Request) -> CRM:
    return replays.crm_of(request)


async def _doors(request: Request) -> Accounts:
    doors: Accounts = request.app.state.accounts
    return doors


Who = Annotated[Viewer, Depends(_viewer)]
Visitor = Annotated[Viewer | None, Depends(visitor)]
Crm = Annotated[CRM, Depends(_crm)]
Doors = Annotated[Accounts, Depends(_doors)]
Posted = Annotated[FormData, Depends(_posted)]


def open_session(request: Request, response: Response, token: str) -> None:
    """Put a new session into the browser; the one that led here is not used again."""
    settings = request.app.state.settings
    response.set_cookie(
        SESSION, token, httponly=True, samesite="lax", secure=settings.secure_cookies,
        max_age=settings.session_absolute_minutes * 60,
    )  # fmt: skip
    response.delete_cookie(VISITOR)


def close_session(response: Response) -> None:
    """Take the session out of the browser."""
    for name in (SESSION, SEEN, NOTICE, replays.COOKIE):
        response.delete_cookie(name)
