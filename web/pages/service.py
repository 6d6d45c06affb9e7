"""One service: what was done for whom, what came of it, and what was put right since."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.base import Text
from domain.service import FollowUp, ReviseService, Service, possible
from web.html import page
from web.pages.answering import demanding
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import NoteFacts
from web.pages.record_page import Look, RecordPage, shown
from web.pages.service_access import names_about, offers_for, values
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Service, "/services", "service", offers=offers_for, knows=values, demands=demanding(Service),
    named=lambda service: service.name, apart=frozenset({"services", NOUN}),
)  # fmt: skip


def _about(look: Look) -> Mapping[UUID, str]:
    """Whom it was for, as far as the viewer may know."""
    with look.crm.pool.connection() as conn:
        return names_about(conn, look.viewer, [look.state])


PAGE: Final = RecordPage(
    Service, "services", ({FollowUp: "circle-check", ReviseService: "pencil"},), possible,
    {"served_on": Text("服务日期", "Day"), "result": Text("结果说明", "What came of it"),
     "solved_on": Text("解决日期", "Solved on")},
    names=_about, facts=NoteFacts, styles=("companies.css",),
)  # fmt: skip


@router.get("/services/{id}", name="service")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    return page(
        request, "services/service.html", **found.context, handled_by=found.state.handled_by or crm.begun_by(id)
    )  # fmt: skip


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
