"""The figures of a year, as the page shows them: each with its numbers, its cohort and cut-off, and what is behind it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from crm import clock
from web.api.problems import READ
from web.api.reading import Answer, Read, reading
from web.html import url_for
from web.pages.year_lines import Line, cut, report
from web.pages.year_numbers import Cut, Number
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["reports"])


class YearQuery(Read):
    year: int | None = Field(None, ge=2000, le=2100, description="年度，不填为本年 · The year; left out, this one")


class QuotedOut(BaseModel):
    """A figure as its source gives it: quoted, not counted here."""

    id: UUID
    name: str
    text: str
    value: str = Field(description="十进制数 · A decimal number")
    unit: str
    period: str
    source: str
    reported_on: date


class NumberOut(BaseModel):
    """A number: a count, 分 (CNY 0.01) or ㎡, by the figure's unit. `more`: counting stopped there. `behind`: the page that lists it."""

    value: int
    more: bool
    behind: str


class FigureOut(BaseModel):
    """A figure: a number, or `part` ÷ `whole` with its `rate` in per cent, rounded half up to one decimal."""

    key: str
    chapter: str
    name: str
    unit: str = Field(description="count、money（分）或 area（㎡）· count, money (分) or area (㎡)")
    part: NumberOut
    whole: NumberOut | None
    rate: str | None
    cohort: str
    until: date
    printed: QuotedOut | None = Field(description="公开口径 · The same figure as another source prints it")


class YearAnswer(Answer):
    year: int
    until: date
    figures: list[FigureOut]
    quoted: list[QuotedOut]


@router.get(
    "/reports/year",
    name="api.reports.year",
    response_model=YearAnswer,
    responses=READ,
    summary="年度数据 · Figures of a year",
)
def year_reported(request: Request, crm: Crm, viewer: Who, query: Annotated[YearQuery, Query()]) -> dict[str, Any]:
    words: Words = request.state.words
    asked = cut(query.year or clock.today().year, viewer)
    with reading(crm, query) as (conn, position):
        found = report(conn, asked)
    return {
        "position": position, "year": asked.year, "until": asked.until,
        "figures": [
            {**_figure(request, words, line, asked), "chapter": words.t(chapter.title)} for chapter, line in found.lines
        ],
        "quoted": [_quoted(words, row) for row in found.quoted],
    }  # fmt: skip


def _figure(request: Request, words: Words, line: Line, asked: Cut) -> dict[str, Any]:
    figure = line.figure

    def number(of: Number, found: Any) -> dict[str, Any]:
        return {**found._asdict(), "value": found.number, "behind": url_for(request, of.route, **of.params(asked))}

    return {
        "key": figure.key, "name": words.t(figure.name), "unit": figure.unit.value, "part": number(figure.part, line.part),
        "whole": number(figure.whole, line.whole) if figure.whole else None, "rate": line.rate,
        "cohort": words.t(figure.cohort), "until": asked.until,
        "printed": _quoted(words, line.printed) if line.printed else None,
    }  # fmt: skip


def _quoted(words: Words, row: Any) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "name", "unit", "period", "source", "reported_on")}
    return {**plain, "value": f"{row.value:f}", "text": words.t(row.text)}
