"""What moved between two points, against the same told by comparing every project at both."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.project import MILESTONES
from projections import projects
from projections.changes import Point
from projections.moves import Between
from projections.projects import ProjectFilters, ProjectRow
from tests.projections.test_projects import DAYS, FIRST, ONLY, few, stories

points = st.tuples(st.integers(-1, DAYS + 5), st.floats(0, 1))


def wanted(kind: str, now: ProjectRow, was: ProjectRow | None) -> bool:
    """Whether it moved in that way, as one would say it."""
    if kind in set(MILESTONES):
        place = [one.value for one in MILESTONES].index(kind)
        return bool(now.reached[place]) and not (was and was.reached[place])
    said: dict[str, Any] = {
        "opened": was is None,
        "replanned": was is not None and any(a and a != b for a, b in zip(was.planned, now.planned, strict=True)),
        "paused": now.status == "paused" and (was is None or was.status != "paused"),
        "resumed": was is not None and was.status == "paused" and now.status == "active",
        "terminated": now.status == "terminated" and (was is None or was.status != "terminated"),
        "progress": was is not None and (now.physical, now.invested) != (was.physical, was.invested),
    }
    return bool(said[kind])


@few
@given(events=stories, earlier=points, later=points)
def test_what_moved_is_what_differs(ground, events, earlier, later) -> None:
    ground.clear()
    ground.given(events)
    ground.project(models=ONLY)
    old, new = sorted(Point(FIRST + timedelta(days=days), round(part * len(events))) for days, part in (earlier, later))
    if old.known_at > new.known_at:
        old, new = old._replace(known_at=new.known_at), new._replace(known_at=old.known_at)
    rows = projects.LIST.page(ground.conn, ProjectFilters().asked(), new).rows
    was = projects.LIST.some(ground.conn, [row.id for row in rows], old)
    found = projects.MOVES.found(ground.conn, Between(old, new), 10)
    for kind in projects.MOVES.kinds:
        expected = {row.id for row in rows if wanted(kind, row, was.get(row.id))}
        page = projects.MOVES.page(ground.conn, kind, Between(old, new), limit=10)
        assert {one.now.id for one in page.rows} == expected, kind
        assert (found[kind].total if kind in found else 0) == len(expected), kind
        assert {one.now.id for one in found[kind].listed} == expected if kind in found else not expected
        assert all(one.was == was.get(one.now.id) for one in page.rows)


@few
@given(events=stories)
def test_pages_of_what_moved_follow_one_another(ground, events) -> None:
    ground.clear()
    ground.given(events)
    ground.project(models=ONLY)
    between, seen, after = Between(Point(FIRST - timedelta(1), 0), Point()), [], None
    while True:
        page = projects.MOVES.page(ground.conn, "opened", between, limit=1, after=after)
        seen += [one.now.id for one in page.rows]
        after = page.next
        if after is None:
            break
    rows = projects.LIST.page(ground.conn, ProjectFilters().asked()).rows
    assert seen == sorted(seen, key=lambda one: (-next(r.investment for r in rows if r.id == one), -one.int))
    assert set(seen) == {row.id for row in rows}
