"""One procedure: what it went through, which papers are promised by when, who handles it, and everything that happened."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Form, Text
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
from web.pages import attached
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import Facts
from web.pages.moments import Moment, looked_at, moment
from web.pages.procedure_access import demand_workable, offers_for, values, workable
from web.pages.record_menu import menu
from web.pages.record_page import told
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Procedure, "/procedures", "procedure", offers=offers_for, knows=values, demands=demand_workable,
    named=lambda procedure: procedure.state.name, apart=frozenset({"procedures", NOUN}),
)  # fmt: skip
_GROUPS: Final[tuple[Mapping[type[Form], str], ...]] = (
    {SupplementProcedure: "file-plus", AcceptProcedure: "file-check", GrantProcedure: "certificate"},
    {HandleProcedure: "user-share", ReviseProcedure: "pencil"},
    {RefuseProcedure: "circle-x", WithdrawProcedure: "arrow-back-up"},
)  # fmt: skip


@router.get("/procedures/{id}", name="procedure")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
    procedure, state = looked_at(crm, Procedure, id, asked.point)
    return page(request, "procedures/procedure.html", **context(request, crm, viewer, procedure, state, asked))


def context(
    request: Request, crm: CRM, viewer: Viewer, procedure: Procedure, state: ProcedureState, asked: Moment
) -> dict[str, Any]:
    """Everything the page shows: the procedure as known then, at the end of that day. Of a past nothing is asked."""
    with crm.pool.connection() as conn:
        names = attached.names(conn, [state.project], asked.point)
        row = procedures.LIST.one(conn, procedure.id, asked.point)
    works = not asked.question.days and workable(crm, viewer, procedure)
    around = told(request, crm, procedure, names, asked, works=works)
    return {
        **around,
        "procedure": procedure,
        "state": state,
        "called": procedure.name,
        "early": bool(row and row.early),
        "groups": menu(_GROUPS, possible(procedure)) if works else [],
        "about": about(around["facts"], state),
        "took": took(state, asked.point.as_at or clock.today()),
    }


def took(state: ProcedureState, today: date) -> int | None:
    """The days from the application to the end of it, or to today."""
    until = state.closed_on or (today if state.open else None)
    return (until - state.applied_on).days if state.applied_on and until else None


_SHOWN: Final = {
    "kind": Text("类别", "Kind"), "department": Text("主管部门", "Department"), "number": Text("编号", "Number"),
    "applicant": Text("申请单位", "Applicant"), "applied_on": Text("申请日期", "Applied"),
    "accepted_on": Text("受理日期", "Accepted"), "closed_on": Text("办结日期", "Closed"),
    "document": Text("证照或批文", "Permit"),
}  # fmt: skip


def about(facts: Facts, state: ProcedureState) -> list[tuple[str, str]]:
    """(label, value) of what the procedure is."""
    return [(facts.words.t(label), facts.said(name, getattr(state, name))) for name, label in _SHOWN.items()]


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
