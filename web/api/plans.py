"""The reserve of plans, as the pages show it."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from domain.plan import Plan, possible
from projections.plans import PlanRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Amount, Answer, Plain, Worth, amount, caught_up, shape, worth
from web.api.record_reads import Listed, RecordRead, ResponsibilityOut, answering, commands, head, reading_list
from web.pages.plans import PLANS
from web.session import Crm, Who

router = APIRouter(tags=["plans"])


class PlansQuery(Listed):
    """The filters of the plans' page, by the same names and values."""

    q: Plain | None = Field(None, description="查找 · Part of a name, pinyin initials, source")
    status: Plain | None = Field(None, description="状态 · Status")
    stage: Plain | None = Field(None, description="谋划阶段 · Stage: idea, planning, work")
    year: int | None = Field(None, description="计划实施年度 · Year planned for")
    industry: Plain | None = Field(None, description="行业 · Industry")
    leader: UUID | None = Field(None, description="责任领导 · Leader")
    answers: Plain | None = Field(None, description="负责：编号，或 me · Answers: an id, or me")
    amount_from: Plain | None = Field(
        None, description="估算投资不低于：只写数字为万元 · Estimate from; a bare number is in 万元"
    )
    sort: Literal["estimate", "name", "year", "proposed"] = "estimate"


ListedPlan: Any = shape("ListedPlan", PlanRow, estimate=Worth | None)


class PlansAnswer(Answer):
    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    plans: list[ListedPlan]


@router.get("/plans", name="api.plans", response_model=PlansAnswer, responses=READ, summary="谋划储备 · Plans")
def plans_listed(request: Request, crm: Crm, viewer: Who, query: Annotated[PlansQuery, Query()]) -> dict[str, Any]:
    words = request.state.words
    with reading_list(crm, query, PLANS, viewer) as found:
        page, totals = found.read()
    position = found.position
    rows = [{**row._asdict(), "estimate": worth(words, row.estimate)} for row in page.rows]
    return {"position": position, "totals": counted(words, totals), "next": page.next, "plans": rows}


class PlanAnswer(Answer):
    """One plan. A void one has no status. `commands`: what it would take now, from you."""

    id: UUID
    version: int
    status: str | None
    stage: str | None
    proposed_on: date | None
    name: str
    year: int
    industry: str | None
    estimate: Amount | None
    place: str | None
    source: str | None
    content: str | None
    project: UUID | None
    drop_reason: str | None
    responsibility: ResponsibilityOut | None
    commands: list[str]


_SAME = (
    "status",
    "stage",
    "proposed_on",
    "name",
    "year",
    "industry",
    "place",
    "source",
    "content",
    "project",
    "drop_reason",
)


@router.get(
    "/plans/{id}", name="api.plan", response_model=PlanAnswer, responses=READ_ONE, summary="一个谋划项目 · One plan"
)
def plan_shown(
    request: Request, response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    plan = crm.aggregate(Plan, id)
    state = plan.at(query.as_at) if query.as_at else plan.state
    return {
        **head(response, plan),
        **{name: getattr(state, name) for name in _SAME},
        "estimate": amount(request.state.words, state.estimate),
        "responsibility": answering(state.responsibility),
        "commands": commands(crm, viewer, plan, possible(plan)) if query.as_at is None else [],
    }
