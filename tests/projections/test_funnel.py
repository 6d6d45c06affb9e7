"""The funnel by its definition: late entries, corrections, mergers, and numbers that open exactly what they count."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.channel import Channel, OpenChannel
from domain.lead import CorrectDate, Lead, Lose, Merge, Retract, Unmerge
from projections import funnel
from projections.funnel import Cell, FunnelFilters, Group
from projections.paging import Scope
from tests.projections.conftest import Ground
from tests.projections.told import CENTRE, MISSION, OFFICER, SUCCESSOR, Tale, day, lead_id


def total(ground: Ground, **asked: Any) -> Group:
    return funnel.funnel(ground.conn, **asked).total


def reached(group: Group) -> list[int]:
    return [figures.reached for figures in group.stages]


def standing(group: Group) -> list[int]:
    return [figures.standing for figures in group.stages]


def test_a_signature_entered_late_counts_from_its_day_but_was_not_known_then(ground: Ground) -> None:
    tale = Tale().registered().contracted(on="6-28")  # the second event is recorded later than the first
    ground.given(tale.events)
    ground.project()
    june = {"as_at": day("6-30")}
    assert standing(total(ground, **june)) == [0, 0, 0, 0, 1, 0]
    assert standing(total(ground, **june, known_at=1)) == [1, 0, 0, 0, 0, 0]
    assert total(ground, **june).amount_fen == 2 * 10**10
    assert reached(total(ground)) == [1, 1, 1, 1, 1, 0]  # skipped stages count
    assert standing(total(ground, as_at=day("1-4"))) == [0] * 6


def test_a_corrected_date_moves_the_fact_and_leaves_what_was_known(ground: Ground) -> None:
    tale = Tale().registered().contacted(on="3-1")
    tale.then(Lead, lead_id(1), CorrectDate(fact=2, to=day("2-1"), reason="录错", occurred_on=day("3-5")))
    ground.given(tale.events)
    ground.project(batch=1)
    february = {"as_at": day("2-15")}
    assert (reached(total(ground, **february))[1], reached(total(ground, **february, known_at=2))[1]) == (1, 0)


def test_a_lead_whose_registration_never_happened_counts_on_no_day(ground: Ground) -> None:
    tale = Tale().registered().contacted()
    tale.then(Lead, lead_id(1), Retract(fact=1, reason="录错", occurred_on=day("2-1")))
    ground.given(tale.events)
    ground.project()
    assert total(ground).registered == total(ground, as_at=day("1-20")).registered == 0
    assert total(ground, known_at=2).registered == 1
    assert ground.rows("SELECT FROM funnel_sum WHERE axis = 'day'") == []


def merged(ground: Ground) -> Tale:
    tale = Tale().registered(1, on="1-5").contracted(1, on="2-1").registered(2, on="1-10", channel=MISSION)
    gone, stays = tale.of(Lead, lead_id(1)), tale.of(Lead, lead_id(2))
    gone.merge(Merge(into=stays.id, reason="同一项目", occurred_on=day("3-1")))
    stays.absorb(gone, day("3-1"))
    tale.keep(gone, stays)
    ground.given(tale.events)
    ground.project(batch=1)
    return tale


def test_a_merged_lead_counts_as_merged_on_every_day_and_the_other_folds_both(ground: Ground) -> None:
    tale = merged(ground)
    now = total(ground)
    assert (now.registered, now.merged, standing(now)) == (2, 1, [0, 0, 0, 0, 1, 0])
    then = total(ground, as_at=day("1-20"))
    assert (then.registered, then.merged, standing(then)) == (2, 1, [1, 0, 0, 0, 0, 0])
    before = total(ground, known_at=3)
    assert (before.merged, standing(before)) == (0, [1, 0, 0, 0, 1, 0])
    (by_channel,) = [g for g in funnel.funnel(ground.conn, group_by="channel").groups if g.standing]
    assert by_channel.key == str(MISSION)
    gone, stays = tale.of(Lead, lead_id(1)), tale.of(Lead, lead_id(2))
    gone.unmerge(Unmerge(reason="两回事", occurred_on=day("3-9")))
    stays.release(gone.id, day("3-9"))
    tale.keep(gone, stays)
    ground.given(tale.events[5:])
    ground.project(batch=1)
    assert (total(ground).merged, standing(total(ground))) == (0, standing(before))


def test_registered_is_always_standing_on_hold_lost_and_merged(ground: Ground) -> None:
    tale = merged(ground)
    tale.registered(3)
    tale.then(Lead, lead_id(3), Lose.model_validate({"reason": "market", "occurred_on": day("1-8")}))
    ground.given(tale.events[5:])
    ground.project()
    now = total(ground)
    assert (now.registered, now.standing, now.on_hold, now.lost, now.merged) == (3, 1, 0, 1, 1)
    assert now.stages[0].lost == 1


@pytest.fixture
def spread(ground: Ground) -> Ground:
    tale = Tale()
    for channel, kind in ((CENTRE, "liaison_centre"), (MISSION, "overseas_mission")):
        form = {"kind": kind, "name": kind, "starts_on": day("1-1"), "occurred_on": day("1-1")}
        tale.then(Channel, channel, OpenChannel.model_validate(form))
    for number in range(8):
        tale.registered(
            number,
            on=f"{1 + number % 3}-5",
            channel=MISSION if number % 3 else CENTRE,
            owner=[OFFICER, SUCCESSOR, None][number % 3],
            country=["CN", "DE"][number % 2],
            investment=["500万", "2亿"][number % 2],
        )
        if number % 2:
            tale.contacted(number, on="4-1")
    ground.given(tale.events)
    ground.project()
    return ground


FILTERS = (
    {}, {"kind": "overseas_mission"}, {"channel": MISSION}, {"owner": OFFICER}, {"country": "DE"}, {"month": "2026-02"},
    {"band": "1"}, {"kind": "liaison_centre", "country": "CN"}, {"industry": "I"},
)  # fmt: skip


def test_every_number_opens_as_many_leads_whatever_is_asked(spread: Ground) -> None:
    for given in FILTERS:
        filters = FunnelFilters(**given)  # type: ignore[arg-type]
        for group_by in funnel.GROUPS:
            asked = {"group_by": group_by, "filters": filters}
            days, intervals = (funnel.funnel(spread.conn, known_at=at, **asked) for at in (None, 99))  # type: ignore[arg-type]
            assert _by_key(days) == _by_key(intervals)
            for group in days.groups:
                _opens(spread, filters, group_by, group)


def _by_key(found: funnel.Funnel) -> dict[str, Group]:
    return {str(group.key): group for group in found.groups}


def _opens(ground: Ground, filters: FunnelFilters, group_by: str, group: Group) -> None:
    cells = {Cell("registered", None, group_by, group.key): group.registered}
    for figures in group.stages[:2]:
        cells[Cell("standing", str(figures.stage), group_by, group.key)] = figures.standing
        cells[Cell("reached", str(figures.stage), group_by, group.key)] = figures.reached
    for cell, number in cells.items():
        assert len(funnel.behind(ground.conn, cell, filters=filters).rows) == number, (filters, cell)
        assert funnel.count(ground.conn, cell, filters=filters).count == number, (filters, cell)


def test_the_leads_behind_a_number_come_in_pages(spread: Ground) -> None:
    cell = Cell("registered")
    first = funnel.behind(spread.conn, cell, limit=5)
    rest = funnel.behind(spread.conn, cell, limit=5, after=first.next)
    assert (len(first.rows), len(rest.rows), rest.next) == (5, 3, None)
    assert [lead.registered_on for lead in first.rows] == sorted((r.registered_on for r in first.rows), reverse=True)
    assert funnel.behind(spread.conn, cell, limit=5, before=rest.previous).rows == first.rows


def test_those_who_see_little_count_little(spread: Ground) -> None:
    mine = Scope(all=False, channels=[CENTRE], viewer=SUCCESSOR)
    seen = total(spread, scope=mine)
    assert seen.registered == len(funnel.behind(spread.conn, Cell("registered"), scope=mine).rows) == 6


def test_what_cannot_be_asked_is_refused(spread: Ground) -> None:
    with pytest.raises(KeyError):
        total(spread, group_by="colour")
    for wrong in (
        {"month": "2026-13"},
        {"month": "May", "country": "CN"},
        {"band": "x"},
        {"band": "6"},
        {"band": "-1"},
    ):
        with pytest.raises(ValueError, match=r"month|format|invalid|band"):
            total(spread, filters=FunnelFilters(**wrong))


def test_a_moment_leads_to_the_last_position_recorded_by_then(ground: Ground) -> None:
    ground.given(Tale().registered().contacted().contracted().events)
    first = datetime(2026, 3, 1, tzinfo=UTC)
    at = [funnel.position_at(ground.conn, first + timedelta(minutes=m)) for m in (0.5, 1, 1.5, 2, 3, 99)]
    assert at == [0, 1, 1, 2, 3, 3]


def test_days_in_a_stage_are_counted_to_the_next_or_to_today(ground: Ground) -> None:
    ground.given(Tale().registered(on="1-5").contacted(on="1-10").contracted(on="2-1").events)
    ground.project()
    stays = funnel.stage_days(ground.conn, lead_id(1), day("2-11"))
    assert [(stay.stage.order, stay.days, stay.to_on) for stay in stays] == [
        (1, 5, day("1-10")), (2, 22, day("2-1")), (5, 10, None),
    ]  # fmt: skip
    assert funnel.stage_days(ground.conn, UUID(int=404), day("2-11")) == []
