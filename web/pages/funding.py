"""One application for funding: what was asked for, approved and paid out, and everything that happened to it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Form, Text
from domain.funding import ApproveFunding, DisburseFunding, Funding, FundingState, RejectFunding, ReviseFunding
from domain.funding.money import FundingDisbursed
from domain.funding.possible import possible
from domain.responsibility import TakeResponsibility
from web.html import page
from web.pages import attached
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import Facts
from web.pages.funding_access import demand_workable, offers_for, values, workable
from web.pages.moments import Moment, looked_at, moment
from web.pages.record_menu import menu
from web.pages.record_page import told
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Funding, "/funding", "funding", offers=offers_for, knows=values, demands=demand_workable,
    named=lambda funding: funding.state.name, apart=frozenset({"funding", NOUN}),
)  # fmt: skip
_GROUPS: Final[tuple[Mapping[type[Form], str], ...]] = (
    {ApproveFunding: "rubber-stamp", DisburseFunding: "coin-yuan"},
    {TakeResponsibility: "user-share", ReviseFunding: "pencil"},
    {RejectFunding: "circle-x"},
)  # fmt: skip


@router.get("/funding/{id}", name="funding")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
    funding, state = looked_at(crm, Funding, id, asked.point)
    return page(request, "funding/funding.html", **context(request, crm, viewer, funding, state, asked))


def context(
    request: Request, crm: CRM, viewer: Viewer, funding: Funding, state: FundingState, asked: Moment
) -> dict[str, Any]:
    """Everything the page shows: the funding as known then, at the end of that day. Of a past nothing is asked."""
    day = asked.point.as_at or clock.today()
    with crm.pool.connection() as conn:
        names = attached.names(conn, [state.project], asked.point)
    works = not asked.question.days and workable(crm, viewer, funding)
    around = told(request, crm, funding, names, asked, works=works)
    paid = [fact for fact in funding.facts if isinstance(fact, FundingDisbursed) and fact.occurred_on <= day]
    return {
        **around,
        "funding": funding,
        "state": state,
        "called": funding.name,
        "groups": menu(_GROUPS, possible(funding)) if works else [],
        "may_pay": works and DisburseFunding in possible(funding),
        "about": about(around["facts"], state),
        "payments": paid,
    }


_SHOWN: Final = {
    "kind": Text("资金类别", "Kind"), "department": Text("上级部门", "Department"), "applicant": Text("申报单位", "Applicant"),
    "applied_on": Text("申报日期", "Applied"), "application": Text("申报文号", "Application"),
    "approved_on": Text("批复日期", "Approved"), "document": Text("批复文号", "Approval"),
    "rejected_on": Text("未获批日期", "Rejected"),
}  # fmt: skip


def about(facts: Facts, state: FundingState) -> list[tuple[str, str]]:
    """(label, value) of what the funding is; what there is no day or number of is left out."""
    pairs = ((facts.words.t(label), facts.said(name, getattr(state, name))) for name, label in _SHOWN.items())
    return [pair for pair in pairs if pair[1]]


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
