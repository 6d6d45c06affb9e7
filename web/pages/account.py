"""One's own account: who one is to the system, and changing one's password."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.base import Refused, Text
from web.html import fragment, page, url_for
from web.session import SESSION, Doors, Posted, Who, leave_notice

router = APIRouter()
_NOTHING: dict[str, Text] = {}


@router.get("/account", name="account")
def show(request: Request) -> Response:
    return page(request, "account.html", errors=_NOTHING)


@router.post("/account/password", name="account.password")
def change_password(request: Request, viewer: Who, doors: Doors, posted: Posted) -> Response:
    """Everybody changes their own; all their other sessions end."""
    old, new, again = (str(posted.get(name, "")) for name in ("old", "password", "again"))
    try:
        _check(request, doors, viewer.login, old, new, again)
        doors.set_password(viewer.id, new, keep=request.cookies.get(SESSION, ""))
    except Refused as refusal:
        errors = {refusal.field or "old": refusal.text}
        return fragment(request, "account.html", "password", status=422, errors=errors)
    response = RedirectResponse(url_for(request, "account"), 303)
    leave_notice(response, Text("密码已修改，其他设备上的登录已失效。", "Password changed. Other sessions have ended."))
    return response


def _check(request: Request, doors: Doors, login: str, old: str, new: str, again: str) -> None:
    address = request.client.host if request.client else ""
    if doors.log_in(login, old, address) is None:
        raise Refused("password.old", "当前密码不对。", "The present password is wrong.", field="old")
    if new != again:
        raise Refused("password.again", "两次输入的新密码不一致。", "The two do not match.", field="again")
    if new == old:
        raise Refused("password.same", "新密码与当前密码相同。", "That is the present password.", field="password")
