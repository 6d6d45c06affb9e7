"""The figures of a year: on one page with what is behind each, printed on A4 in Chinese, as a workbook."""

from collections.abc import Iterator
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.indicator_table import indicator_table
from crm.meetings import one_state
from domain.base import Text
from projections import engine
from web.html import page, url_for
from web.pages.files import CSV, XLSX
from web.pages.year_figures import FIGURES, Unit
from web.pages.year_lines import Report, cut_of, report
from web.pages.year_numbers import OWN, Found, Number
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
YEARS: Final = 6
WAN: Final = exports.FEN_IN_WAN
COLUMNS: Final = (
    Text("类别", "Chapter"), Text("指标", "Figure"), Text("数值", "Value"), Text("单位", "Unit"), Text("分子", "Above"),
    Text("分母", "Below"), Text("公开口径", "As printed"), Text("来源", "Source"), Text("统计口径", "What is counted"),
    Text("截止日", "Cut-off"),
)  # fmt: skip


def _read(crm: CRM, request: Request, viewer: Viewer) -> tuple[Report, int]:
    """The report of the year asked for, on one state of the read models, and the position it rests on."""
    with crm.pool.connection() as conn, one_state(conn):
        return report(conn, cut_of(request.query_params, viewer)), engine.reached(conn)


@router.get("/reports/year", name="reports.year")
def shown(request: Request, crm: Crm, viewer: Who) -> Response:
    """The page; htmx asks for `#results` alone."""
    found, _ = _read(crm, request, viewer)

    def behind(number: Number) -> str:
        return url_for(request, number.route, **number.params(found.cut))

    this_year = clock.today().year
    years = sorted({*range(this_year, this_year - YEARS, -1), found.cut.year}, reverse=True)
    return page(
        request, "reports/year.html", report=found, cut=found.cut, behind=behind, years=years, said=said,
        words=request.state.words,
        partial=not found.cut.scope.all,
    )  # fmt: skip


@router.get("/reports/year/paper", name="reports.year.paper")
def paper(request: Request, crm: Crm, viewer: Who) -> Response:
    """The paper, in Chinese whoever looks: it is the district's."""
    found, position = _read(crm, request, viewer)
    return page(
        request, "reports/paper.html", report=found, cut=found.cut, said=said, zh=Words("zh", clock.today()),
        position=position, partial=not found.cut.scope.all,
    )  # fmt: skip


@router.get("/reports/year/behind", name="reports.year.behind")
def behind(request: Request, crm: Crm, viewer: Who) -> Response:
    """What a number counts that no other list shows."""
    asked = cut_of(request.query_params, viewer)
    name = request.query_params.get("figure", "")
    with crm.pool.connection() as conn:
        rows = list(OWN[name](conn, asked)) if name in OWN else []
    return page(
        request, "reports/behind.html", cut=asked, figure=FIGURES.get(name), rows=rows,
        total=sum(row.adds for row in rows),
    )  # fmt: skip


@router.get("/reports/year/export.{form}", name="reports.year.export")
def export(request: Request, form: Literal["csv", "xlsx"], crm: Crm, viewer: Who) -> Response:
    """Every figure with its numbers; the workbook has those that are only quoted on a sheet of their own."""
    found, _ = _read(crm, request, viewer)
    words: Words = request.state.words
    headers = {"Content-Disposition": f"attachment; filename=year-{found.cut.year}.{form}"}
    if form == "csv":
        return Response("".join(exports.csv_lines(table(found, words))), media_type=CSV, headers=headers)
    quoted = indicator_table(found.quoted, words.language)
    sheets = (
        exports.Sheet(
            words.t("年度数据", "Figures of the year"), table(found, words), (12, 34, 12, 8, 12, 12, 14, 20, 60, 12)
        ),
        exports.Sheet(words.t("引用数据", "Quoted"), quoted, (34, 12, 8, 10, 10, 20, 36, 12, 12)),
    )
    return Response(exports.workbook(sheets), media_type=XLSX, headers=headers)


def table(found: Report, words: Words) -> Iterator[list[Any]]:
    """A header and a row for each figure; amounts in 万元, rates in per cent as they are shown."""
    yield [words.t(title) for title in COLUMNS]
    for chapter, line in found.lines:
        figure, printed = line.figure, line.printed
        both = [line.part.number, line.whole.number] if line.whole else [None, None]
        value = float(line.rate.rstrip("%")) if line.rate else _plain(figure.unit, line.part.number)
        yield [
            words.t(chapter.title), words.t(figure.name), None if line.whole and not line.rate else value,
            "%" if line.whole else words.t(_UNITS[figure.unit]), *both, words.t(printed.text) if printed else None,
            printed.source if printed else None, words.t(figure.cohort), found.cut.until,
        ]  # fmt: skip


_UNITS: Final = {Unit.COUNT: Text("", ""), Unit.MONEY: Text("万元", "CNY 10k"), Unit.AREA: Text("㎡", "㎡")}


def _plain(unit: Unit, number: int) -> float | int:
    return number / WAN if unit is Unit.MONEY else number


def said(words: Words, unit: Unit, found: Found) -> str:
    """A number as its unit is written; with a plus where counting stopped."""
    plain = {Unit.MONEY: words.amount, Unit.AREA: words.area}.get(unit, words.number)(found.number)
    return f"{plain}+" if found.more else plain
