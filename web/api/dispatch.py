"""The dispatch, the weekly watch and the leaders' list, as the pages show them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from projections import problems, projects, weekly
from projections.problems import ProblemRow
from projections.weekly import Watched
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, Read, Worth, given, reading, shape, understood, worth
from web.api.record_reads import Listed
from web.pages.dispatch_leaders import STILL_SHOWN, key_projects
from web.pages.dispatch_looking import looked_at
from web.pages.dispatch_weekly import Watch, watch
from web.session import Crm, Who

router = APIRouter(tags=["dispatch"])


class DispatchQuery(Read):
    meeting: UUID | None = Field(
        None, description="哪次会议；不填为正在准备的 · Which meeting; the one being prepared where left out"
    )


class DispatchAnswer(Answer):
    """`agrees`: what was pinned of it is the same when put together again; null where nothing was pinned."""

    meeting: UUID | None
    follows: UUID | None = Field(description="与哪次会议相比 · The meeting it is compared with")
    agrees: bool | None
    document: dict[str, Any] = Field(
        description="变化、亮灯、问题、督办事项；金额以分计 · What moved, lights, problems, tasks; amounts in 分"
    )


@router.get(
    "/dispatch", name="api.dispatch", response_model=DispatchAnswer, responses=READ_ONE, summary="调度 · The dispatch"
)
def dispatch_shown(crm: Crm, query: Annotated[DispatchQuery, Query()]) -> dict[str, Any]:
    """上次会议以来的变化，或某次会议当时的 · What moved since the last meeting, or as it was at one."""
    with reading(crm, query) as (conn, position):
        found = looked_at(conn, query.meeting)
    return {
        "position": position, "meeting": query.meeting, "follows": found.asked.before.id if found.asked.before else None,
        "agrees": found.agrees, "document": found.document,
    }  # fmt: skip


class WatchQuery(Listed):
    """The filters of the page, by the same names and values."""

    q: Plain | None = Field(None, description="查找 · Part of a name, pinyin initials")
    light: Plain | None = Field(None, description="亮灯 · Light: red, yellow, green, none")
    leader: UUID | None = Field(None, description="包保领导 · Leader")
    size: Plain | None = Field(None, description="规模档 · Class of size")
    kind: Plain | None = Field(None, description="类别 · Kind")
    status: Plain | None = Field(None, description="状态，默认推进中 · Status; under way where left out")
    sort: Literal["investment", "reported", "next", "name"] = "investment"


class WatchedOut(BaseModel):
    """A project this week and at the end of the week before; `silent`: days without a report."""

    id: UUID
    name: str
    light: str
    investment: Worth
    physical: int | None
    physical_before: int | None
    physical_change: int
    invested: Worth | None
    invested_before: Worth | None
    invested_change: Worth | None
    reported_on: date | None
    silent: int
    next: str | None
    next_on: date | None
    leader: UUID | None
    departments: str | None


class WatchAnswer(Answer):
    totals: Counted
    day: date
    week_before: date = Field(description="上周末 · The end of the week before")
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    projects: list[WatchedOut]


@router.get(
    "/dispatch/weekly",
    name="api.dispatch.weekly",
    response_model=WatchAnswer,
    responses=READ,
    summary="周监测 · The weekly watch",
)
def weekly_shown(request: Request, crm: Crm, viewer: Who, query: Annotated[WatchQuery, Query()]) -> dict[str, Any]:
    words = request.state.words
    with reading(crm, query) as (conn, position):
        one = _asked(conn, given(query), viewer)
        page = projects.LIST.page(
            conn, one.filters, one.asked.point, sort=query.sort, after=query.after, limit=query.limit
        )
        rows = weekly.watched(conn, page.rows, one.asked.point, one.day)
        totals = projects.LIST.totals(conn, one.filters, one.asked.point)
    return {
        "position": position, "totals": counted(words, totals), "day": one.day, "next": page.next,
        "week_before": weekly.week_before(one.day), "projects": [_watched(words, row, one) for row in rows],
    }  # fmt: skip


def _asked(conn: Any, typed: Mapping[str, str], viewer: Who) -> Watch:
    one = watch(conn, typed, viewer)
    understood(one.asked.question.errors)
    understood(one.wanted.errors)
    return one


def _watched(words: Any, one: Watched, by: Watch) -> dict[str, Any]:
    row, was = one.row, one.was
    same = ("id", "name", "physical", "reported_on", "next_on", "leader", "departments")
    return {
        **{name: getattr(row, name) for name in same}, "light": by.by.of(row), "next": row.following,
        "investment": worth(words, row.investment), "physical_before": was.physical if was else None,
        "physical_change": one.physical, "invested": worth(words, row.invested),
        "invested_before": worth(words, was.invested if was else None), "invested_change": worth(words, one.invested),
        "silent": one.silent,
    }  # fmt: skip


StuckOut: Any = shape("StuckOut", ProblemRow, investment=Worth | None)


class KeyProjectOut(BaseModel):
    """A project with what it is stuck at, and what was solved lately."""

    id: UUID
    name: str
    light: str
    investment: Worth
    physical: int | None
    leader: UUID | None
    task_force: str | None
    departments: str | None
    problems: list[StuckOut]


class LeadersQuery(WatchQuery):
    sort: Literal["investment", "next", "name"] = "investment"


class LeadersAnswer(Answer):
    totals: Counted
    day: date
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    projects: list[KeyProjectOut]


@router.get(
    "/dispatch/leaders",
    name="api.dispatch.leaders",
    response_model=LeadersAnswer,
    responses=READ,
    summary="领导包保重点项目清单 · Key projects and who answers",
)
def leaders_shown(request: Request, crm: Crm, viewer: Who, query: Annotated[LeadersQuery, Query()]) -> dict[str, Any]:
    words = request.state.words
    with reading(crm, query) as (conn, position):
        one = _asked(conn, given(query), viewer)
        filters, point = key_projects(one), one.asked.point
        page = projects.LIST.page(conn, filters, point, sort=query.sort, after=query.after, limit=query.limit)
        found = problems.of_projects(conn, [row.id for row in page.rows], one.day - STILL_SHOWN, point)
        totals = projects.LIST.totals(conn, filters, point)
    same = ("id", "name", "physical", "leader", "task_force", "departments")
    shown = [
        {**{name: getattr(row, name) for name in same}, "light": one.by.of(row), "investment": worth(words, row.investment),
         "problems": [{**each._asdict(), "investment": worth(words, each.investment)} for each in found.get(row.id, ())]}
        for row in page.rows
    ]  # fmt: skip
    return {
        "position": position,
        "totals": counted(words, totals),
        "day": one.day,
        "next": page.next,
        "projects": shown,
    }
