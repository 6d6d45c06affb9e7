"""Everything about one firm: from its first lead through its projects to what was done for it, who answers, and its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Form, Text
from domain.company import (
    Company,
    CompanyState,
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
from web.pages.answered import workable
from web.pages.company_access import CompanyFacts, demand_workable, offers_for, sees_contacts, values
from web.pages.company_panels import Asking, panels
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.facts import names_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, looked_at, moment
from web.pages.sheets import Sheets, add_commands
from web.pages.story import story
from web.session import Crm, Who

router = APIRouter()
SHOWN_AT_FIRST: Final = 8
SHEETS = Sheets(
    Company, "/companies", "company", offers=offers_for, knows=values, demands=demand_workable,
    named=lambda company: company.name, apart=frozenset({"companies", NOUN}),
)  # fmt: skip
MENU: Final[tuple[tuple[tuple[type[Form], str], ...], ...]] = (
    ((TakeResponsibility, "user-share"), (LinkLead, "link")),
    ((ReviseCompany, "pencil"), (RenameCompany, "signature")),
    ((ReopenCompany, "refresh"), (EndCompany, "circle-x")),
)
"""What can be done with a firm, by group, each with its sign."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Who answered from a day up to another; None while they still do."""

    since: date
    until: date | None
    answer: Responsibility


@router.get("/companies/{id}", name="company")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
    company, state = looked_at(crm, Company, id, asked.point)
    return page(request, "companies/company.html", **context(request, crm, viewer, company, state, asked))


def context(
    request: Request, crm: CRM, viewer: Viewer, company: Company, state: CompanyState, asked: Moment
) -> dict[str, Any]:
    """Everything the firm's page shows: the firm as known then, at the end of that day. Of a past nothing is asked."""
    day = asked.point.as_at or clock.today()
    works = not asked.question.days and workable(crm, viewer, company)
    with crm.pool.connection() as conn:
        names = names_of(conn, companies.some_names(conn, [state.parent]) if state.parent else {})
    facts = CompanyFacts(request.state.words, names, sees_contacts(crm, viewer, company))
    entries = [entry for entry in story(crm, company, names, facts).newest() if entry.happened_on <= day]
    asking = Asking(request, crm, viewer, company, state, asked.point, not asked.question.days, works)
    return {
        "company": company,
        "state": state,
        "called": state.name or company.name,
        "names": names,
        "facts": facts,
        "question": asked.question,
        "NAMES": NAMES,
        "groups": menu(company) if works else [],
        "may_correct": works,
        "about": about(facts, state),
        "stays": list(reversed(list(stays(company, day)))),
        "panels": panels(asking),
        "entries": entries[:SHOWN_AT_FIRST],
        "earlier": entries[SHOWN_AT_FIRST:],
    }


def menu(company: Company) -> list[list[tuple[type[Form], str]]]:
    """What the firm would take now, by group; groups that are empty are left out."""
    now = possible(company)
    found = [[(form, icon) for form, icon in group if form in now] for group in MENU]
    return [group for group in found if group]


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


_SHOWN: Final = {
    "credit_code": Text("统一社会信用代码", "Unified social credit code"), "sector": Text("所属行业", "Industry"),
    "seat": Text("企业属地", "Where it sits"), "address": Text("地址", "Address"), "former_names": Text("曾用名", "Former names"),
    "registered_on": Text("登记日期", "Registered"),
}  # fmt: skip


def about(facts: CompanyFacts, state: CompanyState) -> list[tuple[str, str]]:
    """(label, value) of what the firm is."""
    return [(facts.words.t(label), facts.said(name, getattr(state, name))) for name, label in _SHOWN.items()]


add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
