"""How events become the agenda: next actions, and the clocks that the district's rules set running."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from domain.district import DISTRICT, Regimes, RulesSet
from domain.funnel import Stage, Standing, Status
from domain.rules import Rules
from projections.agenda import q
from projections.batch import Batch
from projections.engine import ReadModel
from projections.histories import Step
from projections.sql import Queries
from projections.target import Target

AT_A_TIME = 20_000
FIRST = UUID(int=0)


class Duty(NamedTuple):
    """One row: what is owed for a lead since a day; `place` is where it stands in a list."""

    lead: UUID
    kind: str
    since: date
    due_on: date | None
    place: date
    owner: UUID | None
    channel: UUID
    amount_fen: int


def _judged_within(rules: Rules, amount_fen: int) -> int:
    return rules.judge_major_days if amount_fen >= rules.major_amount.fen else rules.judge_days


DAYS: dict[str, Callable[[Rules, int], int]] = {
    "answer": lambda rules, _: rules.answer_days,
    "judge": _judged_within,
    "feedback": lambda rules, _: rules.feedback_days,
    "report": lambda rules, _: rules.report_days,
}
"""The clocks: how many days each runs, by the rules and the lead's amount."""


class Agenda(ReadModel):
    name: ClassVar[str] = "agenda"
    sql: ClassVar[Queries] = q
    VERSION: ClassVar[int] = 3
    WEIGHT: ClassVar[int] = 3

    def project(self, target: Target, batch: Batch) -> None:
        said = [event for _, event in batch.events("district") if isinstance(event, RulesSet)]
        if not said and not batch.last_steps:
            return
        regimes = Regimes([event for event in batch.history(DISTRICT) if isinstance(event, RulesSet)])
        duties = [duty for step in batch.last_steps.values() for duty in _duties(step, regimes)]
        owed = {"of": [duty.lead for duty in duties], "kinds": [duty.kind for duty in duties]}
        leads = {"leads": list(batch.last_steps)}
        target.load("agenda", duties)
        target.run(q["count"].format(replaced=q["of_leads"]), leads)
        target.run(q["settle"], leads | owed)
        target.take("agenda")
        if said:
            _reset(target, regimes, min(event.occurred_on for event in said))
        target.run(q["level"])


def _duties(step: Step, regimes: Regimes) -> Iterator[Duty]:
    """What is owed for an open lead."""
    standing, last = step.standing, step.day
    if standing.status is not Status.OPEN or standing.registered_on is None:
        return
    given: Callable[[str], Any] = standing.attributes.get
    amount = given("amount")
    worth = amount.fen if amount else 0
    due = given("next_due")

    def duty(kind: str, since: date, due_on: date | None) -> Duty:
        return Duty(step.lead.id, kind, since, due_on, due_on or since, given("owner"), given("channel"), worth)

    if due is not None:
        yield duty("action", last, due)
    elif standing.stage is not Stage.LANDED:
        yield duty("no_action", last, None)
    for kind, since in _clocks(standing, last):
        yield duty(kind, since, _due_on(regimes, kind, since, worth))


def _clocks(standing: Standing, last: date) -> Iterator[tuple[str, date]]:
    """The clocks running for an open lead, each since its day."""
    registered_on, new = standing.registered_on or last, standing.stage is Stage.REGISTERED
    unjudged = standing.attributes.get("verdict") is None
    if new:
        yield "answer", registered_on
    if unjudged and standing.stage in (Stage.REGISTERED, Stage.CONTACTED):
        yield "judge", registered_on
    if standing.attributes.get("referrer") and (new or unjudged) and standing.stage is not Stage.LANDED:
        yield "feedback", registered_on
    if standing.stage is not Stage.LANDED:
        yield "report", last


def _due_on(regimes: Regimes, kind: str, since: date, amount_fen: int) -> date:
    return since + timedelta(days=DAYS[kind](regimes.on(since), amount_fen))


def _reset(target: Target, regimes: Regimes, since: date) -> None:
    """Give every clock that was started on or after `since` its day by the rules as they are now known."""
    asked: dict[str, Any] = {"kinds": sorted(DAYS), "since": since, "limit": AT_A_TIME, "lead": FIRST, "kind": ""}
    while True:
        rows = [Duty._make(row) for row in target.rows(q["running"], asked)]
        due = [_due_on(regimes, row.kind, row.since, row.amount_fen) for row in rows]
        target.load("agenda", [row._replace(due_on=day, place=day) for row, day in zip(rows, due, strict=True)])
        target.run(q["count"].format(replaced=q["of_incoming"]))
        target.take("agenda")
        if len(rows) < AT_A_TIME:
            return
        asked |= {"lead": rows[-1].lead, "kind": rows[-1].kind}
