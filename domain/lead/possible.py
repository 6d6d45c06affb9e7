"""What may be asked of a lead as it stands now: for menus, so that nobody is offered what would be refused.

The guards in `lead` decide; a test holds this list against them.
"""

from collections.abc import Iterator

from domain.base import EVENTS, Form
from domain.funnel import STAGES, Stage, Status
from domain.lead import claims, corrections, details, progress, status, work
from domain.lead.event import LeadEvent
from domain.lead.lead import Lead

STAGE_FORMS: dict[Stage, type[Form]] = {}
"""The form whose fact is the evidence of a stage."""

for _event in EVENTS.values():
    _stage = _event.RAISES if issubclass(_event, LeadEvent) else None
    if _stage is not None and _stage not in (STAGES[0], *STAGE_FORMS):
        STAGE_FORMS[_stage] = next(base for base in _event.__mro__[1:] if "noun" in base.__dict__)

_ALWAYS = (details.Revise, work.Assign, work.AddNote, work.AttachDocument, claims.Claim,
           corrections.CorrectDate, corrections.CorrectDetails, corrections.Retract, corrections.Reinstate)  # fmt: skip
_OPEN = (progress.Contact, progress.VisitSite, work.Judge, work.SetNextAction, details.ReviseInvestment)


def possible(lead: Lead) -> frozenset[type[Form]]:
    """The forms that the lead would take if they are filled in rightly and dated today."""
    if lead.merged_into is not None:
        return frozenset({status.Unmerge})
    return frozenset(_possible(lead)) if lead.standing.counts else frozenset()


def _possible(lead: Lead) -> Iterator[type[Form]]:
    standing = lead.standing
    yield from _ALWAYS
    if lead.attribute("next_due") is not None:
        yield work.CompleteNextAction
    if lead.unruled:
        yield claims.RuleClaim
    if not lead.absorbed:
        yield status.Merge
    if standing.status is Status.OPEN:
        yield from _OPEN
        yield from (form for stage, form in STAGE_FORMS.items() if form not in _OPEN and not _signed(lead, stage))
        if standing.stage is not STAGES[0]:
            yield progress.MoveBack
    if standing.status in (Status.OPEN, Status.ON_HOLD) and standing.stage is not STAGES[-1]:
        yield status.Lose
        if standing.status is Status.OPEN:
            yield status.Hold
    if standing.status is Status.ON_HOLD:
        yield status.Resume
    if standing.status is Status.LOST:
        yield status.Reopen


def _signed(lead: Lead, stage: Stage) -> bool:
    """Whether the stage's own fact stands and the lead has not left it since."""
    now = lead.standing.stage
    kinds = tuple(event for event in EVENTS.values() if issubclass(event, LeadEvent) and event.RAISES is stage)
    return now is not None and now.order >= stage.order and any(isinstance(fact, kinds) for fact in lead.history.facts)
