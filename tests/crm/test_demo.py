"""The demo district: told by chance yet always the same, within the rules, true to the report, filled once."""

from collections import defaultdict
from datetime import date
from uuid import UUID

import pytest

from crm import clock, loading
from crm.application import CRM, By
from crm.chain import GENESIS, link
from crm.demo import cast, names
from crm.demo.filling import SEED, NotEmpty, fill
from crm.demo.logins import open_logins
from crm.demo.opening import opening
from crm.demo.telling import leads
from crm.meetings import again
from crm.prepare import catch_up, prepare
from domain.channel import Channel, ChannelKind, OpenChannel
from domain.funnel import Stage
from domain.lead import Lead
from domain.lead.details import LeadRegistered
from projections import meetings
from projections.stored import read

DAY = date(2026, 3, 31)
LEADS = 300


def silent(_done, _total):
    """No progress is shown."""


@pytest.fixture(scope="module")
def told():
    return list(leads(SEED, range(LEADS), DAY))


@pytest.fixture(scope="module")
def district_of_leads(told):
    found: dict[UUID, Lead] = {}
    for one in told:
        for event in one.events:
            found.setdefault(event.originator_id, Lead(event.originator_id)).apply(event)
    return found


def reached(leads_, kind, stage):
    channels = {source.id for source in cast.SOURCES if source.kind is kind}
    return sum(
        lead.merged_into is None
        and lead.standing.reached.order >= stage.order
        and lead.attribute("channel") in channels
        for lead in leads_.values()
    )


def test_a_seed_and_a_day_always_tell_the_same():
    once, again = (list(leads(7, range(40), DAY)) for _ in range(2))
    assert [(one.by, one.events) for one in once] == [(one.by, one.events) for one in again]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lives_break_no_rule_and_know_no_future(seed):
    for one in leads(seed, range(1000, 1150), DAY):
        assert all(event.occurred_on <= one.entered <= DAY for event in one.events)


def test_the_reports_figures_come_out_of_events(district_of_leads):
    assert reached(district_of_leads, ChannelKind.LIAISON_CENTRE, Stage.INTENT_SIGNED) == 16
    assert reached(district_of_leads, ChannelKind.OUTBOUND_TRIP, Stage.CONTRACT_SIGNED) == 6
    assert reached(district_of_leads, ChannelKind.CLUSTER, Stage.LANDED) >= 7
    kinds = defaultdict(list)
    for source in cast.SOURCES:
        kinds[source.kind].append(source)
    assert len(kinds[ChannelKind.LIAISON_CENTRE]) == 5
    assert len(kinds[ChannelKind.OUTBOUND_TRIP]) + len(kinds[ChannelKind.OVERSEAS_MISSION]) >= 20
    assert len(kinds[ChannelKind.INBOUND_EVENT]) >= 20
    assert sum(source.firms for source in kinds[ChannelKind.INBOUND_EVENT]) >= 400
    assert sum(source.conferences for source in kinds[ChannelKind.OVERSEAS_MISSION]) == 3
    assert sum(source.cooperations for source in kinds[ChannelKind.OVERSEAS_MISSION]) == 3


def test_one_fact_in_ten_is_entered_late_and_some_are_corrected(told):
    late = sum((one.entered - one.events[0].occurred_on).days > 2 for one in told)
    assert 0.06 < late / len(told) < 0.16
    topics = {event.TOPIC for one in told for event in one.events}
    assert {"lead.date_corrected", "lead.fact_retracted", "lead.reopened", "lead.merged", "lead.assigned"} <= topics


def test_a_few_channels_bring_most(district_of_leads):
    brought = defaultdict(int)
    for lead in district_of_leads.values():
        brought[lead.attribute("channel")] += 1
    first = sum(sorted(brought.values(), reverse=True)[:5])
    assert first > LEADS / 2


def test_nobody_in_it_has_a_name(told):
    for one in told:
        for event in one.events:
            if isinstance(event, LeadRegistered):
                for contact in event.contacts:
                    assert contact.name in names.POSTS
                    assert (contact.phone or "").startswith(("100", "+00"))


def test_a_filling_that_was_cut_short_is_finished_by_the_next(district, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 200)
    crm = CRM(district.settings, district.url)

    def cut(done, total):
        if done > total * 3 / 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(crm, district.url, 60, cut)
    assert crm.position() > 0
    assert fill(crm, district.url, 60, silent).fresh
    today = clock.today()
    told = [event for part in (opening(today), leads(SEED, range(60), today)) for one in part for event in one.events]
    position = crm.position()
    assert position == len(told)
    again = fill(crm, district.url, 60, silent)
    assert (again.fresh, again.foreign, crm.position()) == (False, False, position)
    assert fill(crm, district.url, 70, silent).fresh
    assert crm.position() > position
    crm.close()


def test_what_is_filled_in_is_chained_and_as_old_as_it_says(district):
    crm = CRM(district.settings, district.url)
    fill(crm, district.url, 40, silent)
    with crm.pool.connection() as conn:
        rows = read(conn, 0, 10_000)
        head = conn.execute("SELECT position, hash FROM head").fetchone()
    before = GENESIS
    for row in rows:
        assert row.hash == link(before, row)
        before = row.hash
    assert head == (len(rows), before)
    assert [row.recorded_at for row in rows] == sorted(row.recorded_at for row in rows)
    days = [(row.recorded_at.astimezone(clock.SHANGHAI).date() - row.occurred_on).days for row in rows]
    assert min(days) == 0
    assert rows[-1].recorded_at <= clock.now()
    assert (rows[-1].recorded_at - rows[0].recorded_at).days > 700
    office = [row for row in rows if row.recorded_at.astimezone(clock.SHANGHAI).isoweekday() < 6]
    assert 0.9 < len(office) / len(rows) < 1
    crm.close()


def test_meetings_are_pinned_on_their_days_to_what_was_known(district):
    prepare(district.settings, district.url)
    crm = CRM(district.settings, district.url)
    for _ in range(2):
        fill(crm, district.url, 40, silent, lambda: catch_up(district.settings, district.url, silent))
    catch_up(district.settings, district.url, silent)
    with crm.pool.connection() as conn:
        found = meetings.listed(conn).rows
        told = [(again(conn, row), row) for row in found]
        moments = dict(conn.execute("SELECT stream, recorded_at FROM event WHERE topic = 'meeting.pinned'").fetchall())
    assert [row.held_on.day in (1, 16) for row in found] == [True] * 3
    for again_, row in told:
        assert again_.agrees
        assert moments[row.id].astimezone(clock.SHANGHAI).date() == row.held_on
        assert row.known_at < crm.position()
    crm.close()


def test_nothing_invented_is_mixed_into_a_real_district(district):
    crm = CRM(district.settings, district.url)
    form = OpenChannel(kind=ChannelKind.ENQUIRY, name="企业自荐")
    crm.create(By(UUID(int=1), "admin", UUID(int=2)), Channel, form)
    with pytest.raises(NotEmpty):
        fill(crm, district.url, 10, silent)
    crm.close()


def test_what_is_printed_of_the_logins_is_true(district):
    crm = CRM(district.settings, district.url)
    fill(crm, district.url, 5, silent)
    first = open_logins(crm.accounts, district.settings)
    second = open_logins(crm.accounts, district.settings)
    assert first != second
    assert crm.accounts.check_password("staff", first) is None
    for login in cast.LOGINS:
        assert crm.accounts.check_password(login, second) == cast.MEMBERS[login].id
    assert crm.accounts.check_password("beijing2", second) is None
    crm.close()
