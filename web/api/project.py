"""One project through the API: its milestones, its light and why, who answers."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from domain.project import MILESTONES, Project, ProjectState
from domain.project.possible import possible
from projections.changes import Point
from web.api.problems import READ_ONE
from web.api.projects import MarkOut
from web.api.reading import (
    Answer,
    amount,
    caught_up,
)
from web.api.record_reads import (
    RecordRead,
    ResponsibilityOut,
    answering,
    commands,
    head,
)
from web.pages.project_lights import Lit, Reason, lit, regime
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["projects"])


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
