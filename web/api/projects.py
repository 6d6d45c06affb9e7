"""Projects: the list by both clocks, filtered and sorted as on the page, and one of them with all that is known."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from domain.project import MILESTONES, Project, ProjectState
from domain.project.possible import possible
from projections.changes import Point
from projections.projects import ProjectRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import (
    Answer,
    Plain,
    Worth,
    amount,
    caught_up,
    shape,
    worth,
)
from web.api.record_reads import (
    Listed,
    RecordRead,
    ResponsibilityOut,
    answering,
    commands,
    fields_of,
    head,
    reading_list,
)
from web.pages.project_filters import PROJECTS, project_filters
from web.pages.project_lights import Lit, Reason, Regime, lit, regime
from web.pages.project_lights import counted as light_counts
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["projects"])
_filter = fields_of(project_filters)


class ProjectsQuery(Listed):
    """The filters of the projects' page, by the same names and values."""

    q: Plain | None = _filter("q", "：名称片段、拼音首字母 · part of a name, pinyin initials")
    status: Plain | None = _filter("status")
    size: Plain | None = _filter("size", ": 0–4")
    kind: Plain | None = _filter("kind")
    year: int | None = _filter("year")
    start: Plain | None = _filter("start")
    industry: Plain | None = _filter("industry", "：C … (GB/T 4754)")
    leader: UUID | None = _filter("leader")
    answers: Plain | None = _filter("answers", "：编号，或 me · an id, or me")
    at: Plain | None = _filter("at", "：节点，或 none · a milestone, or none")
    reached: Plain | None = _filter("reached")
    reached_from: Plain | None = _filter("reached_from")
    reached_to: Plain | None = _filter("reached_to")
    next: Plain | None = _filter("next")
    light: Plain | None = _filter("light")
    late: bool = _filter("late", default=False)
    amount_from: Plain | None = _filter("amount_from", "：只写数字为万元 · a bare number is in 万元")
    lead: UUID | None = _filter("lead")
    company: UUID | None = _filter("company")
    channel: UUID | None = _filter("channel")
    sort: Literal["investment", "name", "opened", "next", "production"] = "investment"


class MarkOut(BaseModel):
    """A milestone: the day first planned, planned now, and reached."""

    milestone: str
    first_planned: date | None
    planned: date | None
    reached: date | None


Row = shape(
    "ListedProject", ProjectRow, without=("first_planned", "planned", "reached", "stood", "next"),
    investment=Worth, invested=Worth | None, fixed=Worth | None, milestones=list[MarkOut],
    at=Annotated[str | None, Field(description="所处节点 · The furthest milestone reached")], next=str | None,
    light=Annotated[str, Field(description="亮灯 · The light on the day asked for, by the rules in force on it")],
)  # fmt: skip


class LightsOut(BaseModel):
    """How many have which light, with every other filter in force, by that version of the rules."""

    rules: int
    red: int
    yellow: int
    green: int
    none: int


class ProjectsAnswer(Answer):
    totals: Counted
    lights: LightsOut
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    projects: list[Row]  # type: ignore[valid-type]


def listed(words: Words, row: ProjectRow, by: Regime) -> dict[str, Any]:
    """A row as the API gives it."""
    return {
        **row._asdict(),
        "light": by.of(row),
        "investment": {"fen": row.investment, "text": words.amount(row.investment)},
        "invested": worth(words, row.invested),
        "fixed": worth(words, row.fixed),
        "at": row.at,
        "next": row.following,
        "milestones": [
            {"milestone": one, "first_planned": first, "planned": planned, "reached": reached}
            for one, first, planned, reached in zip(
                MILESTONES, row.first_planned, row.planned, row.reached, strict=True
            )
        ],
    }


@router.get(
    "/projects", name="api.projects", response_model=ProjectsAnswer, responses=READ, summary="项目列表 · Projects"
)
def projects_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[ProjectsQuery, Query()]
) -> dict[str, Any]:
    with reading_list(crm, query, PROJECTS, viewer) as found:
        by = regime(found.conn, found.asked.point)
        page, totals = found.read(by.asked(found.wanted.filters))
        lights = light_counts(found.conn, found.wanted, found.asked, by)
    words, position = request.state.words, found.position
    return {
        "position": position,
        "totals": counted(words, totals),
        "lights": {"rules": by.version.version, **lights},
        "next": page.next,
        "projects": [listed(words, row, by) for row in page.rows],
    }


class WinterOut(BaseModel):
    way: str
    enclosed_by: date | None
    works: str | None
    waits_until: date | None


class CauseOut(BaseModel):
    """A milestone late (`milestone`, `planned`), or progress behind (`asked` by plan, `physical`, per cent). `facts`: positions."""

    light: str
    since: date
    milestone: str | None
    planned: date | None
    asked: int | None
    physical: int | None
    facts: list[int]


class LightOut(BaseModel):
    """The light of that day and why: since when it has been on, by which version of the rules (0: the usual ones)."""

    light: str
    since: date | None
    rules: int
    rules_from: date | None
    why_none: str | None
    causes: list[CauseOut]
    milestones: dict[str, str]


class ProjectAnswer(Answer):
    """One project. A void one has no status. `commands`: what it would take now, from you."""

    id: UUID
    version: int
    status: str | None
    opened_on: date | None
    name: str
    kind: str | None
    investor: str | None
    company: UUID | None
    lead: UUID | None
    channel: UUID | None
    industry: str | None
    place: str | None
    content: str | None
    planned_year: int
    start: str | None
    document: str | None
    contracted: dict[str, Any] | None
    investment: int
    milestones: list[MarkOut]
    at: str | None
    next: str | None
    physical: int | None
    invested: int | None
    fixed: int | None
    reported_on: date | None
    winter: WinterOut | None
    responsibility: ResponsibilityOut | None
    light: LightOut
    commands: list[str]


_SAME = (
    "status", "opened_on", "name", "kind", "investor", "company", "lead", "channel", "industry", "place", "content",
    "planned_year", "start", "document", "investment", "at", "next", "physical", "invested", "fixed", "reported_on",
)  # fmt: skip


@router.get(
    "/projects/{id}",
    name="api.project",
    response_model=ProjectAnswer,
    responses=READ_ONE,
    summary="一个项目 · One project",
)
def project_shown(
    request: Request, response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    """金额以分为单位 · Amounts are in 分 (CNY 0.01)."""
    caught_up(crm, query)
    project = crm.aggregate(Project, id)
    state = project.at(query.as_at) if query.as_at else project.state
    with crm.pool.connection() as conn:
        by = regime(conn, Point(query.as_at))
    return {
        **head(response, project),
        **{name: getattr(state, name) for name in _SAME},
        **_beside(request.state.words, state),
        "light": _light(request.state.words, lit(project, state, by)),
        "commands": commands(crm, viewer, project, possible(project)) if query.as_at is None else [],
    }


def _light(words: Words, found: Lit) -> dict[str, Any]:
    return {
        "light": found.light,
        "since": found.since,
        "rules": found.version.version,
        "rules_from": found.version.from_on,
        "why_none": words.t(found.dark) if found.dark else None,
        "causes": [_cause(one) for one in found.reasons],
        "milestones": dict(found.milestones),
    }


def _cause(one: Reason) -> dict[str, Any]:
    late = one.cause.milestone is not None
    return {
        **one.cause._asdict(),
        "asked": None if late else one.cause.asked,
        "physical": None if late else one.cause.physical,
        "facts": [fact.position for fact in one.facts],
    }


def _beside(words: Words, state: ProjectState) -> Mapping[str, Any]:
    marks = [(one, state.mark(one)) for one in MILESTONES]
    winter = state.winter
    return {
        "contracted": amount(words, state.contracted),
        "milestones": [
            {"milestone": one, "first_planned": mark.first_planned, "planned": mark.planned, "reached": mark.reached}
            for one, mark in marks
        ],
        "winter": {name: getattr(winter, name) for name in WinterOut.model_fields} if winter else None,
        "responsibility": answering(state.responsibility),
    }
