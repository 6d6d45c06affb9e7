"""The year of the demo: told by whoever did it, on days of that year, always the same; stored once, and quickly found again."""

from collections import Counter
from datetime import date

import pytest

from crm import clock
from crm.application import CRM
from crm.demo.cast import SOURCES
from crm.demo.editions import editions
from crm.demo.filling import fill
from crm.demo.opening import opening
from crm.demo.year.firms import FIRMS
from crm.demo.year.people import BUREAU, LEADERS, OFFICERS
from crm.demo.year.telling import year
from domain.channel import ChannelKind

DAYS = [date(2026, 3, 31), date(2027, 1, 1), date(2024, 12, 31), date(2026, 7, 4)]


@pytest.mark.parametrize("today", DAYS)
def test_all_of_it_was_entered_before_today_and_after_the_district_began(today):
    told, first = list(year(today)), next(opening(today)).entered
    assert all(event.occurred_on <= one.entered <= today for one in told for event in one.events)
    assert min(one.entered for one in told) > first
    assert len({one.by.command for one in told}) == len(told)


def test_a_day_always_tells_the_same():
    once, again = (list(year(DAYS[0])) for _ in range(2))
    assert [(one.by, one.events) for one in once] == [(one.by, one.events) for one in again]


def test_every_visit_is_a_command_of_whoever_made_it():
    told = [one for one in year(DAYS[0]) if one.kind.NAME == "service" and one.form.verb == "log"]
    assert len(told) == 173 + 1612 + 156 + 186
    assert {one.by.person for one in told} == {member.id for member in BUREAU}


def test_everybody_serves_some_firm_and_no_firm_is_called_as_another():
    assert len(FIRMS) == len({firm.name for firm in FIRMS}) == 496
    assert {firm.leader for firm in FIRMS} == set(LEADERS)
    assert {firm.officer for firm in FIRMS} == set(OFFICERS)


@pytest.mark.parametrize("today", DAYS)
def test_every_occasion_was_held_once_in_the_year(today):
    kinds = Counter(
        one.kind for source in SOURCES for one in editions(source, today) if one.year == today.year - 1
    )  # fmt: skip
    assert kinds == {ChannelKind.OVERSEAS_MISSION: 3, ChannelKind.OUTBOUND_TRIP: 18, ChannelKind.INBOUND_EVENT: 21}


def test_the_year_is_stored_beside_the_leads_once(district):
    crm = CRM(district.settings, district.url)
    for fresh in (True, False):
        assert fill(crm, district.url, 20, lambda _done, _of: None, beside=year).fresh is fresh
    with crm.pool.connection() as conn:
        (stored,) = conn.execute("SELECT count(*) FROM event WHERE topic LIKE 'service.%'").fetchone()
        (ages,) = conn.execute(
            "SELECT count(DISTINCT recorded_at::date) FROM event WHERE topic LIKE 'service.%'"
        ).fetchone()
    assert stored == sum(one.kind.NAME == "service" for one in year(clock.today()))
    assert ages > 100
    crm.close()
