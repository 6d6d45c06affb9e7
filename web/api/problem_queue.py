"""Problems: the queue by both clocks, filtered and sorted as on the page; its figures; one of them with all that is known."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from crm import clock
from domain.problem import Problem, ProblemState, running
from domain.problem.possible import possible
from domain.rules import Rules
from projections import problem_figures
from projections.changes import Point
from projections.problems import ProblemFilters, ProblemRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, Read, Worth, caught_up, given, reading, shape, understood, worth
from web.api.record_reads import AsAt, KnownAt, Listed, RecordRead, fields_of, head, reading_list
from web.pages.answering import workable
from web.pages.filters import Asked
from web.pages.moments import Moment, moment, rules_at
from web.pages.problem_filters import PROBLEMS, problem_filters, read
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["problems"])
_filter = fields_of(lambda viewer: problem_filters(viewer, clock.today()))


class ProblemsQuery(Listed):
    """The filters of the problems' page, by the same names and values. Without `status` what is open is meant."""

    q: Plain | None = _filter("q")
    status: Plain | None = _filter("status", "：open、settled、all 或一种状态 · open, settled, all, or one status")
    due: Plain | None = _filter("due", ": overdue, soon")
    kind: Plain | None = _filter("kind", "：类别，或 none · a class, or none")
    answers: Plain | None = _filter("answers", "：编号，或 me · an id, or me")
    department: Plain | None = _filter("department")
    personless: bool = _filter("personless", default=False)
    nobody: bool = _filter("nobody", default=False)
    escalated: bool = _filter("escalated", default=False)
    escalate: bool = _filter("escalate", default=False)
    source: Plain | None = _filter("source")
    urgency: Plain | None = _filter("urgency")
    way: Plain | None = _filter("way")
    level: Plain | None = _filter("level")
    satisfaction: Plain | None = _filter("satisfaction")
    reopened: bool = _filter("reopened", default=False)
    cause: Plain | None = _filter("cause")
    project: UUID | None = _filter("project")
    company: UUID | None = _filter("company")
    lead: UUID | None = _filter("lead")
    taken_from: date | None = _filter("taken_from")
    taken_to: date | None = _filter("taken_to")
    sort: Literal["due", "raised", "investment", "name"] = "due"


Row = shape(
    "ListedProblem", ProblemRow, without=("investment", "clock_on"), investment=Worth | None,
    due=Annotated[date | None, Field(description="当前一步的期限 · By when the present step is owed")],
)  # fmt: skip


class ProblemsAnswer(Answer):
    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    problems: list[Row]  # type: ignore[valid-type]


def listed(words: Words, row: ProblemRow, rules: Rules) -> dict[str, Any]:
    """A row as the API gives it."""
    return {**row._asdict(), "investment": worth(words, row.investment), "due": row.due(rules)}


@router.get(
    "/problems", name="api.problems", response_model=ProblemsAnswer, responses=READ, summary="问题清单 · Problems"
)
def problems_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[ProblemsQuery, Query()]
) -> dict[str, Any]:
    def reads(_conn: Any, typed: dict[str, str], asked: Moment) -> Asked:
        return read(typed, viewer.id, asked.point.as_at or clock.today())

    with reading_list(crm, query, PROBLEMS, viewer, reads) as found:
        rules = rules_at(found.conn, found.asked.point)
        page, totals = found.read(found.wanted.filters.asked(rules))
    words, position = request.state.words, found.position
    rows = [listed(words, row, rules) for row in page.rows]
    return {"position": position, "totals": counted(words, totals), "next": page.next, "problems": rows}


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class FiguresQuery(Read):
    """Of problems taken in that time (else in the year of the day), by source and class."""

    taken_from: date | None = _filter("taken_from")
    taken_to: date | None = _filter("taken_to")
    source: Plain | None = _filter("source")
    kind: Plain | None = _filter("kind")
    as_at: AsAt = None
    known_at: KnownAt = None


class FiguresAnswer(Answer):
    """解决率 = solved ÷ taken; never one without the other two."""

    as_at: date
    taken_from: date
    taken_to: date
    taken: int
    solved: int
    rate: float | None = Field(
        description="一位小数的百分数；没有受理的为空 · per cent to one place; null where none was taken"
    )
    open: int
    overdue: int
    soon: int
    escalated: int
    to_escalate: int


@router.get(
    "/problems/figures", name="api.problems.figures", response_model=FiguresAnswer, responses=READ,
    summary="问题解决率 · Problems taken and solved",
)  # fmt: skip
def problems_counted(crm: Crm, viewer: Who, query: Annotated[FiguresQuery, Query()]) -> dict[str, Any]:
    typed = given(query)
    with reading(crm, query) as (conn, position):
        asked = moment(conn, typed)
        understood(asked.question.errors)
        rules = rules_at(conn, asked.point)
        today = asked.point.as_at or clock.today()
        wanted = read({**typed, "status": "all"}, viewer.id, today)
        understood(wanted.errors)
        filters: ProblemFilters = problem_figures.in_year(wanted.filters, today)
        found = problem_figures.figures(conn, filters, asked.point)
        queue = problem_figures.queue(conn, today, rules, asked.point).all
    return {
        "position": position, "as_at": today, "taken_from": filters.taken_from, "taken_to": filters.taken_to,
        **found._asdict(), "rate": found.rate, "open": queue.open, "overdue": queue.overdue, "soon": queue.soon,
        "escalated": queue.escalated, "to_escalate": queue.to_escalate,
    }  # fmt: skip


# ── one of them ─────────────────────────────────────────────────────────────────────────────────────────────────────


class ClockOut(BaseModel):
    """Something owed: what, since when, by when, and by which rule."""

    what: str
    since: date
    due: date
    why: str


_SAME = (
    "status", "since_on", "raised_on", "name", "source", "urgency", "raiser", "project", "company", "lead", "service",
    "content", "jobs", "number", "taken_on", "kind", "department", "person", "due_on", "way", "plan", "level", "leader",
    "escalated_on", "solved_on", "result", "confirmed_on", "satisfaction", "remark", "reopened", "cause", "measure",
)  # fmt: skip
Shown = shape("ShownProblem", ProblemState, without=set(ProblemState.__dataclass_fields__) - set(_SAME))


class ProblemAnswer(Answer, Shown):  # type: ignore[valid-type, misc]
    """One problem. A void one has no status. `commands`: what it would take now, from you."""

    id: UUID
    version: int
    investment: Worth | None
    clocks: list[ClockOut]
    commands: list[str]


@router.get(
    "/problems/{id}",
    name="api.problem",
    response_model=ProblemAnswer,
    responses=READ_ONE,
    summary="一个问题 · One problem",
)
def problem_shown(
    request: Request, response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    problem, words = crm.aggregate(Problem, id), request.state.words
    with crm.pool.connection() as conn:
        rules = rules_at(conn, Point(query.as_at))
    state: ProblemState = problem.at(query.as_at) if query.as_at else problem.state
    works = query.as_at is None and workable(crm, viewer, problem)
    return {
        **head(response, problem),
        **{name: getattr(state, name) for name in _SAME},
        "investment": worth(words, state.investment),
        "clocks": [
            {"what": words.t(one.what), "since": one.since, "due": one.due, "why": words.t(one.why)}
            for one in running(state, rules)
        ],
        "commands": sorted(form.noun for form in possible(problem)) if works else [],
    }
