"""What can be done with a project now, as a menu."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.base import Form, Text
from domain.project import (
    BackPlan,
    IncreaseCapital,
    PauseProject,
    PlanMilestone,
    PlanWinter,
    Project,
    ReachMilestone,
    ReportProgress,
    Resign,
    ResumeProject,
    ReviseProject,
    TerminateProject,
)
from domain.project.possible import possible
from domain.responsibility import TakeResponsibility


class Action(NamedTuple):
    """One thing that can be done: the noun of its address, what it is called, its sign."""

    noun: str
    title: Text
    icon: str


_ICONS: Final[Mapping[type[Form], str]] = {
    ReportProgress: "chart-line",
    ReachMilestone: "flag-3",
    PlanMilestone: "calendar-plus",
    BackPlan: "calendar-stats",
    TakeResponsibility: "user-share",
    PlanWinter: "snowflake",
    ReviseProject: "pencil",
    IncreaseCapital: "coin-yuan",
    Resign: "signature",
    PauseProject: "player-pause",
    ResumeProject: "player-play",
    TerminateProject: "circle-x",
}
_GROUPS: Final[tuple[tuple[type[Form], ...], ...]] = (
    (ReportProgress, ReachMilestone, PlanMilestone, BackPlan),
    (TakeResponsibility, PlanWinter),
    (ReviseProject, IncreaseCapital, Resign),
    (ResumeProject, PauseProject, TerminateProject),
)


def menu(project: Project) -> list[list[Action]]:
    """What the project would take now, by group; groups that are empty are left out."""
    now = possible(project)
    found = [[Action(form.noun, form.title, _ICONS[form]) for form in forms if form in now] for forms in _GROUPS]
    return [actions for actions in found if actions]
