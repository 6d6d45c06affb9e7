"""What went wrong, answered once: every error of the domain, the doors and the database as a page, a fragment or a problem.

Pages say what to do next. Under /api/ the same errors are problem details (RFC 9457).
"""

import logging
import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException

from crm.access import Forbidden
from crm.accounts import Throttled
from crm.application import CommandReused, Stale, Unknown
from crm.database import DatabaseUnavailable
from crm.ledger import CONFLICT
from crm.master import Tampered
from domain.base import Refused, Text
from web.complaints import complaint, key_of, place
from web.html import fragment, page, target, url_for
from web.replays import COOKIE, LookingBack, OtherView, ReplayGone
from web.security import SAFE_METHODS, TooLarge
from web.session import LoggedOut, MustChange, Unconfirmed, Unrecorded, greet

log = logging.getLogger("landfall.web")

_TITLES: Final[Mapping[int, Text]] = {
    400: Text("请求有误", "Bad request"),
    401: Text("请登录", "Please log in"),
    403: Text("没有权限", "No right to this"),
    404: Text("找不到", "Not found"),
    405: Text("不能这样操作", "Not possible this way"),
    409: Text("内容已变化", "It has changed meanwhile"),
    412: Text("内容已变化", "It has changed meanwhile"),
    413: Text("内容过大", "Too large"),
    415: Text("不支持的内容类型", "Not a type this takes"),
    422: Text("内容有误", "Something is not right"),
    429: Text("请稍后再试", "Please wait a little"),
    500: Text("系统出错", "Something went wrong"),
    503: Text("暂时不可用", "Not available at the moment"),
}
_DEFAULTS: Final[Mapping[int, Text]] = {
    400: Text("请求无法识别，或某一项内容过长。请返回检查后重试。",
              "The request could not be read, or one field is far too long. Go back and check."),
    401: Text("请先登录。", "Please log in first."),
    404: Text("没有这个页面，或它所指的内容不存在。", "There is no such page, or nothing of that kind exists."),
    405: Text("这个地址不支持这种操作。", "This address does not support that."),
    415: Text("请按说明的内容类型发送，例如 application/json。", "Send it as the documented type, such as application/json."),
    413: Text("提交的内容过大，请缩短后再试。", "That is too large. Please shorten it and try again."),
    503: Text("数据库正在恢复，请稍后重试；已填写的内容会保留。",
              "The database is coming back. Try again in a moment; what you typed is kept."),
}  # fmt: skip


def problem(
    request: Request, status: int, text: Text, *, key: str = "", headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """One error as whoever asked understands it: a page, a notice for htmx, or problem details."""
    greet(request)
    title = _TITLES.get(status, _TITLES[500 if status >= 500 else 400])  # noqa: PLR2004
    if request.url.path.startswith("/api/"):
        said = request.state.words.t
        kind = f"urn:landfall:{key or status}"
        more |= (
            {"errors": [{**one, "detail": said(one["detail"])} for one in more["errors"]]} if "errors" in more else {}
        )
        body = {"type": kind, "title": said(title), "status": status, "detail": said(text), **more}
        return JSONResponse(body, status, media_type="application/problem+json", headers=dict(headers or {}))
    fits = "errors/notice.html" if target(request) is not None else "errors/error.html"
    answer = page(request, fits, status=status, title=title, text=text)
    if target(request) is not None:
        answer.headers.update({"HX-Retarget": "#notices", "HX-Reswap": "beforeend"})
    answer.headers.update(headers or {})
    return answer


def _refused(request: Request, error: Refused) -> Response:
    status = 429 if isinstance(error, Throttled) else 409 if error is CONFLICT else 422
    return problem(request, status, error.text, key=error.key, errors=[_at(error.field or "", error.key, error.text)])


def _at(field: str, key: str, detail: Text) -> dict[str, Any]:
    """What is wrong at one field ("": the whole), as problem details list it."""
    return {"field": field, "key": key, "detail": detail}


def _stale(request: Request, error: Stale) -> Response:
    text = Text(
        f"这条记录已被他人更新（现为第 {error.current_version} 版）。请刷新后再试。",
        f"Somebody changed this record; it is now at version {error.current_version}. Reload and try again.",
    )
    # Who sent the version in If-Match stated a precondition; a page's form did not.
    status = 412 if "if-match" in request.headers else 409
    return problem(request, status, text, key="stale", current_version=error.current_version)


def _reused(request: Request, _error: CommandReused) -> Response:
    text = Text(
        "这份表单已提交过，内容却不同。请刷新页面后重新填写。",
        "This form was sent before with other content. Reload the page and fill it in again.",
    )
    return problem(request, 409, text, key="command_reused")


def _unknown(request: Request, _error: Unknown) -> Response:
    return problem(request, 404, _DEFAULTS[404], key="unknown")


def _forbidden(request: Request, error: Forbidden) -> Response:
    return problem(request, 403, error.text, key="forbidden")


def _replay_gone(request: Request, error: ReplayGone) -> Response:
    text = Text(
        f"回放“{error.name}”已删除，或由另一版本生成而不能再读。现在离开回放，请重试。",
        f"The replay “{error.name}” was removed, or another version made it and it cannot be read. You have left it; try again.",
    )
    answer = problem(request, 404 if request.url.path.startswith("/api/") else 409, text, key="replay.unknown")
    answer.delete_cookie(COOKIE)
    return answer


def _looking_back(request: Request, _error: LookingBack) -> Response:
    replay = request.state.replay
    text = Text(
        f"正在查看回放“{replay.name}”，其中不能办理业务，什么都没有改动。请先离开回放，再提交；已填写的内容会保留。",
        f"You are looking at the replay “{replay.name}”, in which nothing can be done; nothing was changed. "
        "Leave it first and send again: what you typed is kept.",
    )
    return problem(request, 409, text, key="replay.read_only")


def _other_view(_request: Request, _error: OtherView) -> Response:
    return Response(status_code=204, headers={"HX-Refresh": "true"})


def _unconfirmed(request: Request, _error: Unconfirmed) -> Response:
    text = Text(
        "页面已过期，未作任何改动。请刷新页面后重试，已填写的内容会保留。",
        "This page is out of date; nothing was changed. Reload it and try again: what you typed is kept.",
    )
    return problem(request, 403, text, key="csrf")


def _unrecorded(request: Request, _error: Unrecorded) -> Response:
    log.error("the log of readings cannot be written")
    text = Text(
        "查阅记录写不进去，因此不能打开。请告知管理员。",
        "The log of readings cannot be written, so nothing is shown. Please tell your administrator.",
    )
    return problem(request, 503, text, key="unrecorded")


def _sealed(request: Request, error: Tampered) -> Response:
    log.error(
        "sealed texts cannot be opened: is the master key another? restart after a rotation",
        exc_info=_without_values(error),
    )
    text = Text(
        "联系人资料解不开：主密钥可能刚更换过。请告知管理员重新启动服务；重启后仍如此，请运行 crm audit verify。",
        "Contact persons cannot be read: the master key may have just been changed. Please have your administrator restart the "
        "service and, if that does not help, run crm audit verify.",
    )
    return problem(request, 503, text, key="sealed")


def _logged_out(request: Request, _error: LoggedOut) -> Response:
    if request.url.path.startswith(("/api/", "/metrics")):
        text = Text("请附上有效的令牌（Authorization: Bearer …）。", "Send a valid token (Authorization: Bearer …).")
        return problem(request, 401, text, key="logged_out", headers={"WWW-Authenticate": "Bearer"})
    greet(request)
    if target(request) is not None:
        return fragment(request, "login.html", "door", status=401, sheet=True, error=None, login="", next="")
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in SAFE_METHODS:
        back = _came_from(request)
    return RedirectResponse(f"{url_for(request, 'login')}?{urlencode({'next': back})}", 303)


def _came_from(request: Request) -> str:
    origin = str(request.base_url)
    referer = request.headers.get("referer", "")
    return "/" + referer.removeprefix(origin) if referer.startswith(origin) else "/"


def _must_change(request: Request, _error: MustChange) -> Response:
    where = url_for(request, "account")
    return (
        Response(status_code=204, headers={"HX-Redirect": where})
        if target(request) is not None
        else RedirectResponse(where, 303)
    )


def _too_large(request: Request, _error: TooLarge) -> Response:
    text = Text("上传内容超过 {n} MB。", "More than {n} MB were sent.")
    return problem(
        request,
        413,
        Text(*(part.format(n=request.app.state.settings.upload_limit_mb) for part in text)),
        key="too_large",
    )


def _invalid(request: Request, error: RequestValidationError) -> Response:
    wrong = error.errors()
    if any(one["loc"][0] == "path" for one in wrong):
        return problem(request, 404, _DEFAULTS[404], key="unknown")
    found = [_at(place(one) or "body", key_of(one), complaint(one)) for one in wrong]
    parts = [(one["field"], one["detail"]) for one in found]
    text = Text(
        "；".join(f"{name}：{said.zh}" for name, said in parts), "; ".join(f"{name}: {said.en}" for name, said in parts)
    )
    return problem(request, 422, text, key="invalid", errors=found)


def _http(request: Request, error: HTTPException) -> Response:
    text: Text = getattr(error, "text", _DEFAULTS.get(error.status_code, _DEFAULTS[400]))
    return problem(request, error.status_code, text, key=getattr(error, "key", ""), headers=error.headers)


def _unavailable(request: Request, error: Exception) -> Response:
    log.error("database unavailable: %s", type(error).__name__)
    request.state.viewer = None
    return problem(request, 503, _DEFAULTS[503], key="unavailable", headers={"Retry-After": "5"})


class Updating(Exception):
    """The read models have not yet come to the position that was asked for."""


def _updating(request: Request, _error: Updating) -> Response:
    text = Text("数据正在更新，请稍后再读。", "The read models are catching up; read again in a moment.")
    return problem(request, 503, text, key="updating", headers={"Retry-After": "1"})


def _broken(request: Request, error: Exception) -> Response:
    reference = secrets.token_hex(4).upper()
    log.error("reference %s: %s", reference, type(error).__name__, exc_info=_without_values(error))
    text = Text(
        f"系统遇到意外问题，已记录。请把编号 {reference} 告诉管理员。",
        f"Something unexpected happened and was noted. Please tell your administrator the reference {reference}.",
    )
    return problem(request, 500, text, key="unexpected", reference=reference)


class Unexpected(Exception):
    """Stands for an error in the log: its kind and its traceback, not its message, which may quote what was typed."""


def _without_values(error: Exception) -> Exception:
    return Unexpected(type(error).__name__).with_traceback(error.__traceback__)


HANDLERS: Final[Mapping[Any, Any]] = {
    Refused: _refused, Stale: _stale, CommandReused: _reused, Unknown: _unknown, Forbidden: _forbidden,
    Unconfirmed: _unconfirmed, Unrecorded: _unrecorded, LoggedOut: _logged_out, MustChange: _must_change, TooLarge: _too_large,
    RequestValidationError: _invalid, HTTPException: _http, PoolTimeout: _unavailable,
    ReplayGone: _replay_gone, LookingBack: _looking_back, OtherView: _other_view,
    Tampered: _sealed, Updating: _updating, psycopg.OperationalError: _unavailable, DatabaseUnavailable: _unavailable, Exception: _broken,
}  # fmt: skip


def install(app: FastAPI) -> None:
    """Have `app` answer its errors in this way."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
