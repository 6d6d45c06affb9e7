"""A lead's own story: where it stood, as then known, after each of its events. How it is told: `story`."""

from collections.abc import Sequence

from domain.facts import sequence
from domain.funnel import Standing, known
from domain.lead import LeadEvent


def standings(events: Sequence[LeadEvent]) -> list[Standing]:
    """Where the lead stood, as then known, after each of its events."""
    found: list[Standing] = []
    history = known(())
    for count, event in enumerate(events, start=1):
        follows = event.correction() is None and found and found[-1].counts and not history.merged
        if follows and sequence(event) > sequence(history.facts[-1]):
            history = history._replace(facts=[event])  # the common case: nothing earlier is touched
            found.append(found[-1].after(event))
        else:
            history = known(events[:count])
            found.append(next(reversed([standing for _, standing in history.standings()]), Standing()))
    return found
