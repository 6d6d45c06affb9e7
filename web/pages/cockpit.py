"""The leaders' cockpit: funnel, rates, targets, lights, what moved, what is overdue; each block can be asked for alone.

It fills a screen of 1920×1080 in a meeting room without scrolling (`screen`), and is one column on a phone.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.lights import LIT, causes
from domain.target import OwnerKind
from projections import funnel, problem_figures, problems, projects, rates, targets
from projections.changes import Point
from projections.problems import ProblemFilters
from projections.projects import ProjectFilters, ProjectRow
from projections.rates import RATES
from projections.targets import TargetFilters
from web.html import page, target, url_for
from web.pages.cockpit_moves import moved
from web.pages.facts import names_of
from web.pages.leads import scope_of
from web.pages.moments import moment, rules_at
from web.pages.problems import ANSWERING
from web.pages.project_lights import Regime, of_every_light, regime, said
from web.pages.rates_question import this_year
from web.pages.targets import lines, owner_name
from web.session import Crm, Who

router = APIRouter()
SHOWN: Final = 6
WIDE: Final = 100
"""The length of the longest bar, in the units of its drawing."""
Block = Callable[[Request, CRM, Viewer], Mapping[str, Any]]


@router.get("/cockpit", name="cockpit")
def show(request: Request, crm: Crm, viewer: Who) -> Response:
    """All of it; htmx asks for one block after a minute."""
    wanted = target(request) or ""
    asked = [wanted] if wanted in BLOCKS else list(BLOCKS)
    context = {"partial": not scope_of(viewer).all, "year": clock.today().year}
    for name in asked:
        context |= BLOCKS[name](request, crm, viewer)
    look = "dark" if request.query_params.get("look") == "dark" else "light"
    return page(
        request, "cockpit/cockpit.html", **context, look=look, screen="screen" in request.query_params, BLOCKS=list(BLOCKS)
    )  # fmt: skip


def _standing(_request: Request, crm: CRM, viewer: Viewer) -> Mapping[str, Any]:
    with crm.pool.connection() as conn:
        total = funnel.funnel(conn, scope=scope_of(viewer)).total
    top = max([figures.reached for figures in total.stages] + [1])
    return {"funnel": total, "bars": [round(WIDE * figures.reached / top, 2) for figures in total.stages]}


def _rates(request: Request, crm: CRM, viewer: Viewer) -> Mapping[str, Any]:
    with crm.pool.connection() as conn:
        found = rates.figures(conn, this_year(conn, viewer))

    def href(rate: str, side: str, _group: str | None = None) -> str:
        return url_for(request, "rates.behind", rate=rate, side=side)

    return {"rates": {name: by_group[""] for name, by_group in found.items()}, "RATES": RATES, "rate_href": href}


def _targets(_request: Request, crm: CRM, viewer: Viewer) -> Mapping[str, Any]:
    """The district's own, what is furthest behind first."""
    today = clock.today()
    wanted = TargetFilters(year=today.year, owner_kind=str(OwnerKind.DISTRICT))
    with crm.pool.connection() as conn:
        rows = list(targets.LIST.every(conn, wanted.asked()))
        found = list(lines(conn, rows, moment(conn, {}), today, scope_of(viewer)))
        names = names_of(conn)
    found.sort(key=lambda one: one.actual / one.due if one.due else 1)
    return {"goals": found[:SHOWN], "goals_in_all": len(found), "owner_name": owner_name, "names": names}


def _lights(_request: Request, crm: CRM, _viewer: Viewer) -> Mapping[str, Any]:
    """How many have which light; the red ones first, each with why."""
    with crm.pool.connection() as conn:
        by = regime(conn, Point())
        counts = of_every_light(conn, ProjectFilters(), Point(), by)
        rows: list[ProjectRow] = []
        for light in LIT:
            left = SHOWN - len(rows)
            wanted = by.asked(ProjectFilters(light=light))
            rows += projects.LIST.page(conn, wanted, sort="next", limit=left).rows if left and counts[light] else []
        names = names_of(conn)
    return {
        "lights": counts,
        "lit": [(row, by.of(row), _why(row, by)) for row in rows],
        "names": names,
        "version": by.version,
    }


def _why(row: ProjectRow, by: Regime) -> list[Any]:
    return [said(cause) for cause in causes(row, by.limits)]


def _moves(request: Request, crm: CRM, viewer: Viewer) -> Mapping[str, Any]:
    return {"moves": moved(request, crm, viewer)}


def _problems(_request: Request, crm: CRM, _viewer: Viewer) -> Mapping[str, Any]:
    """What is overdue, the longest first, and who answers for most of it."""
    today = clock.today()
    with crm.pool.connection() as conn:
        rules = rules_at(conn, Point())
        queue = problem_figures.queue(conn, today, rules)
        wanted = ProblemFilters(open=True, due_to=problem_figures.yesterday(today)).asked(rules)
        rows = problems.LIST.page(conn, wanted, sort="due", limit=SHOWN).rows if queue.all.overdue else []
        names = names_of(conn)
    late = [(who, one.overdue) for who, one in queue.answering.items() if one.overdue]
    late.sort(key=lambda pair: (-pair[1], str(pair[0])))
    due = [(row, (today - day).days) for row in rows if (day := row.due(rules))]
    return {"queue": queue.all, "overdue": due, "late": late[:ANSWERING], "names": names}


BLOCKS: Final[Mapping[str, Block]] = {
    "standing": _standing, "rates": _rates, "lights": _lights, "moves": _moves, "targets": _targets, "problems": _problems,
}  # fmt: skip
"""Each by the name of its block in the template."""
