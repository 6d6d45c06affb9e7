"""What may be asked of a problem as it stands now: for menus, so that nobody is offered what would be refused."""

from typing import Final

from domain import corrections
from domain.base import Form
from domain.problem.problem import Problem
from domain.problem.raising import ReviseProblem
from domain.problem.steps import STEPS, hindrance

_ALWAYS: Final[frozenset[type[Form]]] = frozenset({ReviseProblem, corrections.CorrectDate, corrections.CorrectDetails, corrections.Retract,
                            corrections.Reinstate})  # fmt: skip


def possible(problem: Problem) -> frozenset[type[Form]]:
    """The forms that the problem would take if they are filled in rightly and dated today."""
    if not problem.state.exists:
        return frozenset({corrections.Reinstate})
    return _ALWAYS | {form for form in STEPS if hindrance(form, problem.state) is None}
