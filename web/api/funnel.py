"""The funnel of any day, as known at any time, grouped and filtered as on the page; the leads behind each number."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from psycopg import Connection
from pydantic import BaseModel, Field

from crm import clock
from crm.application import CRM
from domain.channel import ChannelKind
from domain.funnel import Stage
from projections import funnel
from projections.funnel import FunnelLead
from projections.funnel_figures import Group
from projections.paging import Scope
from web.api.leads import Counted, counted
from web.api.problems import READ
from web.api.reading import Answer, Paged, Plain, Read, Worth, given, reading, shape, total, understood, worth
from web.pages.funnel_labels import labels
from web.pages.funnel_question import NAMES, Question, read_question
from web.pages.leads import scope_of
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["funnel"])
GroupBy = Literal["none", "kind", "channel", "occasion", "country", "region", "industry", "owner", "month", "band"]


def _by(name: str, more: str = "") -> Any:
    zh, en = NAMES[name]
    return Field(None, description=f"{zh} · {en}{more}")


class Conditions(Read):
    """Which leads are counted, and how they are split."""

    group_by: GroupBy = Field("none", description="分组 · How it is split")
    kind: ChannelKind | None = _by("kind")
    channel: UUID | None = _by("channel")
    occasion: UUID | None = _by("occasion")
    country: Plain | None = _by("country", ": ISO 3166-1")
    region: Plain | None = _by("region")
    industry: Plain | None = _by("industry")
    owner: UUID | None = _by("owner")
    month: Plain | None = _by("month", ": 2026-03")
    band: Plain | None = _by("band", ": 0 … 5")


class FunnelQuery(Conditions):
    """Which leads are counted, on which day, as known when."""

    as_at: Plain | None = _by("as_at", ": 2026-06-30")
    known_at: Plain | None = _by("known_at", ": 2026-06-30 (that day's end in Shanghai), 2026-06-30T23:59:59+08:00")


class BehindQuery(FunnelQuery, Paged):
    """One number of the funnel: what it counts, of which stage, in which group (`key`; empty: those without)."""

    measure: Literal["standing", "reached", "on_hold", "lost", "merged", "registered"] = "registered"
    stage: Stage | None = None
    key: Plain | None = None


class Figures(BaseModel):
    stage: str
    standing: int
    amount: Worth
    reached: int
    reached_amount: Worth
    on_hold: int
    lost: int


class GroupOut(BaseModel):
    """`registered` = standing + on hold + lost + merged, always. A conversion is reached ÷ reached of the stage before."""

    key: str | None
    label: str | None
    stages: list[Figures]
    registered: int
    standing: int
    amount: Worth
    on_hold: int
    lost: int
    merged: int


class FunnelAnswer(Answer):
    group_by: str
    groups: list[GroupOut]
    total: GroupOut


Behind = shape("FunnelLead", FunnelLead, without=("amount_fen",), amount=Worth | None)


class BehindAnswer(Answer):
    totals: Counted
    next: str | None
    leads: list[Behind]  # type: ignore[valid-type]


def group_out(words: Words, group: Group, label: str | None) -> dict[str, Any]:
    stages = [
        {**vars(one), "amount": total(words, one.amount_fen), "reached_amount": total(words, one.reached_fen)}
        for one in group.stages
    ]
    counts = {name: getattr(group, name) for name in ("key", "registered", "standing", "on_hold", "lost", "merged")}
    return {**counts, "label": label, "stages": stages, "amount": total(words, group.amount_fen)}


@router.get("/funnel", name="api.funnel", response_model=FunnelAnswer, responses=READ, summary="漏斗 · The funnel")
def shown(request: Request, crm: Crm, viewer: Who, query: Annotated[FunnelQuery, Query()]) -> dict[str, Any]:
    """六个阶段的现有与到达 · Standing and reached by stage, in all and by group."""
    return answer(crm, request.state.words, scope_of(viewer), query)


def answer(crm: CRM, words: Words, scope: Scope, query: FunnelQuery) -> dict[str, Any]:
    """The funnel as FunnelAnswer holds it. Raises RequestValidationError, Refused, Updating."""
    question = _question(query)
    with reading(crm, query, question.known_at) as (conn, _):
        when = _when(conn, question)
        found = funnel.funnel(conn, group_by=query.group_by, filters=question.filters, scope=scope, **when)
        label = labels(conn, words)
    groups = [group_out(words, one, label(query.group_by, one.key)) for one in found.groups]
    return {
        "position": found.position,
        "group_by": query.group_by,
        "groups": groups if query.group_by != "none" else [],
        "total": group_out(words, found.total, None),
    }


@router.get(
    "/funnel/leads", name="api.funnel.leads", response_model=BehindAnswer, responses=READ,
    summary="一个数字背后的线索 · The leads behind a number",
)  # fmt: skip
def behind(request: Request, crm: Crm, viewer: Who, query: Annotated[BehindQuery, Query()]) -> dict[str, Any]:
    question, words = _question(query), request.state.words
    cell = funnel.Cell(query.measure, query.stage, query.group_by, query.key)
    with reading(crm, query, question.known_at) as (conn, position):
        asked = {"filters": question.filters, "scope": scope_of(viewer), **_when(conn, question)}
        page = funnel.behind(conn, cell, after=query.after, limit=query.limit, **asked)
        totals = funnel.count(conn, cell, **asked)
    rows = [{**row._asdict(), "amount": worth(words, row.amount_fen)} for row in page.rows]
    return {"position": position, "totals": counted(words, totals), "next": page.next, "leads": rows}


def _question(query: FunnelQuery) -> Question:
    question = read_question(given(query), clock.today())
    understood(question.errors)
    return question


def _when(conn: Connection[Any], question: Question) -> dict[str, Any]:
    known = funnel.position_at(conn, question.known_at) if question.known_at else None
    return {"as_at": question.as_at, "known_at": known}
