"""The administrators' desk: an overview, and who is signed in. Auditors read it."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.base import Text
from domain.person import Role
from projections import people
from projections.people import PersonRow
from web.html import page, url_for
from web.pages.health import positions
from web.session import Crm, Doors

router = APIRouter()
TABS: tuple[tuple[str, Text], ...] = (
    ("admin", Text("概览", "Overview")),
    ("admin.people", Text("人员", "People")),
    ("admin.settings", Text("规则设置", "Rules")),
    ("admin.tokens", Text("接口密钥", "API tokens")),
    ("admin.erasures", Text("个人信息删除", "Erasure")),
    ("channels", Text("渠道", "Channels")),
)

READ_MODELS: Mapping[str, Text] = {
    "leads": Text("线索列表", "Leads"),
    "funnel": Text("漏斗", "Funnel"),
    "agenda": Text("待办与时限", "Agenda"),
    "channels": Text("渠道", "Channels"),
    "people": Text("人员", "People"),
    "meetings": Text("会议", "Meetings"),
    "activity": Text("审计事件", "Audit events"),
    "tree": Text("默克尔树", "Merkle tree"),
    "contacts": Text("联系人查找", "Finding contact persons"),
    "erasures": Text("个人信息删除", "Erasure"),
    "rules": Text("规则设置", "Rules"),
}


def tabs(request: Request, now: str) -> list[tuple[str, str, bool, None]]:
    """The administrators' pages as far as the viewer may open them."""
    viewer, said = request.state.viewer, request.state.words.t
    return [(said(text), url_for(request, name), name == now, None) for name, text in TABS if viewer.may_open(name)]


@router.get("/admin", name="admin")
def overview(request: Request, crm: Crm, doors: Doors) -> Response:
    with crm.pool.connection() as conn:
        everybody = people.listed(conn, active=None)
        names = {person.id: person.name for person in everybody}
    head, projections = positions(crm)
    return page(
        request, "admin/overview.html", tabs=tabs(request, "admin"), active=[one for one in everybody if one.active],
        role_pairs=_roles(request, everybody), names=names,
        sessions=doors.sessions(), tokens=[one for one in doors.tokens() if one.revoked_at is None],
        head=head, projections=projections, read_models=READ_MODELS,
    )  # fmt: skip


def _roles(request: Request, everybody: list[PersonRow]) -> list[tuple[str, str]]:
    """How many at work act in each role."""
    words = request.state.words
    return [
        (words.term(role), words.number(sum(role in one.roles for one in everybody if one.active))) for role in Role
    ]
