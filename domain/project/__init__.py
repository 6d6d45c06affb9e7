"""The project: its words (`kinds`), its forms and events (`opening`, `milestones`, `progress`), then itself (`project`)."""

from domain.project.event import ProjectEvent
from domain.project.kinds import MILESTONES, Milestone, ProjectKind, ProjectStatus, StartKind, WinterWay
from domain.project.marks import Mark, Winter
from domain.project.milestones import BackPlan, PlanMilestone, ReachMilestone
from domain.project.opening import IncreaseCapital, OpenProject, Resign, ReviseProject
from domain.project.progress import PauseProject, PlanWinter, ReportProgress, ResumeProject, TerminateProject
from domain.project.project import Project
from domain.project.state import ProjectState

__all__ = [
    "MILESTONES", "BackPlan", "IncreaseCapital", "Mark", "Milestone", "OpenProject", "PauseProject", "PlanMilestone",
    "PlanWinter", "Project", "ProjectEvent", "ProjectKind", "ProjectState", "ProjectStatus", "ReachMilestone",
    "ReportProgress", "Resign", "ResumeProject", "ReviseProject", "StartKind", "TerminateProject", "Winter",
    "WinterWay",
]  # fmt: skip
