"""Rates, with both their numbers, their cohort and their cut-off, as the page shows them; and what each number counts."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from domain.base import Text
from projections import rates
from projections.rates import RATES, Side
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, Read, given, reading, understood
from web.pages.rates import goals, side_of
from web.pages.rates_question import FILTERS, NO_GROUP, Question, read
from web.session import Crm, Who

router = APIRouter(tags=["rates"])


def _filter(name: str, more: str = "") -> Any:
    zh, en = FILTERS[name].label
    return Field(None, description=f"{zh} · {en}{more}")


class RatesQuery(Read):
    """A period (a year, or days), both clocks, and how it is split; as on the page. Without a year that of the cut-off."""

    year: int | None = _filter("year")
    day_from: Plain | None = _filter("day_from")
    day_to: Plain | None = _filter("day_to")
    by: Plain | None = _filter("by", ": channel, month")
    as_at: Plain | None = Field(None, description="截至哪天 · The cut-off: as at the end of that day")
    known_at: Plain | None = Field(None, description="按哪天所知 · As known at that moment, or at the end of that day")


class FigureOut(BaseModel):
    """`numerator` and `denominator`: numbers, or 分 where `money`. `per_cent`: half up to one decimal; null for ÷ 0."""

    group: str | None = Field(
        description="分列的渠道编号或月份，none 为未指定 · The channel or month, “none” for neither"
    )
    numerator: int
    denominator: int
    per_cent: str | None


class RateOut(BaseModel):
    """A rate by its name, and what both numbers count, of which cohort."""

    rate: str
    name: dict[str, str]
    numerator: dict[str, str]
    denominator: dict[str, str]
    cohort: dict[str, str]
    money: bool
    figures: list[FigureOut]


class TargetRateOut(BaseModel):
    """目标完成率: a target's actual ÷ what of it is due by the cut-off."""

    target: UUID
    metric: str
    money: bool
    numerator: int
    denominator: int
    per_cent: str | None


class RatesAnswer(Answer):
    period_from: date
    period_to: date
    cut_off: date
    rates: list[RateOut]
    targets: list[TargetRateOut]


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _said(figure: rates.Figure) -> dict[str, Any]:
    rate = figure.rate
    return {"numerator": figure.part, "denominator": figure.whole, "per_cent": None if rate is None else str(rate)}


def _rate(name: str, by_group: Any, by: str) -> dict[str, Any]:
    rate = RATES[name]
    return {
        "rate": name, "name": _both(rate.text), "numerator": _both(rate.part.text), "denominator": _both(rate.whole.text),
        "cohort": _both(rate.of.cohort), "money": rate.money,
        "figures": [
            {"group": None if by == "none" else key or NO_GROUP, **_said(figure)} for key, figure in by_group.items()
        ],
    }  # fmt: skip


def _understood(question: Question) -> None:
    understood(question.typed.errors)
    understood(question.moment.question.errors)


@router.get("/rates", name="api.rates", response_model=RatesAnswer, responses=READ, summary="比率 · Rates")
def rates_listed(crm: Crm, viewer: Who, query: Annotated[RatesQuery, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        question = read(conn, given(query), viewer)
        _understood(question)
        found = rates.figures(conn, question.asked, question.by)
        met = list(goals(conn, question))
    return {
        "position": position, "period_from": question.asked.first, "period_to": question.asked.last,
        "cut_off": question.cut_off, "rates": [_rate(name, by_group, question.by) for name, by_group in found.items()],
        "targets": [
            {"target": one.row.id, "metric": one.metric, "money": one.metric.money, **_said(rates.Figure(one.actual, one.due))}
            for one in met
        ],
    }  # fmt: skip


class RateBehindQuery(RatesQuery):
    side: Literal["part", "whole"] = Field(
        "whole", description="分子或分母 · The numerator (part) or the denominator (whole)"
    )
    group: Plain | None = Field(
        None, description="只看这一渠道或月份 · Only of that channel or month; “none”: of neither"
    )
    after: str | None = Field(None, max_length=2000, description="上一页答复中的 next · `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class RateRowOut(BaseModel):
    """What the number counts, since when; `adds`: 1, or an amount in 分."""

    id: UUID
    name: str
    channel: UUID | None
    day: date
    fen: int
    adds: int


class RateBehindAnswer(Answer):
    kind: Literal["lead", "project", "problem"]
    number: int
    rows_in_all: int
    next: str | None
    rows: list[RateRowOut]


@router.get(
    "/rates/{rate}", name="api.rates.behind", response_model=RateBehindAnswer, responses=READ_ONE,
    summary="比率的分子或分母的明细 · What one number of a rate counts",
)  # fmt: skip
def rate_behind(rate: str, crm: Crm, viewer: Who, query: Annotated[RateBehindQuery, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        question = read(conn, given(query), viewer)
        _understood(question)
        side: Side = side_of(rate, query.side, question.by, query.group or "")
        counted, total = rates.count(conn, side, question.asked)
        page = rates.behind(conn, side, question.asked, after=query.after, limit=query.limit)
    return {
        "position": position, "kind": side.rate.of.of, "number": total, "rows_in_all": counted, "next": page.next,
        "rows": [row._asdict() for row in page.rows],
    }  # fmt: skip
