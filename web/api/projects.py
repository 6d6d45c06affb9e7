"""Projects through the API: the list by both clocks, filtered and sorted as on the page."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from domain.project import MILESTONES
from projections.projects import ProjectRow
from web.api.leads import Counted, counted
from web.api.problems import READ
from web.api.reading import (
    Answer,
    Plain,
    Worth,
    shape,
    worth,
)
from web.api.record_reads import (
    Listed,
    fields_of,
    reading_list,
)
from web.pages.project_filters import PROJECTS, project_filters
from web.pages.project_lights import Regime, regime
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
