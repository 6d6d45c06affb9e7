"""Which step may follow on which: one table for the guards, for menus and for what a page says of a step that cannot be taken.

`hindrance` says why not; an aggregate, a menu and a page that ask it cannot differ.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.base import Form, Text
from domain.problem.ending import ConfirmProblem, NameProblemCause, ReopenProblem, SolveProblem
from domain.problem.handling import AssignProblem, ClassifyProblem, DecideProblemPath, EscalateProblem, TakeProblem
from domain.problem.kinds import LEVELS, SETTLED, ProblemStatus
from domain.problem.raising import AssessProblemRisk
from domain.problem.state import ProblemState

VOID: Final = Text("这个问题当时没有登记，或已作废。", "There was no such problem then, or it is void.")
_NOT_TAKEN: Final = Text("还没有受理。", "It has not been taken yet.")
_TAKEN: Final = Text("已经受理。", "It is taken already.")
_SETTLED: Final = Text("已经办理完成，要继续办理请重新办理。", "It is solved; reopen it to go on.")
_CLOSED: Final = Text("已经办结，要继续办理请重新办理。", "It is closed; reopen it to go on.")
_NOT_SOLVED: Final = Text("还没有办理完成。", "It is not solved yet.")
_HIGHEST: Final = Text("已经升级到最高一级。", "It is at the highest level already.")
_WORKED_ON: Final = frozenset({ProblemStatus.TAKEN, ProblemStatus.ASSIGNED})
_UNSOLVED: Final = frozenset(ProblemStatus) - SETTLED


class Step(NamedTuple):
    """In which standings it may be taken, and why not in the others: before them, after them."""

    within: frozenset[ProblemStatus]
    before: Text
    after: Text


STEPS: Final[Mapping[type[Form], Step]] = {
    TakeProblem: Step(frozenset({ProblemStatus.RAISED}), _NOT_TAKEN, _TAKEN),
    ClassifyProblem: Step(_UNSOLVED, _NOT_TAKEN, _SETTLED),
    AssignProblem: Step(_WORKED_ON, _NOT_TAKEN, _SETTLED),
    DecideProblemPath: Step(_WORKED_ON, _NOT_TAKEN, _SETTLED),
    EscalateProblem: Step(_WORKED_ON, _NOT_TAKEN, _SETTLED),
    SolveProblem: Step(_WORKED_ON, _NOT_TAKEN, _SETTLED),
    ConfirmProblem: Step(frozenset({ProblemStatus.SOLVED}), _NOT_SOLVED, _CLOSED),
    ReopenProblem: Step(SETTLED, _NOT_SOLVED, _CLOSED),
    AssessProblemRisk: Step(_UNSOLVED, _NOT_TAKEN, _SETTLED),
    NameProblemCause: Step(frozenset(ProblemStatus), _NOT_TAKEN, _CLOSED),
}
"""In the order in which they are usually taken."""
_ORDER: Final = tuple(ProblemStatus)


def hindrance(form: type[Form], state: ProblemState) -> Text | None:
    """Why a problem that stands so does not take this; None where it does."""
    if state.status is None:
        return VOID
    step = STEPS.get(form)
    if step and state.status not in step.within:
        first = min(map(_ORDER.index, step.within))
        return step.before if _ORDER.index(state.status) < first else step.after
    if form is EscalateProblem and state.level is LEVELS[-1]:
        return _HIGHEST
    return None
