"""Leads in lists: filtered, searched and sorted as on the page; the board by stage; what may be there already."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM
from domain.funnel import Stage
from projections import lead_duplicates, leads
from projections.leads import LeadRow
from projections.paging import Totals
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Paged, Plain, Read, Worth, given, reading, shape, total, understood, worth
from web.pages.lead_filters import LABELS, asked
from web.pages.leads import scope_of
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["leads"])
DAY = "2026-03-05"
HIDDEN = "没有权限查看的线索为空 · null for leads the viewer may not open"


def _filter(name: str, more: str = "") -> Any:
    zh, en = LABELS[name]
    return Field(None, description=f"{zh} · {en}{more}")


class LeadQuery(Read):
    """The filters of the leads' page, by the same names and values."""

    q: Plain | None = _filter("q", "：名称片段、拼音首字母、信用代码 · part of a name, pinyin initials, credit code")
    contact: Plain | None = _filter("contact", "：由 POST /contact-searches 得到 · as POST /contact-searches gives it")
    stage: Stage | None = _filter("stage")
    status: Plain | None = _filter("status")
    kind: Plain | None = _filter("kind")
    channel: UUID | None = _filter("channel")
    occasion: UUID | None = _filter("occasion")
    owner: Plain | None = _filter("owner", "：编号，或 me · an id, or me")
    industry: Plain | None = _filter("industry", "：C … (GB/T 4754)")
    country: Plain | None = _filter("country", ": ISO 3166-1")
    amount_from: Plain | None = _filter(
        "amount_from", "：5000万、1.2亿、50m；只写数字为万元 · a bare number is in 万元"
    )
    amount_to: Plain | None = _filter("amount_to")
    registered_from: Plain | None = _filter("registered_from", f": {DAY}")
    registered_to: Plain | None = _filter("registered_to", f": {DAY}")
    overdue: bool = Field(False, description=LABELS["overdue"].zh + " · " + LABELS["overdue"].en)


class LeadsQuery(LeadQuery, Paged):
    sort: Literal["updated", "registered", "amount", "company", "due"] = "updated"


class ColumnQuery(LeadQuery, Paged):
    """One column of the board; its stage stands in the path."""


Listed = shape(
    "ListedLead", LeadRow, without=("amount_fen", "position"), amount=Worth | None,
    next_action=Annotated[str | None, Field(description=HIDDEN)], readable=bool,
)  # fmt: skip


class Counted(BaseModel):
    """How many leads match and what they are worth; with `more` counting stopped there."""

    count: int
    amount: Worth
    more: bool


class LeadsAnswer(Answer):
    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    leads: list[Listed]  # type: ignore[valid-type]


class ColumnAnswer(Answer):
    next: str | None
    leads: list[Listed]  # type: ignore[valid-type]


class Column(BaseModel):
    """With `more` there are at least so many."""

    stage: str
    count: int
    amount: Worth
    more: bool


class BoardAnswer(Answer):
    columns: list[Column]


class Alike(BaseModel):
    why: Literal["credit_code", "same_name", "similar_name"]
    lead: Listed  # type: ignore[valid-type]


class AlikeAnswer(Answer):
    duplicates: list[Alike]


class AlikeQuery(Read):
    company: Plain = Field(min_length=2, description="企业名称 · Company")
    credit_code: Plain | None = Field(None, description="统一社会信用代码 · Unified social credit code")


def listed(crm: CRM, viewer: Viewer, words: Words, rows: list[LeadRow]) -> list[dict[str, Any]]:
    """Rows as the API gives them. Free text is opened only for whoever may open the lead."""
    readable = [access.may_read(viewer, row) for row in rows]
    sealed = [row.next_action if may else None for row, may in zip(rows, readable, strict=True)]
    return [
        {**row._asdict(), "amount": worth(words, row.amount_fen), "next_action": text, "readable": may}
        for row, text, may in zip(rows, crm.open_all(sealed), readable, strict=True)
    ]


def counted(words: Words, totals: Totals) -> dict[str, Any]:
    return {"count": totals.count, "amount": total(words, totals.amount_fen), "more": totals.more}


def _filters(query: LeadQuery, viewer: Viewer) -> leads.LeadFilters:
    read = asked(given(query), viewer.id, clock.today())
    understood(read.errors)
    wanted: leads.LeadFilters = read.filters
    return wanted


@router.get("/leads", name="api.leads", response_model=LeadsAnswer, responses=READ, summary="线索列表 · Leads")
def leads_listed(request: Request, crm: Crm, viewer: Who, query: Annotated[LeadsQuery, Query()]) -> dict[str, Any]:
    filters, scope, words = _filters(query, viewer), scope_of(viewer), request.state.words
    with reading(crm, query) as (conn, position):
        page = leads.search(conn, filters, scope=scope, sort=query.sort, after=query.after, limit=query.limit)
        totals = leads.totals(conn, filters, scope=scope, first=None if query.after else page)
    rows = listed(crm, viewer, words, page.rows)
    return {"position": position, "totals": counted(words, totals), "next": page.next, "leads": rows}


@router.get(
    "/leads/duplicates", name="api.leads.duplicates", response_model=AlikeAnswer, responses=READ,
    summary="疑似重复 · What may be the same project",
)  # fmt: skip
def alike(request: Request, crm: Crm, viewer: Who, query: Annotated[AlikeQuery, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        found = lead_duplicates.duplicates(conn, query.company, query.credit_code, scope=scope_of(viewer))
    rows = listed(crm, viewer, request.state.words, [one.lead for one in found])
    pairs = [{"why": one.why, "lead": row} for one, row in zip(found, rows, strict=True)]
    return {"position": position, "duplicates": pairs}


@router.get("/board", name="api.board", response_model=BoardAnswer, responses=READ, summary="看板 · Board")
def board(request: Request, crm: Crm, viewer: Who, query: Annotated[LeadQuery, Query()]) -> dict[str, Any]:
    """推进中的线索按阶段 · Open leads by stage, all stages in order."""
    filters, words = _filters(query, viewer), request.state.words
    with reading(crm, query) as (conn, position):
        columns = leads.board(conn, filters, scope=scope_of(viewer))
    shown = [{"stage": one.stage, **counted(words, Totals(one.count, one.amount_fen, one.more))} for one in columns]
    return {"position": position, "columns": shown}


@router.get(
    "/board/{stage}", name="api.board.column", response_model=ColumnAnswer, responses=READ_ONE,
    summary="看板的一列 · One column of the board",
)  # fmt: skip
def column(
    request: Request, stage: Stage, crm: Crm, viewer: Who, query: Annotated[ColumnQuery, Query()]
) -> dict[str, Any]:
    filters = _filters(query, viewer)
    with reading(crm, query) as (conn, position):
        page = leads.column(conn, stage, filters, scope=scope_of(viewer), after=query.after, limit=query.limit)
    rows = listed(crm, viewer, request.state.words, page.rows)
    return {"position": position, "next": page.next, "leads": rows}
