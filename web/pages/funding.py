"""One application for funding: what was asked for, approved and paid out, and everything that happened to it."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.base import Text
from domain.funding import ApproveFunding, DisburseFunding, Funding, RejectFunding, ReviseFunding
from domain.funding.money import FundingDisbursed
from domain.funding.possible import possible
from domain.responsibility import TakeResponsibility
from web.html import page
from web.pages.answering import demanding
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.funding_access import offers_for, values
from web.pages.record_page import RecordPage, project_and_firm, shown
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Funding, "/funding", "funding", offers=offers_for, knows=values, demands=demanding(Funding),
    named=lambda funding: funding.state.name, apart=frozenset({"funding", NOUN}),
)  # fmt: skip
PAGE: Final = RecordPage(
    Funding, "fundings",
    ({ApproveFunding: "rubber-stamp", DisburseFunding: "coin-yuan"},
     {TakeResponsibility: "user-share", ReviseFunding: "pencil"}, {RejectFunding: "circle-x"}), possible,
    {"kind": Text("资金类别", "Kind"), "department": Text("上级部门", "Department"), "applicant": Text("申报单位", "Applicant"),
     "applied_on": Text("申报日期", "Applied"), "application": Text("申报文号", "Application"),
     "approved_on": Text("批复日期", "Approved"), "document": Text("批复文号", "Approval"),
     "rejected_on": Text("未获批日期", "Rejected")},
    names=project_and_firm,
)  # fmt: skip


@router.get("/funding/{id}", name="funding")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    facts = [fact for fact in found.record.facts if isinstance(fact, FundingDisbursed)]
    return page(
        request, "funding/funding.html", **found.context,
        may_pay=found.works and DisburseFunding in possible(found.record),
        payments=[fact for fact in facts if fact.occurred_on <= found.look.day],
    )  # fmt: skip


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
