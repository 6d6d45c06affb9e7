"""Rules in force on a day as known then; lights asked of the table are those of the pure function."""

from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.district import DISTRICT, District, SetRules
from domain.lights import Light, Seen, light_of, limits, seen
from domain.project import MILESTONES, Mark, ProjectKind, ProjectState, ProjectStatus, StartKind
from domain.rules import Rules
from domain.values import Industry
from projections import projects, rules
from projections.changes import Point
from projections.intervals import STILL_HOLDS, STILL_KNOWN
from projections.projects import ProjectFilters, Projects
from projections.rules import RulesVersions
from tests.lit import RULES, SEEN
from tests.projections.conftest import Ground
from tests.projections.test_projects import few
from tests.projections.told import Tale

DAY = date(2026, 3, 1)


def set_on(tale: Tale, day: date, days: int) -> None:
    tale.then(District, DISTRICT, SetRules(answer_days=days, occurred_on=day))


def test_the_rules_in_force_are_those_of_the_day_as_known_then(ground: Ground) -> None:
    tale = Tale()
    set_on(tale, DAY, 5)
    set_on(tale, DAY + timedelta(days=10), 6)
    set_on(tale, DAY + timedelta(days=5), 7)  # entered late
    ground.given(tale.events)
    ground.project(models=[RulesVersions()])

    def answer(day: int, known_at: int | None = None) -> tuple[int, int]:
        found = rules.in_force(ground.conn, Point(DAY + timedelta(days=day), known_at))
        return found.version, found.rules.answer_days

    assert answer(-1) == (0, Rules().answer_days)
    assert [answer(day) for day in (0, 5, 10)] == [(1, 5), (3, 7), (2, 6)]
    assert answer(7, known_at=2) == (1, 5)
    assert rules.in_force(ground.conn, Point()).version == 2
    assert [one.version for one in rules.listed(ground.conn)] == [3, 2, 1]


def state_of(one: Seen) -> ProjectState:
    days = zip(MILESTONES, one.planned, one.reached, strict=True)
    marks = {milestone: Mark(planned, planned, 0, reached) for milestone, planned, reached in days}
    return ProjectState(
        status=ProjectStatus(one.status or ""), opened_on=DAY, kind=ProjectKind(one.kind or ""), name="项目",
        industry=Industry("C"), start=StartKind.NEW, marks=marks, physical=one.physical,
    )  # fmt: skip


def put(ground: Ground, told: Sequence[Seen]) -> None:
    """Projects that are so, straight into the table."""
    ground.conn.execute("DELETE FROM project_interval")
    first: Any = SimpleNamespace(actor=UUID(int=1))
    for number, one in enumerate(told, start=1):
        columns = [
            list(value) if isinstance(value, tuple) else value
            for value in Projects().columns(state_of(one), first) or ()
        ]
        row = (UUID(int=number), 1, DAY, STILL_KNOWN, STILL_HOLDS, *columns)
        ground.conn.execute(f"INSERT INTO project_interval VALUES ({', '.join(['%s'] * len(row))})", row)


@few
@given(told=st.lists(SEEN, min_size=1, max_size=12), rule=RULES, day=st.dates(date(2026, 1, 1), date(2027, 6, 1)))
def test_lights_asked_of_the_table_are_those_of_the_rule(
    ground: Ground, told: list[Seen], rule: Rules, day: date
) -> None:
    put(ground, told)
    wanted = {UUID(int=number): light_of(one, limits(rule, day)) for number, one in enumerate(told, start=1)}
    for light in Light:
        rows = projects.LIST.page(ground.conn, ProjectFilters(light=light).asked(rule, day)).rows
        assert {row.id for row in rows} == {one for one, is_ in wanted.items() if is_ is light}
        assert all(light_of(row, limits(rule, day)) is light for row in rows)
    counted = projects.LIST.grouped(ground.conn, "light", ProjectFilters().asked(rule, day))
    assert {light: count for light, (count, _) in counted.items()} == {
        light: list(wanted.values()).count(light) for light in set(wanted.values())
    }


def test_a_state_is_seen_as_its_row_is() -> None:
    one = Seen("investment", "active", (DAY,) * 7, (None,) * 7, 5)
    assert light_of(seen(state_of(one)), limits(Rules(), DAY)) is light_of(one, limits(Rules(), DAY))
