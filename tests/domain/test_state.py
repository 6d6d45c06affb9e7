"""What a lead knows of itself goes on with every fact; it is what reading its whole history anew would say."""

from datetime import timedelta

from hypothesis import Phase, given, settings

from domain.base import Event
from domain.lead import Lead
from domain.lead.event import LeadEvent
from domain.lead.status import LeadAbsorbed
from tests.domain.conftest import contact, lead_after
from tests.projections.stories import DAYS, FIRST, stories


def joined(lead: Lead, told: list[LeadEvent]) -> Lead:
    """The lead with what is known so far of those merged into it."""
    return lead.join({other: [e for e in told if e.originator_id == other] for other in lead.absorbed})


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(events=stories())
def test_a_lead_that_goes_on_stands_where_one_read_anew_stands(events: list[Event]) -> None:
    told: list[LeadEvent] = []
    leads: dict[object, Lead] = {}
    for event in (one for one in events if isinstance(one, LeadEvent)):
        told.append(event)
        going_on = leads.setdefault(event.originator_id, Lead(event.originator_id)).copy()
        event.mutate(going_on)
        if isinstance(event, LeadAbsorbed) or going_on.absorbed:
            joined(going_on, told)
        leads[going_on.id] = going_on
        anew = Lead(going_on.id)
        for own in (one for one in told if one.originator_id == going_on.id):
            own.mutate(anew)
        joined(anew, told)
        assert going_on.history == anew.history
        assert going_on.standing == anew.standing
        for day in range(-1, DAYS + 1):
            assert going_on.at(FIRST + timedelta(days=day)) == anew.at(FIRST + timedelta(days=day))


def test_what_happens_to_a_copy_does_not_happen_to_what_it_was_made_of() -> None:
    first = lead_after(contact("1-9"))
    before = list(first.events), first.standing, dict(first.documents)
    copy = first.copy()
    for event in list(first.events)[:1]:
        copy.apply(event)
    assert (list(first.events), first.standing, dict(first.documents)) == before
    assert len(copy.events) == len(first.events) + 1
