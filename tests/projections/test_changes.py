"""Two points compared: the sums close, whatever is asked, and every move is what the exported events alone say."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.base import Event
from projections import changes, funnel
from projections.changes import Move, Point
from projections.funnel import FunnelFilters
from projections.paging import EVERYTHING, Scope
from tests import reference
from tests.projections.conftest import Ground
from tests.projections.stories import CHANNELS, DAYS, FIRST, PEOPLE, exported, stories
from tests.projections.test_histories import GROUPS, counted, few

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
    for old, new in [*zip(corners, corners[1:], strict=False), (corners[0], corners[2])]:
        for group_by in GROUPS:
            options = {"group_by": group_by, "filters": asked(filters), "scope": scope}
            found = changes.compare(ground.conn, old, new, **options)
            before, after = (sides(events, point, filters, scope, group_by) for point in (old, new))
            assert moved(found.moves) == differing(before, after), (old, new, group_by)
            for shown, point in ((found.old, old), (found.new, new)):
                directly = funnel.funnel(ground.conn, as_at=point.as_at, known_at=point.known_at, **options)
                assert counted(shown) == counted(directly), (point, group_by)
