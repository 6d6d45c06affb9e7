"""What can be done with a project, in the order of its menu."""

from collections.abc import Mapping
from typing import Final

from domain.base import Form
from domain.project import (
    BackPlan,
    IncreaseCapital,
    PauseProject,
    PlanMilestone,
    PlanWinter,
    ReachMilestone,
    ReportProgress,
    Resign,
    ResumeProject,
    ReviseProject,
    TerminateProject,
)
from domain.responsibility import TakeResponsibility

MENU: Final[tuple[Mapping[type[Form], str], ...]] = (
    {ReportProgress: "chart-line", ReachMilestone: "flag-3", PlanMilestone: "calendar-plus", BackPlan: "calendar-stats"},
    {TakeResponsibility: "user-share", PlanWinter: "snowflake"},
    {ReviseProject: "pencil", IncreaseCapital: "coin-yuan", Resign: "signature"},
    {ResumeProject: "player-play", PauseProject: "player-pause", TerminateProject: "circle-x"},
)  # fmt: skip
"""The forms with their signs, by group."""
