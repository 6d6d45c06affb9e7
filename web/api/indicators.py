"""Figures reported from outside, with source and date."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from domain.indicator import Indicator, possible
from projections.indicators import IndicatorRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, caught_up, shape
from web.api.record_reads import Listed, RecordRead, ResponsibilityOut, answering, commands, head, reading_list
from web.pages.indicators import INDICATORS
from web.session import Crm, Who

router = APIRouter(tags=["indicators"])


class IndicatorsQuery(Listed):
    """The filters of the page, by the same names and values."""

    q: Plain | None = Field(None, description="查找 · Part of a name, pinyin initials, source")
    year: int | None = Field(None, description="所属年度 · Year")
    status: Plain | None = Field(None, description="unchecked：未核对 · not held against its source yet")
    sort: Literal["reported", "name"] = "reported"


ListedIndicator: Any = shape("ListedIndicator", IndicatorRow)


class IndicatorsAnswer(Answer):
    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    indicators: list[ListedIndicator]


@router.get(
    "/indicators",
    name="api.indicators",
    response_model=IndicatorsAnswer,
    responses=READ,
    summary="外报指标 · Reported figures",
)
def indicators_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[IndicatorsQuery, Query()]
) -> dict[str, Any]:
    with reading_list(crm, query, INDICATORS, viewer) as found:
        page, totals = found.read()
    position = found.position
    rows = [row._asdict() for row in page.rows]
    return {"position": position, "totals": counted(request.state.words, totals), "next": page.next, "indicators": rows}


class IndicatorAnswer(Answer):
    """One figure. A void one has no `reported_on`. `commands`: what it would take now, from you."""

    id: UUID
    version: int
    name: str
    value: Decimal | None
    unit: str
    bound: str
    year: int
    period: str
    source: str
    remark: str | None
    reported_on: date | None
    checked_on: date | None
    evidence: str | None
    responsibility: ResponsibilityOut | None
    commands: list[str]


_SAME = (
    "name",
    "value",
    "unit",
    "bound",
    "year",
    "period",
    "source",
    "remark",
    "reported_on",
    "checked_on",
    "evidence",
)


@router.get(
    "/indicators/{id}", name="api.indicator", response_model=IndicatorAnswer, responses=READ_ONE,
    summary="一项外报指标 · One reported figure",
)  # fmt: skip
def indicator_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    indicator = crm.aggregate(Indicator, id)
    state = indicator.at(query.as_at) if query.as_at else indicator.state
    return {
        **head(response, indicator),
        **{name: getattr(state, name) for name in _SAME},
        "responsibility": answering(state.responsibility),
        "commands": commands(crm, viewer, indicator, possible(indicator)) if query.as_at is None else [],
    }
