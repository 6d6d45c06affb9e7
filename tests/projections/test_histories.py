"""Random histories: the funnel equals the definition written down once more, and rows do not depend on how they came."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.base import Event
from domain.funnel import STAGES, Status
from projections import agenda, funnel, leads
from projections.funnel import Cell
from projections.models import MODELS
from projections.paging import Totals
from projections.rebuild import rebuild
from tests import reference
from tests.projections.conftest import Ground
from tests.projections.stories import DAYS, FIRST, Story, exported, stories

few = settings(
    max_examples=20,
    deadline=None,
    # A shorter history is a prefix of another one's chances, not a simpler case: shrinking only takes time.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
days = st.none() | st.integers(-1, DAYS + 5).map(lambda n: FIRST + timedelta(days=n))
GROUPS = {
    "none": lambda _lead, _standing: None,
    "channel": lambda _lead, standing: standing["channel"],
    "occasion": lambda _lead, standing: standing["occasion"],
    "country": lambda _lead, standing: standing["country"],
    "region": lambda _lead, standing: standing["region"],
    "industry": lambda _lead, standing: standing["industry"],
    "owner": lambda _lead, standing: standing["owner"],
    "month": lambda _lead, standing: standing["registered_on"][:7],
    "band": lambda _lead, standing: str(funnel.band_of(standing["amount_fen"])),
}


def counted(found: funnel.Funnel) -> dict[str | None, Counter[Any]]:
    """A funnel in the reference's words."""
    return {group.key: _counter(group) for group in found.groups}


def _counter(group: funnel.Group) -> Counter[Any]:
    count: Counter[Any] = Counter({"registered": group.registered, "merged": group.merged})
    for figures in group.stages:
        stage = str(figures.stage)
        count["standing", stage] = figures.standing
        count["amount", stage] = figures.amount_fen
        count["reached", stage] = figures.reached
        count["on_hold", stage] = figures.on_hold
        count["lost", stage] = figures.lost
    return Counter({key: number for key, number in count.items() if number})


def wanted(events: list[Event], as_at: date | None, known_at: int | None, group_by: str) -> dict[Any, Counter[Any]]:
    found = reference.funnel(map(exported, events), as_at and as_at.isoformat(), known_at, GROUPS[group_by])
    return {key: Counter({what: n for what, n in count.items() if n}) for key, count in found.items()}


@few
@given(
    events=stories(), asked=st.lists(st.tuples(days, st.floats(0, 1)), min_size=2, max_size=4), batch=st.integers(1, 60)
)
def test_the_funnel_of_any_day_as_known_at_any_position_is_the_reference_s(
    ground: Ground, events, asked, batch
) -> None:
    ground.clear()
    ground.given(events)
    ground.project(batch)
    for as_at, part in [*asked, (None, 1.0)]:
        for known_at in (None, round(part * len(events))):
            for group_by in GROUPS:
                found = funnel.funnel(ground.conn, as_at=as_at, known_at=known_at, group_by=group_by)
                assert counted(found) == wanted(events, as_at, known_at, group_by), (as_at, known_at, group_by)


def test_what_was_entered_for_days_before_its_registration_while_it_had_another_lead_stops_no_read_model(
    ground: Ground,
) -> None:
    story = Story()
    for what, who, other, day in (
        ("register", 0, 0, 1), ("lose", 0, 0, 3), ("register", 1, 0, 40), ("merge", 0, 1, 41), ("reopen", 1, 0, 10),
        ("contract", 1, 0, 12), ("unmerge", 0, 0, 46),
    ):  # fmt: skip
        assert story.act(what, who, other, day, 0), what
    ground.given(story.events)
    ground.project()
    for day in (None, 5, 12, 39, 40, 60):
        as_at = None if day is None else FIRST + timedelta(day)
        assert counted(funnel.funnel(ground.conn, as_at=as_at)) == wanted(story.events, as_at, None, "none"), day


@few
@given(events=stories(), cuts=st.lists(st.integers(1, 30), min_size=1, max_size=5))
def test_rows_are_the_same_whatever_the_batches_and_after_a_rebuild(ground: Ground, events, cuts) -> None:
    ground.clear()
    at = 0
    for size in cuts:
        ground.given(events[at : at + size])
        ground.project(batch=size)
        at += size
    ground.given(events[at:])
    ground.project()
    live = ground.digests()
    rebuild(lambda: ground.district.connect(autocommit=True), MODELS)
    assert ground.digests() == live


@few
@given(events=stories())
def test_the_funnel_of_now_is_the_list_of_leads_and_every_number_opens_as_many(ground: Ground, events) -> None:
    ground.clear()
    ground.given(events)
    ground.project()
    total = funnel.funnel(ground.conn).total
    for figures, column in zip(total.stages, leads.board(ground.conn), strict=True):
        assert (figures.standing, figures.amount_fen) == (column.count, column.amount_fen)
        for measure in ("standing", "reached", "on_hold", "lost"):
            cell = Cell(measure, str(figures.stage))
            assert len(funnel.behind(ground.conn, cell).rows) == funnel.count(ground.conn, cell).count
    merged = leads.search(ground.conn, leads.LeadFilters(status=str(Status.MERGED)))
    assert total.merged == len(merged.rows)
    assert total.registered == len(leads.search(ground.conn).rows) + total.merged


@few
@given(events=stories(), today=st.dates(FIRST, FIRST + timedelta(days=DAYS)))
def test_what_count_is_kept_of_is_what_there_is(ground: Ground, events, today) -> None:
    ground.clear()
    ground.given(events)
    ground.project()
    rows = leads.search(ground.conn).rows
    for row in rows:
        asked = leads.LeadFilters(channel=row.channel, industry=row.industry, stage=row.stage, owner=row.owner)
        alike = leads.search(ground.conn, asked).rows
        assert leads.totals(ground.conn, asked) == Totals(len(alike), sum(one.amount_fen for one in alike))
    for kind, due in agenda.counts(ground.conn, today).items():
        listed = agenda.listed(ground.conn, today, kind=kind).rows
        assert due.all == len(listed)
        assert due.overdue == sum(one.due_on is not None and one.due_on < today for one in listed)
        assert due.today == sum(one.due_on == today for one in listed)


@few
@given(events=stories())
def test_the_days_in_each_stage_follow_one_another(ground: Ground, events) -> None:
    ground.clear()
    ground.given(events)
    ground.project()
    today = FIRST + timedelta(days=DAYS)
    for lead in leads.search(ground.conn).rows:
        stays = funnel.stage_days(ground.conn, lead.id, today)
        assert all(stay.stage in STAGES and stay.days >= 0 for stay in stays)
        if lead.status == Status.OPEN:
            assert (stays[-1].stage, stays[-1].to_on) == (lead.stage, None)
