"""Projects in other lists: the board by milestone, the district's construction chart, the list as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal, NamedTuple

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock, exports
from crm.project_table import project_table
from domain.base import Text
from domain.project.kinds import MILESTONES, Milestone, ProjectKind, ProjectStatus
from domain.values import Money
from projections import companies, projects
from projections.projects import ProjectRow
from web.html import page
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import sort_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, moment
from web.pages.project_drawing import Bar, Scale
from web.pages.project_filters import BEFORE, NOWHERE, PROJECTS, choices
from web.pages.project_lights import counted, regime
from web.pages.projects import years
from web.session import Crm, Who

router = APIRouter()
CARDS: Final = 30
ON_CHART: Final = 500


@router.get("/projects/export.{form}", name="projects.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("projects", form, _table(request, crm, viewer))


def _table(request: Request, crm: Crm, viewer: Who) -> Iterator[list[exports.Value]]:
    wanted = PROJECTS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, names = moment(conn, request.query_params), names_of(conn)
        by = regime(conn, asked.point)
        rows = projects.LIST.every(conn, by.asked(wanted.filters), asked.point, sort=sort_of(request, PROJECTS.sorts))
        firms, limits = companies.LIST.names(conn), by.rules.sizes.limits
        yield from project_table(rows, names.people, names.channels, firms, by.of, limits, viewer.language)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board: the milestone its projects stand at (none: before the first), how many, worth what, some."""

    milestone: Milestone | None
    key: str
    title: Text
    count: int
    amount: int
    cards: list[ProjectRow]


@router.get("/projects/board", name="projects.board")
def board(request: Request, crm: Crm, viewer: Who) -> Response:
    """The projects under way, by the furthest milestone reached; each column opens as a list."""
    wanted = PROJECTS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        by = regime(conn, asked.point)
        filters = by.asked(wanted.filters) | {"status": wanted.typed.get("status") or None}
        context: dict[str, Any] = {
            "columns": list(_columns(conn, filters, asked)),
            "names": names_of(conn),
            "lists": choices(conn, years(conn), by.rules),
            "regime": by,
            "lit": counted(conn, wanted, asked, by),
        }
    return page(
        request, "projects/board.html", **context, asked=wanted, question=asked.question, NAMES=NAMES,
        status_of=ProjectStatus, kind_of=ProjectKind, kept={**wanted.typed, **asked.question.days},
    )  # fmt: skip


def _columns(conn: Connection[Any], filters: Mapping[str, Any], asked: Moment) -> Iterator[Column]:
    counted = projects.LIST.grouped(conn, "stood", filters, asked.point)
    for milestone in (None, *MILESTONES):
        order = milestone.order if milestone else 0
        count, amount = counted.get(order, (0, 0))
        narrowed = {**filters, "stood": order}
        cards = projects.LIST.page(conn, narrowed, asked.point, limit=CARDS).rows if count else []
        yield Column(milestone, milestone or NOWHERE, milestone.text if milestone else BEFORE, count, amount, cards)


# ── the construction chart ──────────────────────────────────────────────────────────────────────────────────────────


class Line(NamedTuple):
    """A project on the chart: from the start planned or made to production, what of that is done, and its milestones."""

    row: ProjectRow
    planned: Bar | None
    done: Bar | None
    marks: list[tuple[float, Milestone, date, bool]]


@router.get("/projects/plan", name="projects.plan")
def plan(
    request: Request, crm: Crm, viewer: Who, span: Annotated[Literal["this", "next", "three"], Query()] = "this"
) -> Response:
    """All projects of the first class of size and more (5000万) that are built in this year, the next, or the three to come."""
    today = clock.today()
    begins, until = PERIODS[span](today.year)
    first, last = date(begins, 1, 1), date(until, 12, 31)
    wanted = PROJECTS.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        by = regime(conn, asked.point)
        filters = by.asked(wanted.filters)
        filters["at_least"] = max(by.rules.sizes.limits[0], filters["at_least"] or 0)
        rows = list(projects.LIST.page(conn, filters, asked.point, limit=ON_CHART).rows)
        names = names_of(conn)
    scale = Scale([first, last])
    shown = [
        line(row, scale, today) for row in rows if row.status != ProjectStatus.TERMINATED and _within(row, first, last)
    ]
    return page(
        request, "projects/plan.html", lines=shown, years=(begins, until), span=span, SPANS=SPANS, ticks=scale.ticks(),
        today_at=scale.at(today) if first <= today <= last else None, names=names, asked=wanted, question=asked.question,
        kind_of=ProjectKind, regime=by, limit=Money(minor=by.rules.sizes.limits[0]), total=sum(one.row.investment for one in shown), whole=len(rows) < ON_CHART,
    )  # fmt: skip


SPANS: Final = {
    "this": Text("抓当年", "This year"),
    "next": Text("谋明年", "Next year"),
    "three": Text("想三年", "Three years"),
}
PERIODS: Final = {
    "this": lambda year: (year, year),
    "next": lambda year: (year + 1, year + 1),
    "three": lambda year: (year, year + 2),
}


def _days(row: ProjectRow) -> list[tuple[Milestone, date, bool]]:
    """The day of each milestone: reached, or planned."""
    return [
        (one, day, reached is not None)
        for one, planned, reached in zip(MILESTONES, row.planned, row.reached, strict=True)
        if (day := reached or planned)
    ]


def _within(row: ProjectRow, first: date, last: date) -> bool:
    """Whether anything of the project is planned or done in those years, or it is planned for one of them."""
    days = [day for _, day, _ in _days(row)]
    return first.year <= row.planned_year <= last.year or bool(days and min(days) <= last and max(days) >= first)


def line(row: ProjectRow, scale: Scale, today: date) -> Line:
    """The project as drawn between the ends of the chart."""
    days = _days(row)
    work = [day for one, day, _ in days if Milestone.START.order <= one.order <= Milestone.PRODUCTION.order]
    until = min([today, *work[-1:]]) if work else today
    begun = row.reached[Milestone.START.order - 1]
    return Line(
        row,
        _cut(scale, min(work), max(work)) if len(work) > 1 else None,
        _cut(scale, begun, max(until, begun)) if begun else None,
        [(scale.at(day), one, day, done) for one, day, done in days if scale.first <= day <= scale.last],
    )


def _cut(scale: Scale, since: date, until: date) -> Bar | None:
    """The part of a stretch that lies between the ends of the chart."""
    if until < scale.first or since > scale.last:
        return None
    x, end = scale.at(max(since, scale.first)), scale.at(min(until, scale.last))
    return Bar(x, max(round(end - x, 2), 0.4), since, until)
