"""The domain: pure, without I/O and without a clock of its own. Importing it makes every topic known."""

from domain import (
    channel,
    company,
    district,
    erasure,
    funding,
    indicator,
    lead,
    matchmaking,
    meeting,
    person,
    plan,
    problem,
    procedure,
    project,
    service,
    site,
    target,
    task,
)
from domain.base import AGGREGATES, EVENTS, Aggregate, Form


def _forms() -> dict[tuple[str, str], type[Form]]:
    """Every form by its aggregate's name and its noun, so that pages, API and tests reach all of them in one way."""
    forms: dict[tuple[str, str], type[Form]] = {}
    for topic, event in EVENTS.items():
        form = next((base for base in event.__mro__ if issubclass(base, Form) and "noun" in base.__dict__), None)
        if form is not None:
            forms[topic.partition(".")[0], form.noun] = form
    forms |= {(kind.NAME, form.noun): form for kind in AGGREGATES.values() for form in kind.ALSO}
    return forms


FORMS = _forms()

__all__ = [
    "AGGREGATES",
    "EVENTS",
    "FORMS",
    "Aggregate",
    "Form",
    "channel",
    "company",
    "district",
    "erasure",
    "funding",
    "indicator",
    "lead",
    "matchmaking",
    "meeting",
    "person",
    "plan",
    "problem",
    "procedure",
    "project",
    "service",
    "site",
    "target",
    "task",
]
