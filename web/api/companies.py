"""Firms: the list by both clocks, filtered and sorted as on the page, and one of them with all that is known."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from domain.company import Company
from domain.company.possible import possible
from projections.companies import CompanyRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, caught_up, shape
from web.api.record_reads import (
    Listed,
    RecordRead,
    ResponsibilityOut,
    answering,
    commands,
    fields_of,
    head,
    reading_list,
)
from web.pages.company_access import sees_contacts
from web.pages.company_filters import COMPANIES, company_filters
from web.session import Crm, Who

router = APIRouter(tags=["companies"])
_filter = fields_of(company_filters)


class CompaniesQuery(Listed):
    """The filters of the firms' page, by the same names and values."""

    q: Plain | None = _filter("q", "：名称片段、曾用名、拼音首字母、信用代码 · part of a name, initials, credit code")
    sector: Plain | None = _filter("sector")
    seat: Plain | None = _filter("seat")
    status: Plain | None = _filter("status")
    leader: UUID | None = _filter("leader")
    officer: UUID | None = _filter("officer")
    answers: Plain | None = _filter("answers", "：编号，或 me · an id, or me")
    answered: Plain | None = _filter("answered", ": yes, no")
    parent: UUID | None = _filter("parent")
    sort: Literal["name", "registered"] = "name"


Row = shape("ListedCompany", CompanyRow)


class CompaniesAnswer(Answer):
    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    companies: list[Row]  # type: ignore[valid-type]


@router.get(
    "/companies", name="api.companies", response_model=CompaniesAnswer, responses=READ, summary="企业列表 · Firms"
)
def companies_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[CompaniesQuery, Query()]
) -> dict[str, Any]:
    with reading_list(crm, query, COMPANIES, viewer) as found:
        page, totals = found.read()
    rows, position = [row._asdict() for row in page.rows], found.position
    return {"position": position, "totals": counted(request.state.words, totals), "next": page.next, "companies": rows}


class ContactOut(BaseModel):
    id: UUID
    name: str
    position: str | None
    phone: str | None
    wechat: str | None
    email: str | None


class CompanyAnswer(Answer):
    """One firm. A void one has no status. Contacts and summary are null to those who may not see them."""

    id: UUID
    version: int
    status: str | None
    registered_on: date | None
    name: str
    former_names: list[str]
    credit_code: str | None
    sector: str | None
    seat: str | None
    address: str | None
    parent: UUID | None
    leads: list[UUID]
    summary: str | None
    contacts: list[ContactOut] | None
    responsibility: ResponsibilityOut | None
    commands: list[str]


_SAME = (
    "status", "registered_on", "name", "former_names", "credit_code", "sector", "seat", "address", "parent", "leads",
)  # fmt: skip


@router.get(
    "/companies/{id}",
    name="api.company",
    response_model=CompanyAnswer,
    responses=READ_ONE,
    summary="一家企业 · One firm",
)
def company_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    company = crm.aggregate(Company, id)
    state = company.at(query.as_at) if query.as_at else company.state
    seen = sees_contacts(crm, viewer, company)
    return {
        **head(response, company),
        **{name: getattr(state, name) for name in _SAME},
        "summary": state.summary if seen else None,
        "contacts": [one.model_dump() for one in state.contacts] if seen else None,
        "responsibility": answering(state.responsibility),
        "commands": commands(crm, viewer, company, possible(company)) if query.as_at is None else [],
    }
