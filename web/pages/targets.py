"""Targets: actual against what is due, of the district and of each channel, leader and industry; what is behind each actual."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.target_table import target_table
from domain.base import Text
from domain.target import MONTHS, Metric, OwnerKind, Target
from domain.values import Industry
from projections import attained, channels, targets
from projections.attained import NOTHING, Owner, Span, Sum
from projections.changes import Point
from projections.paging import Scope
from projections.targets import TargetFilters, TargetRow
from web.fields import Choice, Picks
from web.html import page
from web.pages.answering import people_offered
from web.pages.facts import Names, names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import Asked, Filter, named, search, sort_of, terms, word, year_of, yes
from web.pages.lead_picks import named as plain
from web.pages.leads import scope_of
from web.pages.moments import Moment, moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import RecordList, context, numbers, people_choices
from web.session import Crm, Who

router = APIRouter()
LAST_DAY: Final = (12, 31)


def filters(_viewer: UUID) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "year": Filter(Text("年度", "Year"), "year", year_of),
        "owner_kind": word(Text("归属", "Whose"), "owner_kind", OwnerKind),
        "metric": word(Text("指标", "Metric"), "metric", Metric),
        "channel": named(Text("渠道", "Channel"), "channel"),
        "leader": named(Text("领导", "Leader"), "leader"),
        "industry": word(Text("行业", "Industry"), "industry", Industry),
        "dropped": yes(Text("含已取消", "Dropped ones too"), "dropped"),
    }


def _choices(conn: Connection[Any]) -> Mapping[str, list[Choice]]:
    return {
        "year": numbers(years(conn)),
        "owner_kind": terms(OwnerKind),
        "metric": terms(Metric),
        "channel": [Choice(str(row.id), plain(row.name)) for row in channels.listed(conn)],
        "leader": people_choices(conn),
        "industry": terms(Industry),
    }


def years(conn: Connection[Any]) -> list[int]:
    """The years there are targets for."""
    return sorted(targets.LIST.grouped(conn, "years", TargetFilters(dropped=True).asked()))


TARGETS = RecordList(
    "targets", targets.LIST, filters, TargetFilters,
    {"owner": Text("归属", "Whose"), "metric": Text("指标", "Metric"), "goal": Text("全年目标", "Goal")},
    ("year", "owner_kind", "metric", "channel", "leader", "industry"), Text("目标", "Targets"),
    Text("全年目标、序时应完成与实际；完成率都列出两个数和截止日。",
         "Goals of the year, what is due by now, and what was attained: every rate with both its numbers and its day."),
    ("个目标", "target", "targets"), Text("下达目标", "Set a target"),
    (Text("还没有目标", "No targets yet"), Text("把年度目标按全区、渠道、领导或行业下达，系统按台账自动对照进度。",
                                             "Set the year's targets; what is attained is read from the records.")),
    Text("指标、文号", "Metric, document"), "target-arrow", styles=("targets.css",),
)  # fmt: skip


class Line(NamedTuple):
    """A target with what is due and what was attained by the cut-off, as the metric measures it."""

    row: TargetRow
    metric: Metric
    due: int
    actual: int


def span_of(year: int, asked: Moment, today: date) -> Span:
    """The year up to the day asked for, or to its own end where that is over."""
    until = min(asked.point.as_at or today, date(year, *LAST_DAY))
    open_end = asked.point.as_at is None and until == today
    return Span(year, until, Point(None if open_end else until, asked.point.known_at))


def owner_of(row: TargetRow) -> Owner:
    return OwnerKind(row.owner_kind), row.owner


def lines(conn: Connection[Any], rows: list[TargetRow], asked: Moment, today: date, scope: Scope) -> Iterator[Line]:
    """Every target with its numbers; each metric of a year is asked once, for everybody."""
    sums: dict[tuple[int, Metric], Mapping[Owner, Sum]] = {}
    for row in rows:
        metric, span = Metric(row.metric), span_of(row.year, asked, today)
        if (row.year, metric) not in sums:
            sums[row.year, metric] = attained.sums(conn, metric, span, scope)
        actual = sums[row.year, metric].get(owner_of(row), NOTHING)
        yield Line(row, metric, row.due(span.until), actual.of(metric))


def wanted(conn: Connection[Any], params: Mapping[str, str], viewer: UUID, asked: Moment, today: date) -> Asked:
    """The filters; where no year is asked for, that of the day, or the last one there are targets for."""
    known, present = years(conn), (asked.point.as_at or today).year
    usual = present if present in known or not known else known[-1]
    return TARGETS.read({**params, "year": params.get("year", "").strip() or str(usual)}, viewer)


@router.get("/targets", name="targets")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    today = clock.today()
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        found = wanted(conn, request.query_params, viewer.id, asked, today)
        shown = context(conn, request, TARGETS, found, asked, _choices(conn))
        made = list(lines(conn, shown["rows"], asked, today, scope_of(viewer)))
    year = found.filters.year or today.year
    return page(
        request, "targets/list.html", **shown, lines=made, until=span_of(year, asked, today).until, year=year,
        partial=not scope_of(viewer).all, owner_name=owner_name,
    )  # fmt: skip


@router.get("/targets/export.{form}", name="targets.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("targets", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    today = clock.today()
    with crm.pool.connection() as conn:
        asked, names = moment(conn, request.query_params), names_of(conn)
        found = wanted(conn, request.query_params, viewer.id, asked, today)
        sort = sort_of(request, TARGETS.sorts)
        rows = list(targets.LIST.every(conn, found.filters.asked(), asked.point, sort=sort))
        made = lines(conn, rows, asked, today, scope_of(viewer))
        told = ((one.row, owner_name(one.row, names), one.due, one.actual, span_of(one.row.year, asked, today).until)
                for one in made)  # fmt: skip
        yield from target_table(told, names.people, viewer.language)


def owner_name(row: TargetRow | Any, names: Names) -> Text:
    """Whose target it is, by name."""
    if one := row.channel or row.leader:
        return plain(names.of(one) or "—")
    return Industry(row.industry).text if row.industry else OwnerKind.DISTRICT.text


# ── setting one ─────────────────────────────────────────────────────────────────────────────────────────────────────


def offers(crm: CRM, _viewer: Viewer | None = None, _given: Mapping[str, str] | None = None) -> Picks:
    """People at work and channels."""
    with crm.pool.connection() as conn:
        listed = [Choice(str(row.id), plain(row.name)) for row in channels.listed(conn)]
    return {"person": people_offered(crm), "channel": listed}


def _knows(_crm: CRM, _viewer: Viewer, _given: Mapping[str, str]) -> Mapping[str, Any]:
    return {"year": clock.today().year, "owner_kind": OwnerKind.DISTRICT}


add_opening(
    router,
    Opening(
        Target, "/targets", "targets", "target",
        (
            (Text("目标", "Target"), ("year", "metric", "owner_kind", "channel", "leader", "industry")),
            (Text("目标值", "Goal"), ("count", "amount", "document", "occurred_on")),
            (Text("序时进度（各月末累计占全年的百分比，不填的月份均匀推算，12月末为 100%）",
                  "Pace: share of the goal due by the end of each month; months left empty follow evenly, December is 100 %"),
             MONTHS),
        ),
        offers, _knows,
        Text("数量类指标填目标数，金额类指标填目标金额；实际完成数由系统按台账计算。",
             "Give a number or an amount, as the metric is measured; what is attained is computed from the records."),
        ("projects.css", "targets.css"),
    ),
)  # fmt: skip
