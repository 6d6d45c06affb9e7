"""What may be asked of a project as it stands now: for menus, so that nobody is offered what would be refused.

The guards in `project` decide; a test holds this list against them.
"""

from collections.abc import Iterator

from domain import corrections
from domain.base import Form
from domain.project import milestones, opening, progress
from domain.project.kinds import Milestone, ProjectStatus
from domain.project.project import Project
from domain.responsibility import TakeResponsibility

_ALWAYS = (opening.ReviseProject, corrections.CorrectDate, corrections.CorrectDetails, corrections.Retract,
           corrections.Reinstate)  # fmt: skip
_OPEN = (opening.IncreaseCapital, opening.Resign, progress.ReportProgress, progress.PlanWinter,
         progress.TerminateProject, TakeResponsibility)  # fmt: skip


def possible(project: Project) -> frozenset[type[Form]]:
    """The forms that the project would take if they are filled in rightly and dated today."""
    return frozenset(_possible(project)) if project.state.exists else frozenset({corrections.Reinstate})


def _possible(project: Project) -> Iterator[type[Form]]:
    state = project.state
    yield from _ALWAYS
    if not state.open:
        return
    yield from _OPEN
    if any(state.ahead):
        yield from (milestones.PlanMilestone, milestones.ReachMilestone)
    if state.mark(Milestone.PRODUCTION).reached is None:
        yield milestones.BackPlan
    yield progress.PauseProject if state.status is ProjectStatus.ACTIVE else progress.ResumeProject
