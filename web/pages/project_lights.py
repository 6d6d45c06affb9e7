"""The lights of projects on a day, by the rules in force on it as known then: of one project with why, of many counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection

from crm import clock
from domain.base import Text
from domain.facts import Fact
from domain.lights import (
    Cause,
    Light,
    Limits,
    Watched,
    causes,
    dark,
    light_of,
    limits,
    lit_since,
    milestone_light,
    seen,
)
from domain.project import Milestone, Project, ProjectState, ProjectStatus
from domain.project.milestones import MilestonePlanned
from domain.project.opening import ProjectOpened
from domain.project.progress import ProgressReported
from domain.rules import Rules
from projections import projects, rules
from projections.changes import Point
from projections.projects import ProjectFilters
from projections.rules import Version
from web.pages.filters import Asked
from web.pages.moments import Moment


@dataclass(frozen=True, slots=True)
class Regime:
    """The rules in force on a day, and what they come to on it."""

    version: Version
    limits: Limits

    @property
    def rules(self) -> Rules:
        return self.version.rules

    @property
    def day(self) -> date:
        return self.limits.day

    def of(self, project: Watched) -> Light:
        """The light of a project, of a row as of a state."""
        return light_of(project, self.limits)

    def asked(self, filters: ProjectFilters) -> dict[str, Any]:
        """Filters as the query takes them, by these rules on this day."""
        return filters.asked(self.rules, self.day)


def regime(conn: Connection[Any], point: Point) -> Regime:
    """Of the day asked for, or of today."""
    day = point.as_at or clock.today()
    version = rules.in_force(conn, Point(day, point.known_at))
    return Regime(version, limits(version.rules, day))


def counted(conn: Connection[Any], wanted: Asked, asked: Moment, by: Regime) -> Mapping[Light, int]:
    """How many projects have which light, with every other filter in force."""
    return of_every_light(conn, replace(wanted.filters, light=None), asked.point, by)


def of_every_light(conn: Connection[Any], filters: ProjectFilters, point: Point, by: Regime) -> Mapping[Light, int]:
    found = projects.LIST.grouped(conn, "light", by.asked(filters), point)
    return {light: found.get(light.value, (0, 0))[0] for light in Light}


class Reason(NamedTuple):
    """One cause in words, and the facts it rests on."""

    cause: Cause
    said: Text
    facts: Sequence[Fact]


class Lit(NamedTuple):
    """A project's light and why: since when it has been on, the rules that say so, each cause; `dark`: why there is none."""

    light: Light
    since: date | None
    version: Version
    reasons: Sequence[Reason]
    dark: Text | None
    milestones: Mapping[Milestone, Light]


def lit(project: Project, state: ProjectState, by: Regime) -> Lit:
    """What the project's page and the API say of its light."""
    now, light = seen(state), by.of(seen(state))
    told = [Reason(cause, said(cause), list(_facts(project, cause, by.day))) for cause in causes(now, by.limits)]
    return Lit(
        light,
        lit_since(_states(project, by.day), by.rules, by.day) if told else None,
        by.version,
        told,
        _dark(state, by.limits) if light is Light.NONE else None,
        {one: milestone_light(now, one, by.limits) for one in Milestone},
    )


def _states(project: Project, day: date) -> list[tuple[date, Watched]]:
    days = sorted({fact.occurred_on for fact in project.facts if fact.occurred_on <= day})
    return [(one, seen(project.at(one))) for one in days]


def said(cause: Cause) -> Text:
    """Why, in words."""
    if cause.milestone and cause.planned:
        name, day = cause.milestone.text, f"{cause.planned:%Y-%m-%d}"
        return Text(f"{name.zh}计划 {day}，尚未完成", f"{name.en} planned for {day}, not reached")
    gap, asked, done = cause.asked - cause.physical, cause.asked, cause.physical
    return Text(
        f"形象进度 {done}%，计划 {asked}%，落后 {gap} 个百分点",
        f"Progress {done} %, by plan {asked} %: {gap} points behind",
    )


def _facts(project: Project, cause: Cause, day: date) -> Iterator[Fact]:
    """What was last said of the milestone; of progress the last report, and of the plan both its ends."""
    told = [fact for fact in reversed(project.facts) if fact.occurred_on <= day]
    ends = (cause.milestone,) if cause.milestone else (Milestone.START, Milestone.COMPLETION)
    if cause.milestone is None:
        yield from [fact for fact in told if isinstance(fact, ProgressReported) and fact.physical is not None][:1]
    for end in ends:
        yield from [fact for fact in told if _plans(fact, end)][:1]


def _plans(fact: Fact, milestone: Milestone) -> bool:
    if isinstance(fact, ProjectOpened):
        return milestone is Milestone.PRODUCTION and fact.production_on is not None
    return isinstance(fact, MilestonePlanned) and fact.milestone is milestone


def _dark(state: ProjectState, at: Limits) -> Text:
    now = seen(state)
    if state.kind in at.off:
        return Text("这一类别不亮灯", "Projects of this kind have no light")
    if state.status is ProjectStatus.PAUSED and not at.paused:
        return Text("停工项目不亮灯", "Paused projects have no light")
    if state.open and dark(now, at):
        return Text("没有待完成的计划节点", "No milestone is planned that is still ahead")
    return Text("项目不在推进", "The project is not under way")
