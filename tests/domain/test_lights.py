"""Lights: late by months, behind by points, and why, since which day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lights import (
    LIT,
    Cause,
    Light,
    Seen,
    causes,
    light_of,
    limits,
    lit_since,
    milestone_light,
    months_after,
    months_before,
)
from domain.project import MILESTONES, Milestone
from domain.rules import Counting, LightRules, Rules
from tests.lit import RULES, SEEN

DAY = date(2026, 6, 15)
NOTHING = (None,) * len(MILESTONES)


def project(physical: int | None = None, status: str = "active", reached: str = "", **planned: date) -> Seen:
    plans = [planned.get(one.value) for one in MILESTONES]
    done = [DAY if one.value in reached.split() else None for one in MILESTONES]
    return Seen("investment", status, plans, done, physical)


@pytest.mark.parametrize(
    ("planned", "light"),
    [
        (date(2026, 6, 14), Light.GREEN),
        (date(2026, 5, 16), Light.GREEN),
        (date(2026, 5, 15), Light.YELLOW),
        (date(2026, 3, 16), Light.YELLOW),
        (date(2026, 3, 15), Light.RED),
    ],
)
def test_a_milestone_is_lit_a_month_and_three_months_after_its_day(planned: date, light: Light) -> None:
    one = project(land=planned)
    assert light_of(one, limits(Rules(), DAY)) is light
    assert milestone_light(one, Milestone.LAND, limits(Rules(), DAY)) is light


@pytest.mark.parametrize(("physical", "light"), [(None, Light.RED), (20, Light.RED), (21, Light.YELLOW),
                                                 (40, Light.YELLOW), (41, Light.GREEN)])  # fmt: skip
def test_progress_is_lit_ten_and_thirty_points_behind_its_plan(physical: int | None, light: Light) -> None:
    begins = DAY - timedelta(days=50)
    one = project(physical, reached="start", start=begins, completion=begins + timedelta(days=100))
    assert light_of(one, limits(Rules(), DAY)) is light


def test_a_light_says_why_and_since_when() -> None:
    (cause,) = causes(project(land=date(2026, 1, 31)), limits(Rules(), DAY))
    assert (cause.light, cause.milestone, cause.since) == (Light.RED, Milestone.LAND, date(2026, 5, 1))


def test_what_is_paused_terminated_excluded_or_without_a_plan_has_no_light() -> None:
    late = {"land": date(2026, 1, 1)}
    assert light_of(project(status="paused", **late), limits(Rules(), DAY)) is Light.NONE
    assert light_of(project(status="paused", **late), limits(Rules(lights=LightRules(paused=True)), DAY)) is Light.RED
    assert light_of(project(status="terminated", **late), limits(Rules(), DAY)) is Light.NONE
    assert light_of(project(**late), limits(Rules(counting=Counting(investment=False)), DAY)) is Light.NONE
    assert light_of(project(), limits(Rules(), DAY)) is Light.NONE
    assert light_of(project(reached="land", **late), limits(Rules(), DAY)) is Light.NONE


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(1, 36))
def test_a_month_later_is_the_first_day_that_is_a_month_after(day: date, months: int) -> None:
    later = months_after(day, months)
    assert months_before(later, months) >= day
    assert months_before(later - timedelta(days=1), months) < day


@given(SEEN, RULES, st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_a_cause_begins_on_the_day_it_says(one: Seen, rules: Rules, day: date) -> None:
    for cause in causes(one, limits(rules, day)):
        before = cause.since - timedelta(days=1)
        assert any(same(cause, c) for c in causes(one, limits(rules, cause.since)))
        assert not any(same(cause, c) for c in causes(one, limits(rules, before)))


def same(one: Cause, other: Cause) -> bool:
    return (one.light, one.milestone) == (other.light, other.milestone) or (
        one.milestone == other.milestone and LIT.index(other.light) < LIT.index(one.light)
    )


@given(st.lists(st.tuples(st.integers(1, 200), SEEN), min_size=1, max_size=4), RULES, st.integers(0, 200))
def test_a_light_is_on_since_the_day_that_looking_back_day_by_day_finds(
    told: list[tuple[int, Seen]], rules: Rules, more: int
) -> None:
    first, states = date(2026, 1, 1), []
    for gap, state in told:
        first += timedelta(days=gap)
        states.append((first, state))
    day = first + timedelta(days=more)
    assert all(one < other for (one, _), (other, _) in pairwise(states))
    assert lit_since(states, rules, day) == slowly(states, rules, day)


def slowly(states: list[tuple[date, Seen]], rules: Rules, day: date) -> date | None:
    def light(on: date) -> Light:
        known = [state for began, state in states if began <= on]
        return light_of(known[-1], limits(rules, on)) if known else Light.NONE

    now, found = light(day), None
    while now in LIT and light(day) in LIT[: LIT.index(now) + 1]:
        found, day = day, day - timedelta(days=1)
    return found
