"""The weekly watch (周监测): every project under way, this week beside last week, on one screen, on paper and as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.weekly_table import watch_table
from domain.base import Text
from domain.lights import Light
from domain.project import ProjectStatus
from projections import projects, weekly
from web.html import page
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import Asked, listing, page_of, sort_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, moment
from web.pages.project_filters import PROJECTS, choices
from web.pages.project_filters import SORTS as OF_PROJECTS
from web.pages.project_lights import Regime, of_every_light, regime
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
ON_SCREEN: Final = 100
PRINTED: Final = 500
SORTS: Final = {
    "investment": OF_PROJECTS["investment"], "reported": Text("最久未上报", "Longest without a report"),
    "next": OF_PROJECTS["next"], "name": OF_PROJECTS["name"],
}  # fmt: skip
PICKED: Final = ("light", "leader", "size", "kind")


class Watch(NamedTuple):
    """What is watched: the filters, the clocks, the lights' rules, the day."""

    wanted: Asked
    asked: Moment
    by: Regime
    day: date

    @property
    def filters(self) -> dict[str, Any]:
        """Under way, unless another standing is asked for."""
        return self.by.asked(self.wanted.filters) | {"status": self.wanted.filters.status or str(ProjectStatus.ACTIVE)}


def watch(conn: Connection[Any], params: Mapping[str, str], viewer: Viewer) -> Watch:
    """What the parameters of an address ask for."""
    asked = moment(conn, params)
    day = asked.point.as_at or clock.today()
    return Watch(PROJECTS.read(params, viewer.id), asked, regime(conn, asked.point), day)


@router.get("/dispatch/weekly", name="dispatch.weekly")
def show(request: Request, crm: Crm, viewer: Who) -> Response:
    """The projects under way; htmx asks for `#results` alone."""
    with crm.pool.connection() as conn:
        one = watch(conn, request.query_params, viewer)
        found = page_of(conn, request, projects.LIST, one.filters, one.asked.point, SORTS, ON_SCREEN)
        names = names_of(conn)
        context = {
            "tab": "weekly",
            "what": ("个在建项目", "project under way", "projects under way"),
            **listing(request, "dispatch.weekly", one.wanted, SORTS, found, names, ("as_at", "known_at")),
            "watched": weekly.watched(conn, found.rows, one.asked.point, one.day),
            "totals": projects.LIST.totals(conn, one.filters, one.asked.point),
            "lists": choices(conn, [], one.by.rules),
            "lit": _lit(conn, one),
        }
    return page(request, "dispatch/weekly.html", **context, **around(one))


def _lit(conn: Connection[Any], one: Watch) -> Mapping[Light, int]:
    """How many of those watched have which light."""
    under_way = replace(one.wanted.filters, status=one.filters["status"], light=None)
    return of_every_light(conn, under_way, one.asked.point, one.by)


def around(one: Watch) -> dict[str, Any]:
    """What stands around the rows, whatever shape they have."""
    return {
        "question": one.asked.question, "NAMES": NAMES, "regime": one.by, "day_asked": one.day, "picked": PICKED,
        "monday": weekly.monday(one.day), "week_before": weekly.week_before(one.day), "status_of": ProjectStatus,
        "kept": {**one.wanted.typed, **one.asked.question.days},
    }  # fmt: skip


@router.get("/dispatch/weekly/pack", name="dispatch.weekly.pack")
def paper(request: Request, crm: Crm, viewer: Who) -> Response:
    """The paper, in Chinese whoever looks."""
    with crm.pool.connection() as conn:
        one = watch(conn, request.query_params, viewer)
        sort = sort_of(request, SORTS)
        rows = projects.LIST.page(conn, one.filters, one.asked.point, sort=sort, limit=PRINTED).rows
        shown = weekly.watched(conn, rows, one.asked.point, one.day)
        totals, names = projects.LIST.totals(conn, one.filters, one.asked.point), names_of(conn)
    return page(
        request, "dispatch/weekly_pack.html", watched=shown, totals=totals, names=names, zh=Words("zh", clock.today()),
        most=PRINTED, **around(one),
    )  # fmt: skip


@router.get("/dispatch/weekly/export.{form}", name="dispatch.weekly.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """Every project that is watched with these filters."""
    return file_of("weekly", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    with crm.pool.connection() as conn:
        one, names = watch(conn, request.query_params, viewer), names_of(conn)
        rows = projects.LIST.every(conn, one.filters, one.asked.point, sort=sort_of(request, SORTS))
        found = weekly.every(conn, rows, one.asked.point, one.day)
        yield from watch_table(found, names.people, one.by.of, viewer.language)
