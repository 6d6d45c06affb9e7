"""Two points compared: the sums close, whatever is asked, and every move is what the exported events alone say."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import Event
from domain.funnel import STAGES
from domain.lead import (
    Assign,
    CorrectDate,
    Hold,
    Lead,
    Lose,
    LossReason,
    MoveBack,
    Reopen,
    Resume,
    Retract,
    ReviseInvestment,
)
from projections import changes, changes_behind, funnel
from projections.changes import CAUSES, Comparison, Move, Point
from projections.changes_behind import SIDES, Changed, Slot
from projections.funnel import Cell, FunnelFilters
from projections.paging import EVERYTHING, Scope
from tests import reference
from tests.projections.conftest import Ground
from tests.projections.stories import CHANNELS, DAYS, FIRST, PEOPLE, exported, stories
from tests.projections.test_histories import GROUPS, counted, few
from tests.projections.told import OFFICER, SUCCESSOR, Tale, day, lead_id

days = st.integers(0, DAYS + 3).map(lambda n: FIRST + timedelta(days=n))
FILTERS = [
    {}, {"channel": CHANNELS[0]}, {"owner": PEOPLE[0]}, {"country": "CN"}, {"industry": "C"}, {"band": "2"},
    {"month": "2026-01"}, {"region": "北京"},
]  # fmt: skip
SCOPES = [EVERYTHING, Scope(all=False, channels=[CHANNELS[1]], viewer=PEOPLE[2])]
Sides = tuple[Any, ...]


def sides(events: list[Event], point: Point, filters: dict[str, Any], scope: Scope, group_by: str) -> dict[str, Sides]:
    """{lead: how it is counted}, by the reference: status, stage, reached, group, amount."""
    day = point.as_at and point.as_at.isoformat()
    found = reference.standings(map(exported, events), day, point.known_at)
    return {
        lead: (at["status"], at["stage"], at["reached"], GROUPS[group_by](lead, at), at["amount_fen"])
        for lead, at in found.items()
        if all(GROUPS[name](lead, at) == str(value) for name, value in filters.items()) and _seen(at, scope)
    }


def _seen(standing: dict[str, Any], scope: Scope) -> bool:
    return scope.all or standing["channel"] in map(str, scope.channels) or standing["owner"] == str(scope.viewer)


def differing(old: dict[str, Sides], new: dict[str, Sides]) -> Counter[Any]:
    """How many leads moved from where to where; what a merged lead is worth is in no figure."""
    pairs = [(_bare(old.get(lead)), _bare(new.get(lead))) for lead in old.keys() | new.keys()]
    return Counter((before and before[:4], after and after[:4]) for before, after in pairs if before != after)


def _bare(side: Sides | None) -> Sides | None:
    return (*side[:4], 0) if side and side[0] == "merged" else side


def moved(moves: list[Move]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for move in moves:
        found[move.before and tuple(move.before), move.after and tuple(move.after)] += move.leads
    return found


def asked(filters: dict[str, Any]) -> FunnelFilters:
    return FunnelFilters(**filters)


def told(ground: Ground, events: list[Event], batch: int = 1000) -> None:
    ground.clear()
    ground.given(events)
    ground.project(batch)


@few
@given(
    events=stories(), when=st.lists(days, min_size=2, max_size=2).map(sorted),
    known=st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted),
    filters=st.sampled_from(FILTERS), scope=st.sampled_from(SCOPES), batch=st.integers(1, 60),
)  # fmt: skip
def test_two_points_differ_by_exactly_the_moves_of_the_reference(
    ground: Ground, events, when, known, filters, scope, batch
) -> None:
    told(ground, events, batch)
    (a, b), (k, m) = when, (round(part * len(events)) for part in known)
    corners = [Point(a, k), Point(a, m), Point(b, m), Point(None, None)]
    for old, new in [*pairwise(corners), (corners[0], corners[2])]:
        for group_by in GROUPS:
            options = {"group_by": group_by, "filters": asked(filters), "scope": scope}
            found = changes.compare(ground.conn, old, new, **options)
            before, after = (sides(events, point, filters, scope, group_by) for point in (old, new))
            assert moved(found.moves) == differing(before, after), (old, new, group_by)
            for shown, point in ((found.old, old), (found.new, new)):
                directly = funnel.funnel(ground.conn, as_at=point.as_at, known_at=point.known_at, **options)
                assert counted(shown) == counted(directly), (point, group_by)


def everything(ground: Ground, old: Point, new: Point, slot: Slot, **options: Any) -> list[Changed]:
    """All pages of a list, three leads a page."""
    rows, after = [], None
    while True:
        page = changes_behind.leads(ground.conn, old, new, slot, after=after, limit=3, **options)
        rows += page.rows
        after = page.next
        if after is None:
            return rows


def slots(found: Comparison, group_by: str) -> list[Slot]:
    keys = {side.key for move in found.moves for side in (move.before, move.after) if side}
    cells = [Cell("registered"), *(Cell(measure) for measure in ("standing", "on_hold", "lost", "merged"))]
    cells += [
        Cell(measure, str(figures.stage)) for figures in found.new.total.stages for measure in ("standing", "reached")
    ]
    cells += [Cell("standing", None, group_by, key or "") for key in keys if group_by != "none"]
    kinds = {(None, None)} | {(move.kind, None) for move in found.moves} | {(None, move.cause) for move in found.moves}
    return [Slot(cell, side, *kind) for cell in cells for side in (None, *SIDES) for kind in kinds]


@few
@given(events=stories(most=60), when=st.lists(days, min_size=2, max_size=2).map(sorted), part=st.floats(0, 1),
       filters=st.sampled_from(FILTERS), scope=st.sampled_from(SCOPES), group_by=st.sampled_from(sorted(GROUPS)))  # fmt: skip
def test_every_number_of_a_comparison_opens_as_many_leads(
    ground: Ground, events, when, part, filters, scope, group_by
) -> None:
    told(ground, events)
    old, new = Point(when[0], round(part * len(events))), Point(when[1], len(events))
    asking = {"filters": asked(filters), "scope": scope}
    found = changes.compare(ground.conn, old, new, group_by=group_by, **asking)
    every = slots(found, group_by)
    for slot in every[:: max(1, len(every) // 40)]:
        if slot.cell.group_by == "none":
            slot = slot._replace(cell=slot.cell._replace(group_by=group_by))  # noqa: PLW2901 - the kinds depend on it
        rows = everything(ground, old, new, slot, **asking)
        assert len({row.id for row in rows}) == len(rows) == changes_behind.tally(found.moves, slot).count, slot


@few
@given(events=stories(), day=days, known=st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted),
       filters=st.sampled_from(FILTERS))  # fmt: skip
def test_what_was_learned_of_a_lead_leads_from_the_old_figure_to_the_new(
    ground: Ground, events, day, known, filters
) -> None:
    told(ground, events)
    old, new = (Point(day, round(part * len(events))) for part in known)
    rows = everything(ground, old, new, Slot(), filters=asked(filters))
    assert len(rows) == sum(differing(*(sides(events, at, filters, EVERYTHING, "none") for at in (old, new))).values())
    why = changes_behind.because(ground.conn, old, new, [row.id for row in rows], filters=asked(filters))
    for row in rows:
        chain = why[row.id]
        assert row.cause in CAUSES
        assert chain
        assert old.known_at < chain[0].event.position  # type: ignore[operator]
        assert chain[-1].event.position <= new.known_at  # type: ignore[operator]
        assert all(one.event.position < other.event.position for one, other in pairwise(chain))
        for step in chain:
            at = step.event.position
            before, after = (
                sides(events, Point(day, k), filters, EVERYTHING, "none").get(str(row.id)) for k in (at - 1, at)
            )
            if before == after:  # only what took a lead out of the funnel that had left the conditions before
                assert step is chain[-1]
                assert sides(events, Point(day, at - 1), {}, EVERYTHING, "none").get(str(row.id))
                assert not sides(events, new, {}, EVERYTHING, "none").get(str(row.id))
        ends = [sides(events, at, filters, EVERYTHING, "none").get(str(row.id)) for at in (old, new)]
        shown = [
            (place[0], place[1].order if place[1] else 0, place[2]) if place else None
            for place in (chain[0].before, chain[-1].after)
        ]
        if not filters:
            assert shown == [end and (end[0], end[1], end[4]) for end in ends]


@few
@given(events=stories(), when=st.lists(days, min_size=2, max_size=2).map(sorted),
       known=st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted), filters=st.sampled_from(FILTERS),
       group_by=st.sampled_from(sorted(GROUPS)))  # fmt: skip
def test_since_is_what_was_learned_and_what_happened_and_both_close(
    ground: Ground, events, when, known, filters, group_by
) -> None:
    told(ground, events)
    old, new = (Point(day, round(part * len(events))) for day, part in zip(when, known, strict=True))
    options = {"group_by": group_by, "filters": asked(filters)}
    found = changes.since(ground.conn, old, new, **options)
    between = Point(old.as_at, new.known_at)
    for shown, point in (
        (found.learned.old, old), (found.learned.new, between), (found.happened.old, between), (found.happened.new, new),
    ):  # fmt: skip
        directly = funnel.funnel(ground.conn, as_at=point.as_at, known_at=point.known_at, **options)
        assert counted(shown) == counted(directly), point
    for figures, leg in ((found.learned, "learned"), (found.happened, "happened")):
        for measure in ("standing", "reached", "on_hold", "lost"):
            for before, after in zip(figures.old.total.stages, figures.new.total.stages, strict=True):
                cell = Cell(measure, str(before.stage))
                came, left = (changes_behind.tally(figures.moves, Slot(cell, side)).count for side in ("came", "left"))
                assert getattr(before, measure) + came - left == getattr(after, measure), (leg, cell)
                worth = {"standing": "amount_fen", "reached": "reached_fen"}.get(measure)
                if worth:
                    moved_fen = sum(changes_behind.tally(figures.moves, Slot(cell, side)).amount_fen for side in SIDES)
                    assert getattr(before, worth) + moved_fen == getattr(after, worth), (leg, cell)
    assert all(move.cause is None for move in found.happened.moves)


def test_every_kind_of_move_has_its_name(ground: Ground) -> None:
    tale = Tale()
    for number in range(1, 17):
        tale.registered(number, on="1-5", owner=OFFICER, investment="500万")
    for number in (2, 6, 7, 12):
        tale.contacted(number, on="1-8")
    tale.then(Lead, lead_id(4), Hold(reason="等政策", occurred_on=day("1-9")))
    tale.then(Lead, lead_id(5), Lose(reason=LossReason.MARKET, occurred_on=day("1-9")))
    tale.contracted(12, on="1-9").then(
        Lead, lead_id(12), MoveBack(to=STAGES[0], reason="未签成", occurred_on=day("1-10"))
    )
    tale.merged(13, 14, on="1-12")
    known = len(tale.events)
    tale.registered(21, on="1-20")
    tale.contacted(1, on="1-20")
    tale.then(Lead, lead_id(2), MoveBack(to=STAGES[0], reason="中断", occurred_on=day("1-20")))
    tale.then(Lead, lead_id(3), Hold(reason="等政策", occurred_on=day("1-20")))
    tale.then(Lead, lead_id(4), Resume(occurred_on=day("1-20")))
    tale.then(Lead, lead_id(5), Reopen(reason="重新联系", occurred_on=day("1-20")))
    tale.then(Lead, lead_id(6), Lose(reason=LossReason.MARKET, occurred_on=day("1-20")))
    tale.then(Lead, lead_id(8), Retract(fact=1, reason="重复", occurred_on=day("1-20")))
    tale.then(Lead, lead_id(9), CorrectDate(fact=1, to=day("1-30"), reason="录错", occurred_on=day("1-30")))
    tale.then(Lead, lead_id(10), ReviseInvestment(amount="900万", occurred_on=day("1-20")))  # type: ignore[arg-type]
    tale.then(Lead, lead_id(11), Assign(owner=SUCCESSOR, occurred_on=day("1-20")))
    tale.then(Lead, lead_id(12), Retract(fact=3, reason="未签", occurred_on=day("1-20")))
    tale.unmerged(13, 14, on="1-20")
    tale.merged(15, 16, on="1-20")
    ground.given(tale.events)
    ground.project()
    old, new = Point(day("1-25"), known), Point(day("1-25"))
    rows = everything(ground, old, new, Slot(Cell("registered", None, "owner")))
    assert {row.id: row.kind for row in rows} == {
        lead_id(21): "entered", lead_id(1): "advanced", lead_id(2): "fell_back", lead_id(3): "held", lead_id(4): "resumed",
        lead_id(5): "reopened", lead_id(6): "lost", lead_id(8): "voided", lead_id(9): "deferred", lead_id(10): "amount",
        lead_id(11): "reattributed", lead_id(12): "reached", lead_id(13): "unmerged", lead_id(15): "merged",
    }  # fmt: skip
    assert {row.kind: row.cause for row in rows} | {"x": "late"} == {
        "x": "late", **dict.fromkeys(("entered", "advanced", "fell_back", "held", "resumed", "reopened", "lost", "amount", "reattributed"), "late"),
        "voided": "retracted", "deferred": "corrected", "reached": "retracted", "unmerged": "unmerged", "merged": "merged",
    }  # fmt: skip
    hers = everything(ground, old, new, Slot(), filters=FunnelFilters(owner=SUCCESSOR))
    assert [(row.id, row.kind, row.differs) for row in hers] == [(lead_id(11), "came_in", ["owner"])]
    his = everything(ground, old, new, Slot(kind="went_out"), filters=FunnelFilters(owner=OFFICER))
    assert [(row.id, row.after and row.after.owner) for row in his] == [(lead_id(11), SUCCESSOR)]


def test_a_comparison_goes_forward_only(ground: Ground) -> None:
    ground.given(Tale().registered().contacted().events)
    ground.project()
    for old, new in ((Point(day("2-1")), Point(day("1-1"))), (Point(day("1-1"), None), Point(day("1-1"), 1))):
        with pytest.raises(ValueError, match="from the earlier point"):
            changes.compare(ground.conn, old, new)
    same = changes.compare(ground.conn, Point(None, 99), Point(None, None))
    assert (same.moves, same.position, same.new.total.registered) == ([], 2, 1)
