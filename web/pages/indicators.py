"""Figures reported from outside: the list by both clocks, one of them with its history, recording and checking one."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.indicator_table import indicator_table
from domain.base import Text
from domain.indicator import CheckIndicator, Indicator, IndicatorDetails, ReviseIndicator, possible
from domain.responsibility import TakeResponsibility
from projections import indicators
from projections.indicators import IndicatorFilters
from web.fields import Choice, Picks
from web.html import page
from web.pages.answering import demanding, in_force, people_offered
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.files import FileForm, file_of
from web.pages.filters import Filter, search, sort_of, year_of
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import RecordList, context, numbers
from web.pages.record_page import RecordPage, shown
from web.pages.sheets import Sheets, add_commands
from web.session import Crm, Who

router = APIRouter()
UNCHECKED = "unchecked"


def filters(_viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "year": Filter(Text("所属年度", "Year"), "year", year_of),
        "status": Filter(Text("核对", "Checked"), UNCHECKED, _unchecked, lambda _text, _names: _NOT_YET),
    }


_NOT_YET = Text("未核对", "not yet")


def _unchecked(text: str) -> bool:
    if text != UNCHECKED:
        raise ValueError(text)
    return True


def _choices(conn: Connection[Any]) -> Mapping[str, list[Choice]]:
    return {
        "year": numbers(indicators.LIST.grouped(conn, "years", IndicatorFilters().asked())),
        "status": [Choice(UNCHECKED, _NOT_YET)],
    }


INDICATORS = RecordList(
    "indicators", indicators.LIST, filters, IndicatorFilters,
    {"reported": Text("来源日期", "Reported on"), "name": Text("指标名称", "Indicator")},
    ("year", "status"), Text("外报指标", "Reported figures"),
    Text("由其他单位报来、系统不计算的数：注明来源和日期，供年度报告引用。",
         "Figures of other offices that are not computed here: with source and date, for the yearly report to quote."),
    ("项指标", "figure", "figures"), Text("登记外报指标", "Record a figure"),
    (Text("还没有外报指标", "No reported figures yet"), Text("登记政务服务、免费刻章等由其他单位提供的数据。",
                                                         "Record what other offices report, such as services or seals.")),
    Text("名称、拼音首字母、来源", "Name, pinyin initials, source"), "report-analytics",
    styles=("targets.css",),
)  # fmt: skip


@router.get("/indicators", name="indicators")
def every(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        wanted = INDICATORS.read(request.query_params, viewer.id)
        listed = context(conn, request, INDICATORS, wanted, asked, _choices(conn))
    return page(request, "indicators/list.html", **listed)


@router.get("/indicators/export.{form}", name="indicators.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("indicators", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = INDICATORS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, sort = moment(conn, request.query_params), sort_of(request, INDICATORS.sorts)
        rows = indicators.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort)
        yield from indicator_table(rows, viewer.language)


def _knows(_crm: CRM, _viewer: Viewer, _given: Mapping[str, str]) -> Mapping[str, Any]:
    this = clock.today().year
    return {"year": this, "period": f"{this}年"}


def _offers(_crm: CRM, _viewer: Viewer, _given: Mapping[str, str]) -> Picks:
    return {}


add_opening(
    router,
    Opening(
        Indicator, "/indicators", "indicators", "indicator",
        (
            (Text("指标", "Indicator"), ("name", "value", "unit", "bound", "year", "period")),
            (Text("来源", "Source"), ("source", "occurred_on", "remark")),
        ),
        _offers, _knows, Text("发生日期填来源文件或报表的日期。", "The date is that of the source's report."),
        ("projects.css", "targets.css"),
    ),
)  # fmt: skip


# ── one of them ─────────────────────────────────────────────────────────────────────────────────────────────────────

PAGE = RecordPage(
    Indicator, "indicators", ({CheckIndicator: "checks", ReviseIndicator: "refresh", TakeResponsibility: "user-share"},), possible,
    {"year": Text("所属年度", "Year"), "period": Text("统计期间", "Period"), "source": Text("来源", "Source"),
     "reported_on": Text("来源日期", "Reported on"), "checked_on": Text("核对日期", "Checked on"),
     "evidence": Text("核对依据", "Evidence")},
    styles=("targets.css",),
)  # fmt: skip


@router.get("/indicators/{id}", name="indicator")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    return page(request, "indicators/indicator.html", **shown(request, crm, viewer, PAGE, id).context)


def _values(_crm: CRM, indicator: Indicator) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    return in_force(indicator, IndicatorDetails)


SHEETS = Sheets(
    Indicator, "/indicators", "indicator", offers=lambda crm, one: {"person": people_offered(crm, one)}, knows=_values, demands=demanding(Indicator),
    named=lambda indicator: indicator.name, apart=frozenset({"indicators", NOUN}),
)  # fmt: skip
add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
