"""The clocks of a problem: what is owed now, since when, by when, and by which rule."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from domain.base import Text
from domain.problem.kinds import ProblemStatus, Urgency
from domain.problem.state import ProblemState
from domain.rules import ProblemClocks, Rules


class Clock(NamedTuple):
    """Something owed: what, since when, by when, and why by then."""

    what: Text
    since: date
    due: date
    why: Text


def clocks_of(rules: Rules, urgency: Urgency | None) -> ProblemClocks:
    """The clocks that hold for a problem of that urgency."""
    return rules.urgent_problems if urgency is Urgency.URGENT else rules.problems


def days_of(rules: Rules, urgency: Urgency | None) -> Mapping[ProblemStatus, int]:
    """How many days a standing may last; what is worked on has been given a day of its own."""
    clocks = clocks_of(rules, urgency)
    return {
        ProblemStatus.RAISED: clocks.take_days,
        ProblemStatus.TAKEN: clocks.assign_days,
        ProblemStatus.ASSIGNED: 0,
        ProblemStatus.SOLVED: clocks.confirm_days,
    }


OWED: Final[Mapping[ProblemStatus, Text]] = {
    ProblemStatus.RAISED: Text("受理", "Take it"),
    ProblemStatus.TAKEN: Text("交办", "Assign it"),
    ProblemStatus.ASSIGNED: Text("办结", "Solve it"),
    ProblemStatus.SOLVED: Text("请反映人确认", "Have it confirmed"),
}
_FROM: Final[Mapping[ProblemStatus, Text]] = {
    ProblemStatus.RAISED: Text("登记", "it was raised"),
    ProblemStatus.TAKEN: Text("受理", "it was taken"),
    ProblemStatus.SOLVED: Text("办理完成", "it was solved"),
}


def clock_on(state: ProblemState) -> date | None:
    """The day the present clock counts from: of what is worked on, the day it is due itself. None once it is closed."""
    if not state.open:
        return None
    return (state.due_on if state.status is ProblemStatus.ASSIGNED else None) or state.since_on


def running(state: ProblemState, rules: Rules) -> Iterator[Clock]:
    """The clocks that run, the nearest first."""
    began, since = clock_on(state), state.since_on
    if began is None or since is None or state.status is None:
        return
    days = days_of(rules, state.urgency)[state.status]
    due = began + timedelta(days=days)
    yield Clock(OWED[state.status], since, due, _why(state, state.status, days))
    if state.status is ProblemStatus.ASSIGNED and state.level is None:
        late = clocks_of(rules, state.urgency).escalate_days
        why = Text(f"逾期 {late} 天仍未办结的要升级", f"what is overdue by {late} days is escalated")
        yield Clock(Text("升级", "Escalate it"), due, due + timedelta(days=late), why)


def _why(state: ProblemState, status: ProblemStatus, days: int) -> Text:
    """By which rule it is due then."""
    if status not in _FROM:
        return Text("交办或重新办理时定的期限", "as it was assigned or reopened")
    since = _FROM[status]
    urgent = Text("紧急问题，", "urgent: ") if state.urgency is Urgency.URGENT else Text("", "")
    return Text(f"{urgent.zh}{since.zh}后 {days} 天内", f"{urgent.en}within {days} days after {since.en}")
