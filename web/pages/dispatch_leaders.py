"""Key projects and who answers for them (领导包保重点项目清单): each with its problems, who has them, by which path, with what result."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.weekly_table import leaders_table
from domain.problem import ProblemStatus, ProblemWay
from domain.project import ProjectStatus
from domain.values import Money
from projections import problems, projects
from projections.changes import Point
from projections.problems import ProblemRow
from projections.projects import ProjectRow
from projections.weekly import some_at_a_time
from web.html import page
from web.pages.dispatch_weekly import PICKED, Watch, around, watch
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import listing, page_of, sort_of
from web.pages.project_filters import SORTS as OF_PROJECTS
from web.pages.project_filters import choices
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
ON_SCREEN: Final = 50
PRINTED: Final = 300
STILL_SHOWN: Final = timedelta(days=30)
"""For how long a problem that was solved stands in the list, with its result."""
SORTS: Final = {name: OF_PROJECTS[name] for name in ("investment", "next", "name")}
Listed = tuple[ProjectRow, Sequence[ProblemRow]]


def key_projects(one: Watch) -> dict[str, Any]:
    """What is under way, of the first class of size and more where no other size is asked for."""
    filters = one.filters
    asked = {"size", "amount_from"} & set(one.wanted.typed)
    return filters if asked else {**filters, "at_least": one.by.rules.sizes.limits[0]}


@router.get("/dispatch/leaders", name="dispatch.leaders")
def show(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    with crm.pool.connection() as conn:
        one = watch(conn, request.query_params, viewer)
        filters = key_projects(one)
        found = page_of(conn, request, projects.LIST, filters, one.asked.point, SORTS, ON_SCREEN)
        names = names_of(conn)
        context = {
            "tab": "leaders",
            "what": ("个重点项目", "key project", "key projects"),
            **listing(request, "dispatch.leaders", one.wanted, SORTS, found, names, ("as_at", "known_at")),
            "listed": _with_problems(conn, found.rows, one.asked.point, one.day),
            "totals": projects.LIST.totals(conn, filters, one.asked.point),
            "lists": choices(conn, [], one.by.rules),
        }
    return page(request, "dispatch/leaders.html", **context, **_around(one))


def _around(one: Watch) -> dict[str, Any]:
    limit = Money(minor=one.by.rules.sizes.limits[0])
    return {**around(one), "way_of": ProblemWay, "problem_status": ProblemStatus, "rules": one.by.rules, "limit": limit,
            "picked": PICKED, "project_status": ProjectStatus}  # fmt: skip


def _with_problems(conn: Connection[Any], rows: Sequence[ProjectRow], point: Point, day: date) -> list[Listed]:
    """Each project with what is open or was solved lately."""
    found = problems.of_projects(conn, [row.id for row in rows], day - STILL_SHOWN, point) if rows else {}
    return [(row, found.get(row.id, ())) for row in rows]


@router.get("/dispatch/leaders/pack", name="dispatch.leaders.pack")
def paper(request: Request, crm: Crm, viewer: Who) -> Response:
    """The paper, in Chinese whoever looks."""
    with crm.pool.connection() as conn:
        one = watch(conn, request.query_params, viewer)
        filters, sort = key_projects(one), sort_of(request, SORTS)
        rows = projects.LIST.page(conn, filters, one.asked.point, sort=sort, limit=PRINTED).rows
        listed = _with_problems(conn, rows, one.asked.point, one.day)
        totals, names = projects.LIST.totals(conn, filters, one.asked.point), names_of(conn)
    return page(
        request, "dispatch/leaders_pack.html", listed=listed, totals=totals, names=names, zh=Words("zh", clock.today()),
        most=PRINTED, **_around(one),
    )  # fmt: skip


@router.get("/dispatch/leaders/export.{form}", name="dispatch.leaders.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """Every key project with its problems, as a row for each problem."""
    return file_of("leaders", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    with crm.pool.connection() as conn:
        one, names = watch(conn, request.query_params, viewer), names_of(conn)
        rows = projects.LIST.every(conn, key_projects(one), one.asked.point, sort=sort_of(request, SORTS))
        found = _every(conn, rows, one.asked.point, one.day)
        yield from leaders_table(found, names.people, one.by.of, one.by.rules, viewer.language)


def _every(conn: Connection[Any], rows: Iterator[ProjectRow], point: Point, day: date) -> Iterator[Listed]:
    for some in some_at_a_time(rows):
        yield from _with_problems(conn, some, point, day)
