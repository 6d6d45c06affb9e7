"""The queue of problems: what is due, overdue and escalated, by who answers, by standing and class; raising one; the files."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from crm.problem_table import problem_table
from domain.base import Text
from domain.problem import Problem, ProblemClass, ProblemSource, ProblemStatus
from domain.problem.kinds import EscalationLevel, ProblemWay, Urgency
from domain.rules import Rules
from projections import companies, problem_figures, problems, projects
from projections.problems import ProblemFilters
from web.html import page
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import Asked, sort_of
from web.pages.moments import Moment, moment, rules_at
from web.pages.opening import Opening, add_opening
from web.pages.problem_access import offers
from web.pages.problem_filters import PROBLEMS, choices, read, sorts
from web.pages.record_list import context, whose
from web.session import Crm, Who

router = APIRouter()
MINE: Final = 6
ANSWERING: Final = 12
WORDS: Final = {"status_of": ProblemStatus, "class_of": ProblemClass, "source_of": ProblemSource, "way_of": ProblemWay,
                "level_of": EscalationLevel, "urgency_of": Urgency}  # fmt: skip


@router.get("/problems", name="problems")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The queue; htmx asks for `#results` alone."""
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rules = rules_at(conn, asked.point)
        today = asked.point.as_at or clock.today()
        wanted = read(request.query_params, viewer.id, today)
        above = _above(conn, viewer, wanted, asked, rules, today)
        shown = context(
            conn,
            request,
            PROBLEMS,
            wanted,
            asked,
            above["lists"],
            sorts=sorts(wanted),
            names=lambda rows: names_of(conn, whose(conn, [*rows, wanted.filters], asked.point)),
            asking=lambda filters: filters.asked(rules),
        )
    return page(request, "problems/list.html", **{**shown, **above, **WORDS}, rules=rules, day_asked=today)


def _above(
    conn: Connection[Any], viewer: Viewer, wanted: Asked, asked: Moment, rules: Rules, today: date
) -> dict[str, Any]:
    """What stands above the list: everything open, the year's rate, what the viewer answers for."""
    queue = problem_figures.queue(conn, today, rules, asked.point)
    year = problem_figures.in_year(ProblemFilters(), today)
    answering = sorted(queue.answering.items(), key=lambda one: (-one[1].overdue, -one[1].open, str(one[0])))
    own = ProblemFilters(person=viewer.id, open=True).asked(rules)
    first = not wanted.typed and not asked.question.days
    people = names_of(conn).people
    return {
        "queue": queue,
        "answering": answering[:ANSWERING],
        "answering_more": len(answering) > ANSWERING,
        "year": year,
        "figures": problem_figures.figures(conn, year, asked.point),
        "mine": problems.LIST.page(conn, own, sort="due", limit=MINE).rows if first else [],
        "mine_count": sum(one.open for (person, _), one in queue.answering.items() if person == viewer.id),
        "lists": choices(
            {unit for _, unit in queue.answering if unit} | {wanted.typed.get("department", "")} - {""},
            {one: people.get(one, "—") for one, _ in queue.answering if one and one != viewer.id},
        ),
    }


@router.get("/problems/export.{form}", name="problems.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the queue shows with these filters, on that day, as known then."""
    return file_of("problems", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        rules = rules_at(conn, asked.point)
        today = asked.point.as_at or clock.today()
        wanted = read(request.query_params, viewer.id, today)
        sort = sort_of(request, sorts(wanted))
        people, known = names_of(conn).people, projects.LIST.names(conn)
        firms = companies.LIST.names(conn)
        rows = problems.LIST.every(conn, wanted.filters.asked(rules), asked.point, sort=sort)
        yield from problem_table(rows, people, known, firms, rules, today, viewer.language)


# ── raising one ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _knows(_crm: CRM, _viewer: Viewer, given: Mapping[str, str]) -> Mapping[str, Any]:
    """What came up in a project is most often found there; all else comes from firms."""
    return {"source": ProblemSource.PROJECT if given.get("project") else ProblemSource.FIRM, "urgency": Urgency.NORMAL}


GROUPS: Final = (
    (Text("问题", "Problem"), ("name", "source", "raiser", "urgency", "content")),
    (Text("关联与影响", "What it belongs to, and what is at risk"),
     ("project", "company", "lead", "service", "investment", "jobs")),
    (Text("登记", "Entry"), ("note", "occurred_on")),
)  # fmt: skip
add_opening(
    router,
    Opening(
        Problem, "/problems", "problems", "problem", GROUPS, offers, _knows,
        Text("先登记，再受理、交办；联系人和电话只写在“联系人及备注”里。",
             "First it is put down, then taken and assigned; a contact and a telephone number belong into the note."),
        ("problems.css",),
    ),
)  # fmt: skip
