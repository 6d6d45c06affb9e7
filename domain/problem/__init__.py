"""The problem: its words (`kinds`), its forms and events (`raising`, `handling`, `ending`), its clocks, then itself (`problem`)."""

from domain.problem.clocks import Clock, running
from domain.problem.ending import ConfirmProblem, NameProblemCause, ReopenProblem, SolveProblem
from domain.problem.event import ProblemEvent
from domain.problem.handling import AssignProblem, ClassifyProblem, DecideProblemPath, EscalateProblem, TakeProblem
from domain.problem.kinds import (
    OPEN,
    SETTLED,
    EscalationLevel,
    ProblemClass,
    ProblemSource,
    ProblemStatus,
    ProblemWay,
    Satisfaction,
    Urgency,
)
from domain.problem.problem import Problem
from domain.problem.raising import AssessProblemRisk, RaiseProblem, ReviseProblem
from domain.problem.state import ProblemState

__all__ = [
    "OPEN", "SETTLED", "AssessProblemRisk", "AssignProblem", "ClassifyProblem", "Clock", "ConfirmProblem",
    "DecideProblemPath", "EscalateProblem", "EscalationLevel", "NameProblemCause", "Problem", "ProblemClass",
    "ProblemEvent", "ProblemSource", "ProblemState", "ProblemStatus", "ProblemWay", "RaiseProblem",
    "ReopenProblem", "ReviseProblem", "Satisfaction", "SolveProblem", "TakeProblem", "Urgency", "running",
]  # fmt: skip
