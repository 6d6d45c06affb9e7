"""The clocks of a problem: what is owed now, since when, by when, and by which rule."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from domain.base import Text
from domain.problem.kinds import ProblemStatus
from domain.problem.state import ProblemState


class ProblemClocks(NamedTuple):
    """The days each step may take; what is overdue by `escalate_days` is to be escalated."""

    take_days: int = 1
    assign_days: int = 2
    confirm_days: int = 7
    escalate_days: int = 5


class Clock(NamedTuple):
    """Something owed: what, since when, by when, and why by then."""

    what: Text
    since: date
    due: date
    why: Text


def days_of(clocks: ProblemClocks) -> dict[ProblemStatus, int]:
    """How many days a standing may last; one that is worked on has a day of its own."""
    return {
        ProblemStatus.RAISED: clocks.take_days,
        ProblemStatus.TAKEN: clocks.assign_days,
        ProblemStatus.ASSIGNED: 0,
        ProblemStatus.SOLVED: clocks.confirm_days,
    }


_WHAT = {
    ProblemStatus.RAISED: Text("受理", "Take it"),
    ProblemStatus.TAKEN: Text("交办", "Assign it"),
    ProblemStatus.ASSIGNED: Text("办结", "Solve it"),
    ProblemStatus.SOLVED: Text("请反映人确认", "Have it confirmed"),
}
_FROM = {
    ProblemStatus.RAISED: Text("登记", "it was raised"),
    ProblemStatus.TAKEN: Text("受理", "it was taken"),
    ProblemStatus.SOLVED: Text("办理完成", "it was solved"),
}


def clock_on(state: ProblemState) -> date | None:
    """The day the present clock counts from: of what is worked on, the day it is due itself."""
    if not state.open:
        return None
    return (state.due_on if state.status is ProblemStatus.ASSIGNED else None) or state.since_on


def running(state: ProblemState, clocks: ProblemClocks) -> Iterator[Clock]:
    """The clocks that run, the nearest first."""
    began, since = clock_on(state), state.since_on
    if began is None or since is None or state.status is None:
        return
    days = days_of(clocks)[state.status]
    due = began + timedelta(days=days)
    yield Clock(_WHAT[state.status], since, due, _why(state.status, days))
    if state.status is ProblemStatus.ASSIGNED and state.level is None:
        late = clocks.escalate_days
        why = Text(f"逾期 {late} 天仍未办结的升级", f"what is overdue by {late} days is escalated")
        yield Clock(Text("升级", "Escalate it"), due, due + timedelta(days=late), why)


def _why(status: ProblemStatus, days: int) -> Text:
    if status is ProblemStatus.ASSIGNED:
        return Text("交办时定的期限", "as it was assigned")
    since = _FROM[status]
    return Text(f"{since.zh}后 {days} 天内", f"within {days} days after {since.en}")
