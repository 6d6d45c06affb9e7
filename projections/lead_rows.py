"""How events become rows of leads as known now, and what their names are found by. The pages' queries: `leads`."""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from domain.values import normalised_name
from projections import names
from projections.batch import Batch
from projections.engine import ReadModel
from projections.histories import Step
from projections.leads_asked import q
from projections.sql import Queries
from projections.target import Target

NAMES = frozenset({"company", "project", "credit_code"})


class Leads(ReadModel):
    name: ClassVar[str] = "leads"
    sql: ClassVar[Queries] = q
    VERSION: ClassVar[int] = 3
    WEIGHT: ClassVar[int] = 5

    def project(self, target: Target, batch: Batch) -> None:
        if not batch.last_steps:
            return
        target.load("lead", map(_lead, batch.last_steps.values()))
        target.run(q["count"], {"leads": list(batch.last_steps)})
        target.take("lead")
        target.run(q["level"])
        renamed = {step.lead.id for step in batch.steps if step.timeline is not None or _names(step)}
        target.put("lead_name", [_name(lead, batch.last_steps[lead].known.attributes) for lead in renamed])


def _lead(step: Step) -> tuple[Any, ...]:
    track, now, known = step.lead, step.standing, step.known
    given: Callable[[str], Any] = known.attributes.get
    amount = given("amount")
    return (
        track.id,
        track.version,
        step.row.position,
        given("company"),
        given("project"),
        given("credit_code"),
        given("country"),
        given("region"),
        _text(given("industry")),
        _text(now.stage),
        str(now.status),
        _text(now.reached),
        given("channel"),
        given("occasion"),
        given("brought_by"),
        given("owner"),
        amount.fen if amount else 0,
        amount.currency if amount else "CNY",
        known.registered_on,
        now.entered.get(now.stage) if now.stage else None,
        step.row.recorded_at,
        given("contacted_on"),
        given("next_action"),
        given("next_due"),
        _text(given("verdict")),
        track.merged_into,
        sorted(track.absorbed),
        _text(given("loss_reason")),
        names.sort_key(given("company")),
    )


def _names(step: Step) -> bool:
    """Whether the event says by what the lead is found."""
    return not NAMES.isdisjoint(step.event.effect().changes)


def _text(term: object) -> str | None:
    return None if term is None else str(term)


class LeadName(NamedTuple):
    lead: UUID
    normalised: str
    credit_code: str | None
    searchable: str
    grams: list[str]


def _name(id: UUID, attributes: Any) -> LeadName:
    company, project, credit_code = (attributes.get(name) for name in ("company", "project", "credit_code"))
    lines = [
        names.folded(company),
        names.folded(project or ""),
        names.initials(company),
        (credit_code or "").casefold(),
    ]
    return LeadName(
        id,
        normalised_name(company),
        credit_code,
        "\n".join(lines),
        sorted(names.grams([*lines, normalised_name(company)])),
    )
