"""One procedure: what it went through, which papers are promised by when, who handles it, and everything that happened."""

from datetime import date
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.base import Text
from domain.procedure import (
    AcceptProcedure,
    GrantProcedure,
    HandleProcedure,
    Procedure,
    ProcedureState,
    RefuseProcedure,
    ReviseProcedure,
    SupplementProcedure,
    WithdrawProcedure,
)
from domain.procedure.possible import possible
from projections import procedures
from web.html import page
from web.pages.answering import demanding
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.procedure_access import offers_for, values
from web.pages.record_page import RecordPage, project_and_firm, shown
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Procedure, "/procedures", "procedure", offers=offers_for, knows=values, demands=demanding(Procedure),
    named=lambda procedure: procedure.state.name, apart=frozenset({"procedures", NOUN}),
)  # fmt: skip
PAGE: Final = RecordPage(
    Procedure, "procedures",
    ({SupplementProcedure: "file-plus", AcceptProcedure: "file-check", GrantProcedure: "certificate"},
     {HandleProcedure: "user-share", ReviseProcedure: "pencil"},
     {RefuseProcedure: "circle-x", WithdrawProcedure: "arrow-back-up"}), possible,
    {"kind": Text("类别", "Kind"), "department": Text("主管部门", "Department"), "number": Text("编号", "Number"),
     "applicant": Text("申请单位", "Applicant"), "applied_on": Text("申请日期", "Applied"),
     "accepted_on": Text("受理日期", "Accepted"), "closed_on": Text("办结日期", "Closed"),
     "document": Text("证照或批文", "Permit")},
    names=project_and_firm,
)  # fmt: skip


@router.get("/procedures/{id}", name="procedure")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    with crm.pool.connection() as conn:
        row = procedures.LIST.one(conn, id, found.asked.point)
    return page(
        request, "procedures/procedure.html", **found.context, early=bool(row and row.early),
        took=took(found.state, found.look.day),
    )  # fmt: skip


def took(state: ProcedureState, today: date) -> int | None:
    """The days from the application to the end of it, or to today."""
    until = state.closed_on or (today if state.open else None)
    return (until - state.applied_on).days if state.applied_on and until else None


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
