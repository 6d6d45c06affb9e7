"""API tokens: made for a person, shown once, revoked for good. A token may do what its person may."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from crm.accounts import Accounts
from crm.application import CRM
from domain.base import Text
from domain.person import Role
from projections import people
from web.html import fragment, page, url_for
from web.pages.admin import tabs
from web.session import Crm, Doors, Posted, Who, leave_notice

router = APIRouter()
LONGEST_NAME = 80


@router.get("/admin/tokens", name="admin.tokens")
def listed(request: Request, crm: Crm, viewer: Who, doors: Doors) -> Response:
    return page(request, "admin/tokens.html", **_context(request, crm, doors), typed={"person": str(viewer.id)})


@router.post("/admin/tokens", name="admin.tokens.create")
def create(request: Request, crm: Crm, doors: Doors, posted: Posted) -> Response:
    typed = {name: str(posted.get(name, "")).strip() for name in ("name", "person")}
    context = _context(request, crm, doors)
    errors = _errors(typed, {str(one.id) for one in context["people"]})
    if errors:
        context |= {"errors": errors, "typed": typed}
        return fragment(request, "admin/tokens.html", "making", status=422, **context)
    token = doors.create_token(UUID(typed["person"]), typed["name"])
    return page(request, "admin/token.html", token=token, purpose=typed["name"])


def _errors(typed: Mapping[str, str], known: set[str]) -> dict[str, Text]:
    errors = {}
    if not typed["name"] or not typed["name"].isprintable():
        errors["name"] = Text("请填写用途，如“统计报表”。", "Say what it is for, such as “monthly report”.")
    elif len(typed["name"]) > LONGEST_NAME:
        errors["name"] = Text(f"最多 {LONGEST_NAME} 个字。", f"At most {LONGEST_NAME} characters.")
    if typed["person"] not in known:
        errors["person"] = Text("请从列表中选择。", "Please choose from the list.")
    return errors


@router.post("/admin/tokens/{id}/revocation", name="admin.tokens.revoke")
def revoke(request: Request, doors: Doors, id: UUID) -> Response:
    doors.revoke_token(id)
    response = RedirectResponse(url_for(request, "admin.tokens"), 303)
    leave_notice(response, Text("密钥已停用。", "The token is revoked."))
    return response


def _context(request: Request, crm: CRM, doors: Accounts) -> dict[str, Any]:
    with crm.pool.connection() as conn:
        names, everybody = people.names(conn), people.listed(conn)
    nothing: dict[str, Text] = {}
    return {
        "tabs": tabs(request, "admin.tokens"), "tokens": doors.tokens(), "names": names, "people": everybody,
        "errors": nothing, "Role": Role,
    }  # fmt: skip
