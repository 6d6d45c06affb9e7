"""A meeting's document: the same from the day it was put together on, whatever is recorded afterwards and however it is read."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.base import Event
from domain.lead import Contact, CorrectDetails, Lead, Retract, Revise
from domain.meeting import Meeting, PinMeeting, Pinned
from projections import meetings, pack
from projections.pack import Basis, Document
from tests.projections.conftest import Ground
from tests.projections.stories import DAYS, FIRST, stories
from tests.projections.test_histories import few
from tests.projections.told import Tale, day, lead_id

MEETING = UUID(int=900)


def pinned(events: list[Event], cut: int, as_at: int) -> list[Event]:
    """The history with a meeting pinned after its first `cut` events; what comes later stands one position further."""
    meeting, on = Meeting(MEETING), FIRST + timedelta(days=as_at)
    form = PinMeeting(name="上半月调度会", as_at=on, occurred_on=FIRST + timedelta(days=DAYS))
    meeting.pin(form, Pinned(known_at=cut, figures="0" * 64))
    whole = [*events[:cut], *meeting.collect_events(), *events[cut:]]
    return [event.placed(place) for place, event in enumerate(whole, start=1)]


def written(ground: Ground, *bases: Basis) -> list[bytes]:
    return [pack.written(pack.put_together(ground.conn, basis)) for basis in bases]


@few
@given(
    events=stories(), cuts=st.tuples(st.floats(0.1, 0.6), st.floats(0.4, 1)).map(sorted),
    days=st.lists(st.integers(5, DAYS), min_size=2, max_size=2).map(sorted), batch=st.integers(1, 40),
)  # fmt: skip
def test_nothing_recorded_later_changes_a_document(
    ground: Ground, events: list[Event], cuts: list[float], days: list[int], batch: int
) -> None:
    first, last = (max(1, int(len(events) * cut)) for cut in cuts)
    events = pinned(events, first, days[0])
    known_at = min(last + 1, len(events))
    before = Basis("上半月调度会", FIRST + timedelta(days=days[0]), first)
    now = Basis("下半月调度会", FIRST + timedelta(days=days[1]), known_at, MEETING)
    ground.clear()
    ground.given(events[:known_at])
    ground.project(batch)
    kept = written(ground, before, now)
    closes(json.loads(kept[1]))
    ground.given(events[known_at:])
    ground.project()
    assert written(ground, before, now) == kept
    ground.clear_read_models()
    ground.project(7)
    assert written(ground, before, now) == kept


def closes(document: Document) -> None:
    """Every stage: before + what came − what left = now, through both parts."""
    since = document["since"]
    states = [since["before"], since["between"], document["total"]]
    for part, (old, new) in zip(("learned", "happened"), pairwise(states), strict=True):
        assert old["registered"] + _net(since[part]["moves"], lambda _: True) == new["registered"]
        for was, is_ in zip(old["stages"], new["stages"], strict=True):
            stage = was["stage"]
            net = _net(since[part]["moves"], lambda side, at=stage: (side["status"], side["stage"]) == ("open", at))
            assert was["standing"] + net == is_["standing"]


def _net(moves: list[Document], holds: Any) -> int:
    return sum(
        move["leads"] * sum(sign for side, sign in ((move["from"], -1), (move["to"], 1)) if side and holds(side))
        for move in moves
    )


def test_companies_go_by_the_name_known_then(ground: Ground) -> None:
    tale = Tale().registered(1, "1-5").registered(2, "1-6", company="乙公司")
    tale.then(Lead, lead_id(1), Contact.model_validate({"kind": "phone", "occurred_on": day("1-20")}))
    events = pinned(tale.events, 2, 10)
    ground.given(events)
    ground.project()
    basis = Basis("下半月调度会", day("1-31"), 4, MEETING)
    before = written(ground, basis)
    renamed = CorrectDetails.model_validate({"fact": 1, "reason": "误填", "details": {"company": "更正的公司"}})
    revised = Revise.model_validate({"details": {"company": "后改的公司"}, "occurred_on": day("1-25")})
    later = tale.then(Lead, lead_id(1), revised).then(
        Lead, lead_id(1), renamed.model_copy(update={"occurred_on": day("2-1")})
    )
    ground.given([event.placed(5 + place) for place, event in enumerate(later.events[3:])])
    ground.project()
    assert written(ground, basis) == before
    (lead,) = json.loads(before[0])["since"]["happened"]["leads"]
    assert (lead["company"], lead["kind"]) == ("长春示例装备有限公司", "advanced")
    since = pack.put_together(ground.conn, basis._replace(known_at=6))["since"]
    assert [one["company"] for one in since["happened"]["leads"]] == ["后改的公司"]


def test_an_earlier_edition_is_put_together_by_its_own_rules(ground: Ground) -> None:
    tale = Tale().registered(1).registered(2).merged(1, 2, on="1-12").unmerged(1, 2, on="1-13")
    tale.then(Lead, lead_id(1), Retract(fact=1, reason="重复", occurred_on=day("1-20")))
    events = pinned(tale.events, 2, 10)
    ground.given(events)
    ground.project()
    now = Basis("下半月调度会", day("1-31"), len(events), MEETING)
    for edition, cause in ((1, "merged"), (2, "retracted")):
        document = pack.put_together(ground.conn, now._replace(edition=edition))
        learned = document["since"]["learned"]
        assert document["edition"] == edition
        assert [(one["kind"], one["cause"]) for one in learned["moves"]] == [("voided", cause)]
        assert [(one["kind"], one["cause"]) for one in learned["leads"]] == [("voided", cause)]


def test_the_meeting_before_is_the_last_that_was_not_withdrawn(ground: Ground) -> None:
    ground.given(pinned(Tale().registered().events, 1, 10))
    ground.project()
    found = meetings.preceding(ground.conn, FIRST + timedelta(days=10), 2)
    assert found is not None
    assert found.id == MEETING
    assert meetings.preceding(ground.conn, FIRST + timedelta(days=9), 2) is None
    assert meetings.preceding(ground.conn, FIRST + timedelta(days=10), 0) is None
    assert meetings.one(ground.conn, MEETING) == found
    assert [row.id for row in meetings.listed(ground.conn).rows] == [MEETING]


def test_figures_are_not_put_together_from_a_read_model_that_has_stopped(ground: Ground) -> None:
    assert meetings.ready(ground.conn) == 0
    ground.conn.execute("UPDATE projection SET stopped = 'x' WHERE name = 'funnel'")
    assert meetings.ready(ground.conn) is None
