"""Sums of the funnel: wherever a span of days or of positions begins and ends, and whenever facts were recorded."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import Event
from projections import changes, funnel, funnel_past, funnel_sums
from projections.changes import Point
from projections.funnel_sums import spans
from projections.paging import EVERYTHING
from tests.projections.conftest import Ground
from tests.projections.stories import COLUMNS, DAYS, FIRST, row, stories
from tests.projections.test_changes import differing, moved, sides
from tests.projections.test_histories import counted, few, wanted

RECORDED = COLUMNS.index("recorded_at")
SMALL = {"day": (0, 1, 3), "position": (2, 3, 5)}
FINER = {"day": (0, 1, 3), "position": (1, 2, 4)}
ASKED = ("none", "channel", "owner")

days = st.none() | st.integers(-1, DAYS + 5).map(lambda n: FIRST + timedelta(days=n))
paces = st.floats(0, 2)
"""How many days pass from one record to the next."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(funnel_sums, "SPANS", SMALL)
    monkeypatch.setattr(funnel_sums, "WHOLE", FINER)


def recorded(ground: Ground, events: list[Event], pace: float, batch: int) -> None:
    """The events, recorded from the first day on at that pace: some long after their days, some before."""
    ground.clear()
    rows = [list(row(event)) for event in events]
    for place, values in enumerate(rows):
        values[RECORDED] = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=pace * place)
    ground.put(rows)
    ground.project(batch)


@few
@given(events=stories(), pace=paces, batch=st.integers(1, 60),
       asked=st.lists(st.tuples(days, st.floats(0, 1)), min_size=2, max_size=4))  # fmt: skip
def test_any_day_as_known_at_any_position_is_the_reference_s_whatever_spans_lie_between(
    ground: Ground, small: None, events, pace, batch, asked
) -> None:
    recorded(ground, events, pace, batch)
    for as_at, part in [*asked, (None, 1.0)]:
        known_at = round(part * len(events))
        for known in (None, known_at):
            for group_by in ASKED:
                found = funnel.funnel(ground.conn, as_at=as_at, known_at=known, group_by=group_by)
                assert counted(found) == wanted(events, as_at, known, group_by), (as_at, known, group_by)


@few
@given(events=stories(), pace=paces, batch=st.integers(1, 60),
       when=st.lists(days.filter(bool), min_size=2, max_size=2).map(sorted),
       known=st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted))  # fmt: skip
def test_what_differs_does_not_depend_on_how_late_it_was_recorded(
    ground: Ground, small: None, events, pace, batch, when: list[date], known
) -> None:
    recorded(ground, events, pace, batch)
    (a, b), (k, m) = when, (round(part * len(events)) for part in known)
    for old, new in pairwise([Point(a, k), Point(a, m), Point(b, m), Point(None, None)]):
        found = changes.compare(ground.conn, old, new, group_by="owner")
        before, after = (sides(events, point, {}, EVERYTHING, "owner") for point in (old, new))
        assert moved(found.moves) == differing(before, after), (old, new)
    told = changes.compare(ground.conn, Point(a, k), Point(a)).moves
    assert funnel_past.apart(ground.conn, a, k).count == sum(move.leads for move in told)


@few
@given(events=stories(), pace=paces, sizes=st.lists(st.integers(1, 40), min_size=2, max_size=2))
def test_sums_are_the_same_whatever_the_batches(ground: Ground, small: None, events, pace, sizes) -> None:
    found = []
    for size in sizes:
        recorded(ground, events, pace, size)
        found.append(ground.rows("SELECT * FROM funnel_sum ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"))
    assert found[0] == found[1]


@given(past=st.integers(0, 10**8))
def test_spans_reach_up_to_where_they_shall_and_are_few(past: int) -> None:
    for axis in funnel_sums.SPANS:
        for dimension in ("none", "channel"):
            found = list(spans(axis, dimension, past))
            reached = 0
            for bits, first, end in found:
                assert first << bits == reached
                reached = end << bits
            assert 0 <= past - reached < 1 << funnel_sums.sizes(axis, dimension)[0]
            assert all(end - first < 16 for bits, first, end in found[1:])
