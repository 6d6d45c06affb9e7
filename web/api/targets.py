"""Targets: what is due and what was attained by a day, as the page shows them."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from crm import clock
from crm.access import Viewer
from domain.target import Metric, Target, TargetState, possible
from projections import attained
from projections.attained import Span
from projections.changes import Point
from projections.targets import TargetRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, caught_up, reading
from web.api.record_reads import Listed, RecordRead, ResponsibilityOut, answering, commands, head, reading_list
from web.pages.leads import scope_of
from web.pages.target import owner_key
from web.pages.targets import TARGETS, Line, lines, span_of, wanted
from web.session import Crm, Who

router = APIRouter(tags=["targets"])


class TargetsQuery(Listed):
    """The filters of the targets' page, by the same names and values. Without a year that of the day asked for."""

    q: Plain | None = Field(None, description="查找 · Part of the metric's name or of the document")
    year: int | None = Field(None, description="年度 · Year")
    owner_kind: Plain | None = Field(None, description="归属 · Whose: district, channel, leader, industry")
    metric: Plain | None = Field(None, description="指标 · Metric")
    channel: UUID | None = Field(None, description="渠道 · Channel")
    leader: UUID | None = Field(None, description="领导 · Leader")
    industry: Plain | None = Field(None, description="行业 · Industry")
    dropped: bool = Field(False, description="含已取消 · Dropped ones too")
    sort: Literal["owner", "metric", "goal"] = "owner"


class TargetOut(BaseModel):
    """A target; `goal`, `due` and `actual` are numbers, or 分 (CNY 0.01) where the metric is an amount (`money`)."""

    id: UUID
    year: int
    metric: str
    money: bool
    owner_kind: str
    channel: UUID | None
    leader: UUID | None
    industry: str | None
    goal: int
    pace: list[int | None] = Field(
        description="1—11 月各月末应完成的百分比，空为均匀推算 · Shares due by month, null: evenly"
    )
    document: str | None
    set_on: date | None
    dropped: str | None
    until: date = Field(description="截止日 · The cut-off")
    due: int
    actual: int


class TargetsAnswer(Answer):
    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    targets: list[TargetOut]


_SAME = (
    "id",
    "year",
    "metric",
    "owner_kind",
    "channel",
    "leader",
    "industry",
    "goal",
    "pace",
    "document",
    "set_on",
    "dropped",
)


def _line(one: Line, until: date) -> dict[str, Any]:
    row: TargetRow = one.row
    known = {name: getattr(row, name) for name in _SAME}
    return {**known, "money": one.metric.money, "until": until, "due": one.due, "actual": one.actual}


@router.get("/targets", name="api.targets", response_model=TargetsAnswer, responses=READ, summary="目标 · Targets")
def targets_listed(request: Request, crm: Crm, viewer: Who, query: Annotated[TargetsQuery, Query()]) -> dict[str, Any]:
    today, scope = clock.today(), scope_of(viewer)
    with reading_list(
        crm, query, TARGETS, viewer, lambda conn, typed, asked: wanted(conn, typed, viewer.id, asked, today)
    ) as found:
        page, totals = found.read()
        made = list(lines(found.conn, page.rows, found.asked, today, scope))
    rows = [_line(one, span_of(one.row.year, found.asked, today).until) for one in made]
    return {
        "position": found.position,
        "totals": counted(request.state.words, totals),
        "next": page.next,
        "targets": rows,
    }


class TargetAnswer(Answer, TargetOut):
    """One target. A void one has no metric. `commands`: what it would take now, from you."""

    version: int
    metric: str | None  # type: ignore[assignment]
    owner_kind: str | None  # type: ignore[assignment]
    responsibility: ResponsibilityOut | None
    commands: list[str]


@router.get(
    "/targets/{id}", name="api.target", response_model=TargetAnswer, responses=READ_ONE, summary="一个目标 · One target"
)
def target_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    target = crm.aggregate(Target, id)
    state: TargetState = target.at(query.as_at) if query.as_at else target.state
    day = min(query.as_at or clock.today(), date(state.year or 1, 12, 31))
    return {
        **head(response, target),
        **{name: getattr(state, name) for name in _SAME if name != "id"},
        "money": bool(state.metric and state.metric.money),
        "until": day,
        "due": state.due(day) if state.exists else 0,
        "actual": _actual(crm, viewer, state, day),
        "responsibility": answering(state.responsibility),
        "commands": commands(crm, viewer, target, possible(target)) if query.as_at is None else [],
    }


def _actual(crm: Crm, viewer: Viewer, state: TargetState, day: date) -> int:
    if not state.exists:
        return 0
    metric = state.metric or Metric.LEADS
    span = Span(state.year, day, Point(day))
    with crm.pool.connection() as conn:
        return attained.attained(conn, metric, span, owner_key(state), scope_of(viewer)).of(metric)


class BehindOut(BaseModel):
    """A lead or project that the actual counts, since when, and what it adds where an amount is measured."""

    id: UUID
    name: str
    day: date
    fen: int
    channel: UUID | None
    leader: UUID | None
    industry: str


class BehindAnswer(Answer):
    kind: Literal["lead", "project"]
    actual: int
    next: str | None
    rows: list[BehindOut]


class BehindQuery(RecordRead):
    after: str | None = Field(None, max_length=2000, description="上一页答复中的 next · `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


@router.get(
    "/targets/{id}/behind", name="api.target.behind", response_model=BehindAnswer, responses=READ_ONE,
    summary="目标实际数的明细 · What a target's actual counts",
)  # fmt: skip
def target_behind(id: UUID, crm: Crm, viewer: Who, query: Annotated[BehindQuery, Query()]) -> dict[str, Any]:
    state: TargetState = crm.aggregate(Target, id).at(query.as_at or clock.today())
    metric = state.metric or Metric.LEADS
    day = min(query.as_at or clock.today(), date(state.year or 1, 12, 31))
    asked = (metric, Span(state.year or 1, day, Point(day)), owner_key(state), scope_of(viewer))
    with reading(crm, query) as (conn, position):
        total, page = (
            attained.attained(conn, *asked),
            attained.behind(conn, *asked, after=query.after, limit=query.limit),
        )
    return {
        "position": position, "kind": "lead" if metric.stage else "project", "actual": total.of(metric),
        "next": page.next, "rows": [row._asdict() for row in page.rows],
    }  # fmt: skip
