"""Coming in, going out, and the language of the pages."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from crm.accounts import Throttled
from domain.base import Text
from web.html import fragment, page, target, url_for
from web.security import safe_path
from web.session import LANGUAGE, SESSION, Doors, Posted, Visitor, close_session, open_session
from web.words import LANGUAGES

router = APIRouter()
WRONG = Text("登录名或密码不对。", "Login or password is wrong.")


@router.get("/login", name="login")
def show(request: Request, viewer: Visitor, next: Annotated[str, Query()] = "/") -> Response:
    if viewer is not None:
        return RedirectResponse(safe_path(next), 303)
    return page(request, "login.html", sheet=False, error=None, login="", next=safe_path(next))


@router.post("/login", name="login.enter")
def enter(request: Request, doors: Doors, posted: Posted) -> Response:
    """A new session at every login. In the sheet that htmx opens over a half-filled page, the page stays."""
    login, onward = str(posted.get("login", "")), safe_path(str(posted.get("next", "")))
    address = request.client.host if request.client else ""
    try:
        person, error = doors.log_in(login, str(posted.get("password", "")), address), WRONG
    except Throttled as throttled:
        person, error = None, throttled.text
    if person is None:
        status = 422 if error is WRONG else 429
        return fragment(
            request,
            "login.html",
            "door",
            status=status,
            sheet=target(request) is not None,
            error=error,
            login=login,
            next=onward,
        )
    old = request.cookies.get(SESSION)
    if old:
        doors.end_session(old)
    token = doors.create_session(person)
    if target(request) is not None:
        response: Response = RedirectResponse(url_for(request, "login.again"), 303)
    else:
        response = RedirectResponse(onward, 303)
    open_session(request, response, token)
    return response


@router.get("/login/again", name="login.again")
def again(request: Request, viewer: Visitor) -> Response:
    """After logging in from the sheet: an empty door that carries the new session's CSRF token for the page behind."""
    if target(request) is None:
        return RedirectResponse("/", 303)
    return fragment(request, "errors/back.html", "door", viewer=viewer)


@router.post("/logout", name="logout")
def leave(request: Request, doors: Doors) -> Response:
    token = request.cookies.get(SESSION)
    if token:
        doors.end_session(token)
    response = RedirectResponse(url_for(request, "login"), 303)
    close_session(response)
    return response


@router.get("/language/{code}", name="language")
def language(code: str, back: Annotated[str, Query()] = "/") -> Response:
    """The same page in the other language."""
    response = RedirectResponse(safe_path(back), 303)
    if code in LANGUAGES:
        response.set_cookie(LANGUAGE, code, max_age=31536000, httponly=True, samesite="lax")
    return response
