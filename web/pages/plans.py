"""The reserve of plans: three columns of years (抓当年、谋明年、想三年), the same as a list and as a file, and adding one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import access, clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.plan_table import plan_table
from domain.base import Text
from domain.plan import Plan, PlanStage, PlanStatus
from domain.values import Industry
from projections import plans
from projections.plans import PlanFilters, PlanRow
from web.fields import Choice, Picks
from web.html import page
from web.pages.answering import people_offered
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import Asked, Filter, fen, named, search, somebody, sort_of, terms, word, year_of
from web.pages.moments import Moment, moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import RecordList, any_at_all, around, context, numbers, people_choices
from web.session import Crm, Who

router = APIRouter()
CARDS: Final = 30
COLUMNS: Final = (PlanStage.WORK, PlanStage.PLANNING, PlanStage.IDEA)
"""This year first."""


def filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "status": word(Text("状态", "Status"), "status", PlanStatus),
        "stage": word(Text("谋划阶段", "Stage"), "stage", PlanStage),
        "year": Filter(Text("计划实施年度", "Year planned for"), "year", year_of),
        "industry": word(Text("行业", "Industry"), "industry", Industry),
        "leader": named(Text("责任领导", "Leader"), "leader"),
        "answers": somebody(Text("负责", "Answers"), "answers", viewer),
        "amount_from": Filter(Text("估算投资不低于", "Estimate from"), "at_least", fen),
    }  # fmt: skip


def _choices(conn: Connection[Any]) -> Mapping[str, list[Choice]]:
    return {
        "status": terms(PlanStatus),
        "stage": terms(PlanStage),
        "year": numbers(plans.LIST.grouped(conn, "years", PlanFilters().asked())),
        "industry": terms(Industry),
        "leader": people_choices(conn),
    }


PLANS = RecordList(
    "plans", plans.LIST, filters, PlanFilters,
    {"estimate": Text("估算投资", "Estimate"), "name": Text("名称", "Name"), "year": Text("计划实施年度", "Year planned for"),
     "proposed": Text("登记日期", "Added on")},
    ("status", "stage", "year", "industry", "leader"), Text("谋划储备", "Plans"),
    Text("抓当年、谋明年、想三年：每年滚动转入，成熟的转为项目。",
         "This year's work, next year's plans, ideas for later: promoted year by year, turned into projects when ripe."),
    ("个谋划项目", "plan", "plans"), Text("登记谋划项目", "Add a plan"),
    (Text("还没有谋划项目", "No plans yet"), Text("把设想、明年计划和当年工作登记在这里，逐年转入。",
                                                 "Put ideas, next year's plans and this year's work in here.")),
    Text("名称、拼音首字母、来源", "Name, pinyin initials, source"), "bulb",
    styles=("targets.css",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """The plans of one stage: for which years, how many, worth what, and some of them."""

    stage: PlanStage
    years: Text
    count: int
    amount: int
    cards: list[PlanRow]


def years_of(stage: PlanStage, this: int) -> Text:
    """The years that a stage is about."""
    first = this + COLUMNS.index(stage)
    return Text(f"{first} 年起", f"from {first}") if stage is PlanStage.IDEA else Text(f"{first} 年", str(first))


def lags(row: PlanRow, this: int) -> bool:
    """Whether the year planned for has come nearer than its stage."""
    return row.status == PlanStatus.OPEN and row.year < this + COLUMNS.index(PlanStage(row.stage))


@router.get("/plans", name="plans")
def columns(request: Request, crm: Crm, viewer: Who) -> Response:
    """Three columns of what is open, or of whatever status is asked for; htmx asks for `#results` alone."""
    wanted = PLANS.read(request.query_params, viewer.id)
    this = clock.today().year
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        shown = around(PLANS, wanted, asked, _choices(conn))
        made, names = list(_columns(conn, wanted, asked)), names_of(conn)
        anything = any_at_all(conn, PLANS, asked)
    return page(
        request, "plans/columns.html", **shown, columns=made, names=names, asked=wanted, any=anything, this=this,
        chips=list(wanted.chips(names)), years_of=years_of, lags=lags, status_of=PlanStatus, industry_of=Industry,
        works=lambda row: not asked.question.days and access.may_work_on(viewer, row), stage_of=PlanStage,
    )  # fmt: skip


def _columns(conn: Connection[Any], wanted: Asked, asked: Moment) -> Iterator[Column]:
    open_only = {} if wanted.typed.get("status") else {"status": str(PlanStatus.OPEN)}
    filters = wanted.filters.asked() | open_only
    counted = plans.LIST.grouped(conn, "stages", filters, asked.point)
    this = clock.today().year
    for stage in COLUMNS:
        count, amount = counted.get(str(stage), (0, 0))
        narrowed = {**filters, "stage": str(stage)}
        cards = plans.LIST.page(conn, narrowed, asked.point, limit=CARDS).rows if count else []
        yield Column(stage, years_of(stage, this), count, amount, cards)


@router.get("/plans/list", name="plans.list")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """All of them, whatever became of them."""
    wanted = PLANS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        shown = context(conn, request, PLANS, wanted, asked, _choices(conn), route="plans.list")
    return page(
        request, "plans/list.html", **shown, stage_of=PlanStage, status_of=PlanStatus, industry_of=Industry, lags=lags,
        this=clock.today().year,
    )  # fmt: skip


@router.get("/plans/export.{form}", name="plans.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("plans", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = PLANS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, names = moment(conn, request.query_params), names_of(conn)
        sort = sort_of(request, PLANS.sorts)
        rows = plans.LIST.every(conn, wanted.filters.asked(), asked.point, sort=sort)
        yield from plan_table(rows, names.people, viewer.language)


# ── adding one ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _offers(crm: CRM, _viewer: Viewer, _given: Mapping[str, str]) -> Picks:
    return {"person": people_offered(crm)}


def _knows(_crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """An idea for the year after next, unless the address says another stage."""
    stage = given.get("stage", "")
    known = PlanStage(stage) if stage in set(PlanStage) else PlanStage.IDEA
    return {"stage": known, "year": clock.today().year + COLUMNS.index(known)}


add_opening(
    router,
    Opening(
        Plan, "/plans", "plans", "plan",
        (
            (Text("谋划项目", "Plan"), ("name", "stage", "year", "industry")),
            (Text("设想", "What it is"), ("estimate", "place", "source", "content", "occurred_on")),
        ),
        _offers, _knows, styles=("projects.css", "targets.css"),
    ),
)  # fmt: skip
