"""What can be done with a project now, as a menu."""

from collections.abc import Mapping
from typing import Final

from domain.base import Form
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
from web.pages import record_page

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


def menu(project: Project) -> list[list[record_page.Action]]:
    """What the project would take now, by group; groups that are empty are left out."""
    return record_page.menu(possible(project), _GROUPS, _ICONS)
