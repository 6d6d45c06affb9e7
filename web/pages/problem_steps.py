"""What can be done about a problem now, and of what cannot why not."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from domain.base import Form, Text
from domain.problem import (
    AssessProblemRisk,
    AssignProblem,
    ClassifyProblem,
    ConfirmProblem,
    DecideProblemPath,
    EscalateProblem,
    NameProblemCause,
    ProblemState,
    ProblemStatus,
    ReopenProblem,
    ReviseProblem,
    SolveProblem,
    TakeProblem,
)
from domain.problem.steps import STEPS, hindrance

_ICONS: Final[Mapping[type[Form], str]] = {
    TakeProblem: "clipboard-check",
    ClassifyProblem: "category",
    AssignProblem: "user-share",
    DecideProblemPath: "route",
    EscalateProblem: "stairs-up",
    SolveProblem: "circle-check",
    ConfirmProblem: "mood-check",
    ReopenProblem: "rotate",
    AssessProblemRisk: "coin-yuan",
    NameProblemCause: "sitemap",
    ReviseProblem: "pencil",
}
_NEXT: Final[Mapping[ProblemStatus, type[Form]]] = {
    ProblemStatus.RAISED: TakeProblem,
    ProblemStatus.TAKEN: AssignProblem,
    ProblemStatus.ASSIGNED: SolveProblem,
    ProblemStatus.SOLVED: ConfirmProblem,
    ProblemStatus.CONFIRMED: ReopenProblem,
}
"""What is usually done next."""


class Action(NamedTuple):
    """Something that can be done, or why it cannot: the noun of its address, what it is called, its sign."""

    noun: str
    title: Text
    icon: str
    why_not: Text | None = None
    done_on: date | None = None
    said: Any = None


def action(form: type[Form], state: ProblemState) -> Action:
    return Action(form.noun, form.title, _ICONS[form], hindrance(form, state))


def menu(state: ProblemState) -> list[list[Action]]:
    """What can be done now: what is usually done next with what stands so, and everything else."""
    after = _NEXT.get(state.status) if state.status else None
    offered: tuple[type[Form], ...] = (*STEPS, ReviseProblem)
    groups = ([action(after, state)] if after else [], [action(form, state) for form in offered if form is not after])
    found = [[one for one in group if not one.why_not] for group in groups]
    return [group for group in found if group]


def way(state: ProblemState) -> Iterator[Action]:
    """The steps in their order: what came of each, whether it can be taken, and why not."""
    done: Mapping[type[Form], tuple[date | None, Any]] = {
        TakeProblem: (state.taken_on, state.number),
        ClassifyProblem: (None, state.kind),
        AssignProblem: (None, state.department if state.answered else None),
        DecideProblemPath: (None, state.way),
        EscalateProblem: (state.escalated_on, state.level),
        SolveProblem: (state.solved_on, state.result),
        ConfirmProblem: (state.confirmed_on, state.satisfaction),
    }
    for form, (day, said) in done.items():
        yield action(form, state)._replace(done_on=day, said=said)
    if state.settled or state.reopened:
        yield action(ReopenProblem, state)
