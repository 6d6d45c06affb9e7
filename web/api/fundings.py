"""Funding from above: the list by both clocks with its sums, as on the page, and one application with all that is known."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from domain.funding import Funding
from domain.funding.possible import possible
from projections import fundings
from projections.fundings import FundingRow, Sums
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, Worth, caught_up, shape, total
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
from web.pages.funding_filters import FUNDINGS, funding_filters
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["funding"])
_filter = fields_of(funding_filters)


class FundingsQuery(Listed):
    """The filters of the page of funding, by the same names and values."""

    q: Plain | None = _filter("q", more="：名称片段、拼音首字母、文号 · part of a name, pinyin initials, a document")
    kind: Plain | None = _filter("kind")
    status: Plain | None = _filter("status")
    year: int | None = _filter("year")
    approved_year: int | None = _filter("approved_year")
    paid: bool = _filter("paid", default=False)
    unpaid: bool = _filter("unpaid", default=False)
    project: UUID | None = _filter("project")
    company: UUID | None = _filter("company")
    answers: UUID | None = _filter("answers")
    sort: Literal["applied", "requested", "approved", "left", "name"] = "applied"


_AMOUNTS = ("requested", "approved", "disbursed")
Row = shape("ListedFunding", FundingRow, requested=Worth, approved=Worth, disbursed=Worth)


class SumOut(BaseModel):
    """How many were applied for, approved, paid (something of), and what those come to. 资金到位率 = disbursed ÷ approved."""

    applications: int
    requested: Worth
    approvals: int
    approved: Worth
    paid: int
    disbursed: Worth


class FundingsAnswer(Answer):
    totals: Counted
    sums: dict[str, SumOut] | None = Field(
        description="按资金类别汇总，过多时为空 · by kind; null where there are too many"
    )
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    funding: list[Row]  # type: ignore[valid-type]


def _with_worth(words: Words, row: FundingRow | Sums) -> Mapping[str, Any]:
    return row._asdict() | {name: total(words, getattr(row, name)) for name in _AMOUNTS}


@router.get(
    "/funding", name="api.fundings", response_model=FundingsAnswer, responses=READ, summary="向上争取资金列表 · Funding"
)
def fundings_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[FundingsQuery, Query()]
) -> dict[str, Any]:  # fmt: skip
    words = request.state.words
    with reading_list(crm, query, FUNDINGS, viewer) as found:
        page, totals = found.read()
        sums = fundings.sums(found.conn, found.wanted.filters.asked(), found.asked.point)
    position = found.position
    return {
        "position": position,
        "totals": counted(words, totals),
        "sums": None if sums is None else {kind: _with_worth(words, one) for kind, one in sums.items()},
        "next": page.next,
        "funding": [_with_worth(words, row) for row in page.rows],
    }


class FundingAnswer(Answer):
    """One application. A void one has no status. Amounts in 分 (CNY 0.01). `commands`: what it would take now, from you."""

    id: UUID
    version: int
    status: str | None
    name: str
    kind: str | None
    department: str | None
    project: UUID | None
    company: UUID | None
    applicant: str | None
    applied_on: date | None
    requested: int
    application: str | None
    approved_on: date | None
    approved: int
    document: str | None
    rejected_on: date | None
    reason: str | None
    disbursed: int
    disbursed_on: date | None
    left: int
    responsibility: ResponsibilityOut | None
    commands: list[str]


_SAME = set(FundingAnswer.model_fields) - {"position", "id", "version", "commands", "responsibility"}


@router.get(
    "/funding/{id}",
    name="api.funding",
    response_model=FundingAnswer,
    responses=READ_ONE,
    summary="一笔资金 · One application for funding",
)
def funding_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    """金额以分为单位 · Amounts are in 分 (CNY 0.01)."""
    caught_up(crm, query)
    funding = crm.aggregate(Funding, id)
    state = funding.at(query.as_at) if query.as_at else funding.state
    return {
        **head(response, funding),
        **{name: getattr(state, name) for name in _SAME},
        "responsibility": answering(state.responsibility),
        "commands": commands(crm, viewer, funding, possible(funding)) if query.as_at is None else [],
    }
