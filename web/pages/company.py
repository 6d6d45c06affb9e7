"""Everything about one firm: from its first lead through its projects to what was done for it, who answers, and its history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.base import Text
from domain.company import (
    Company,
    EndCompany,
    LinkLead,
    RenameCompany,
    ReopenCompany,
    ReviseCompany,
)
from domain.company.possible import possible
from domain.responsibility import Responsibility, TakeResponsibility
from projections import companies
from web.html import page
from web.pages.answering import demanding
from web.pages.company_access import CompanyFacts, offers_for, values
from web.pages.company_panels import Asking, panels
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.record_page import Look, RecordPage, shown
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
SHEETS = Sheets(
    Company, "/companies", "company", offers=offers_for, knows=values, demands=demanding(Company),
    named=lambda company: company.name, apart=frozenset({"companies", NOUN}),
)  # fmt: skip


def _names(look: Look) -> Mapping[UUID, str]:
    """The firm above it."""
    with look.crm.pool.connection() as conn:
        return companies.LIST.called(conn, [look.state.parent])


PAGE: Final = RecordPage(
    Company, "companies",
    ({TakeResponsibility: "user-share", LinkLead: "link"}, {ReviseCompany: "pencil", RenameCompany: "signature"},
     {ReopenCompany: "refresh", EndCompany: "circle-x"}), possible,
    {"credit_code": Text("统一社会信用代码", "Unified social credit code"), "sector": Text("所属行业", "Industry"),
     "seat": Text("企业属地", "Where it sits"), "address": Text("地址", "Address"),
     "former_names": Text("曾用名", "Former names"), "registered_on": Text("登记日期", "Registered")},
    names=_names, facts=CompanyFacts, styles=("companies.css",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stay:
    """Who answered from a day up to another; None while they still do."""

    since: date
    until: date | None
    answer: Responsibility


@router.get("/companies/{id}", name="company")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    look = found.look
    asking = Asking(request, crm, viewer, look.record, look.state, look.asked, look.present, found.works)
    return page(
        request, "companies/company.html", **found.context, panels=panels(asking),
        stays=list(reversed(list(stays(look.record, look.day)))),
    )  # fmt: skip


def stays(company: Company, until: date) -> Iterator[Stay]:
    """Who answered over time, up to that day, the first first."""
    now: Stay | None = None
    for fact in company.facts:
        answer = company.at(fact.occurred_on).responsibility
        if answer is None or fact.occurred_on > until or (now and now.answer == answer):
            continue
        if now and now.since < fact.occurred_on:
            yield Stay(now.since, fact.occurred_on, now.answer)
        now = Stay(fact.occurred_on, None, answer)
    if now:
        yield now


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
