"""Out of hours, in bulk, late: what the record of activity says of each event, and that no question reads all of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest

from domain.lead import CorrectDate, Lead
from projections import activity, activity_asked
from projections.activity import MANY, ActivityFilters
from projections.activity_days import SHANGHAI, outside
from projections.paging import Scope, Totals
from tests.projections.conftest import Ground
from tests.projections.stories import row
from tests.projections.told import CENTRE, Tale, day, lead_id

CLERK, OTHER, IMPORT = UUID(int=201), UUID(int=202), UUID(int=77)
MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)  # a Monday


@pytest.mark.parametrize(
    ("moment", "beyond"),
    [
        ("2026-03-02 08:29:59", True),
        ("2026-03-02 08:30:00", False),
        ("2026-03-02 17:29:59", False),
        ("2026-03-02 17:30:00", True),
        ("2026-03-06 12:00:00", False),
        ("2026-03-07 12:00:00", True),
        ("2026-03-08 12:00:00", True),
    ],
)
def test_office_hours_are_monday_to_friday_half_past_eight_to_half_past_five(moment: str, beyond: object) -> None:
    assert outside(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)) is beyond


def entries(count: int) -> Tale:
    """One lead, contacted again and again."""
    tale = Tale().registered()
    for _ in range(count - 1):
        tale.contacted()
    return tale


def put(ground: Ground, tale: Tale, moments: list[datetime], by: UUID = CLERK, origin: UUID | None = None) -> None:
    """The tale's events as one person entered them at these moments."""
    rows = [list(row(event, origin)) for event in tale.events]
    for stored, moment in zip(rows, moments, strict=True):
        stored[6], stored[7] = moment.astimezone(UTC), by
    ground.put(rows)


def bulk(ground: Ground) -> list[int]:
    page = activity_asked.listed(ground.conn, ActivityFilters(bulk=True), limit=200)
    return sorted(entry.position for entry in page.rows)


def within_a_minute(count: int, start: datetime = MORNING) -> list[datetime]:
    return [start + timedelta(seconds=n * 59 / count) for n in range(count)]


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_from_the_twentieth_within_a_minute_on_all_of_them_are_bulk(ground: Ground, batch: int) -> None:
    moments = [MORNING - timedelta(minutes=1), *within_a_minute(MANY + 2), MORNING + timedelta(minutes=1)]
    put(ground, entries(MANY + 4), moments)
    ground.project(batch=batch)
    assert bulk(ground) == list(range(2, MANY + 4))
    (summary,) = activity.actors(ground.conn, date(2026, 3, 2), date(2026, 3, 2))
    assert (summary.events, summary.bulk, summary.leads) == (MANY + 4, MANY + 2, 1)


def test_one_fewer_or_over_two_minutes_is_no_bulk(ground: Ground) -> None:
    half = within_a_minute(MANY - 1)
    put(ground, entries(2 * MANY - 2), [*half, *(moment + timedelta(minutes=1) for moment in half)])
    ground.project(batch=3)
    assert bulk(ground) == []


def test_what_came_with_an_import_is_bulk_and_does_not_make_bulk_of_what_was_typed_beside_it(ground: Ground) -> None:
    tale = entries(MANY + 5)
    rows = [list(row(event, IMPORT if event.position > 5 else None)) for event in tale.events]
    for stored, moment in zip(rows, within_a_minute(MANY + 5), strict=True):
        stored[6], stored[7] = moment, CLERK
    ground.put(rows)
    ground.project(batch=4)
    assert bulk(ground) == list(range(6, MANY + 6))


def test_days_and_bulk_are_the_same_whatever_the_batches(ground: Ground) -> None:
    put(ground, entries(3 * MANY), within_a_minute(3 * MANY, MORNING + timedelta(seconds=20)))
    digests = []
    for batch in (1, 2, 9, 1000):
        ground.clear_read_models()
        ground.project(batch=batch)
        digests.append(ground.digests()["activity"])
    assert len(set(digests)) == 1


def test_a_day_counts_what_the_explorer_lists(ground: Ground) -> None:
    tale = Tale().registered(on="1-5").contacted(on="1-9").contacted(on="3-1")
    tale.then(Lead, lead_id(1), CorrectDate(fact=2, to=day("1-8"), reason="录错", occurred_on=day("3-1")))
    evening = MORNING.replace(hour=20)
    put(ground, tale, [MORNING, MORNING + timedelta(hours=1), evening, evening + timedelta(days=1)])
    ground.project(batch=2)
    first, last = date(2026, 3, 2), date(2026, 3, 3)
    (one,) = activity.actors(ground.conn, first, last)

    def listed(**asked: Any) -> int:
        return len(activity_asked.listed(ground.conn, ActivityFilters(actor=CLERK, **asked)).rows)

    assert (one.events, one.leads, one.corrections, one.late, one.outside) == (4, 1, 1, 2, 2)
    assert one.events == listed()
    assert one.leads == listed(topic="lead.registered")
    assert one.corrections == listed(corrections=True)
    assert one.late == listed(late_over=activity.LATE_DAYS)
    assert one.outside == listed(outside=True)


# ── questions ───────────────────────────────────────────────────────────────────────────────────────────────────────

ASKED: dict[str, dict[str, Any]] = {
    "actor": {"actor": CLERK}, "role": {"role": "manager"}, "staff": {"role": "staff"}, "lead": {"aggregate": "lead"},
    "person": {"aggregate": "person"}, "topic": {"topic": "lead.contacted"}, "stream": {"stream": lead_id(1)},
    "streams": {"streams": [lead_id(1), lead_id(2)]}, "channel": {"channel": CENTRE}, "origin": {"origin": IMPORT},
    "recorded": {"recorded_from": MORNING, "recorded_to": MORNING + timedelta(hours=5)},
    "occurred": {"occurred_from": date(2026, 1, 1), "occurred_to": date(2026, 2, 1)}, "late": {"late_over": 3},
    "late7": {"late_over": 7}, "late30": {"late_over": 31}, "corrections": {"corrections": True},
    "outside": {"outside": True}, "bulk": {"bulk": True},
}  # fmt: skip


@pytest.fixture
def filled(ground: Ground) -> Ground:
    """Some thousand events of every kind, as the projector would have left them, and the planner told of them."""
    ground.conn.execute(
        """
        INSERT INTO activity
        SELECT n, %(start)s + n * interval '7 minutes', date '2025-12-01' + n / 40, CASE WHEN n %% 5 = 0 THEN n %% 60 ELSE 0 END,
               (ARRAY[%(clerk)s, %(other)s])[1 + n %% 2]::uuid, (ARRAY['staff', 'staff', 'staff', 'manager', 'admin'])[1 + n %% 5],
               (ARRAY[%(one)s, %(two)s, %(three)s])[1 + n %% 3]::uuid, 1, CASE WHEN n %% 50 = 0 THEN 'person' ELSE 'lead' END,
               CASE WHEN n %% 50 = 0 THEN 'person.added' WHEN n %% 7 = 0 THEN 'lead.date_corrected' ELSE 'lead.contacted' END,
               CASE WHEN n %% 9 = 0 THEN %(origin)s::uuid END, '', %(channel)s::uuid, NULL, n %% 7 = 0, n %% 4 = 0, n %% 9 = 0
        FROM generate_series(1, 6000) n
        """,
        {"start": MORNING, "clerk": CLERK, "other": OTHER, "one": lead_id(1), "two": lead_id(2), "three": lead_id(3),
         "origin": IMPORT, "channel": CENTRE},
    )  # fmt: skip
    ground.conn.execute("ANALYZE activity")
    return ground


def questions() -> Iterator[dict[str, Any]]:
    yield {}
    yield from ASKED.values()
    for one, two in combinations(ASKED.values(), 2):
        if not one.keys() & two.keys():
            yield one | two


def test_every_question_finds_what_a_plain_look_through_all_rows_finds(filled: Ground) -> None:
    everything = activity_asked.listed(filled.conn, limit=10_000).rows
    assert len(everything) == 6000
    for asked in questions():
        put_ = activity_asked.question(filled.conn, ActivityFilters(**asked))
        found = {entry.position for entry in activity_asked.found(filled.conn, put_, limit=10_000).page.rows}
        assert found == {entry.position for entry in everything if fits(entry, asked)}, asked
        assert activity_asked.counted(filled.conn, put_).count == len(found), asked


def fits(entry: activity.ActivityRow, asked: dict[str, Any]) -> bool:
    """The conditions once more, without any index."""
    said = {
        "late_over": lambda days: entry.late_days > days,
        "corrections": lambda _: entry.correction,
        "streams": lambda ids: entry.stream in ids,
        "recorded_from": lambda moment: entry.recorded_at >= moment,
        "recorded_to": lambda moment: entry.recorded_at <= moment,
        "occurred_from": lambda on: entry.occurred_on >= on,
        "occurred_to": lambda on: entry.occurred_on <= on,
    }
    return all(said[name](value) if name in said else getattr(entry, name) == value for name, value in asked.items())


def test_a_page_ends_where_it_has_looked_far_enough_and_the_next_goes_on(
    filled: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_asked, "SCAN", 500)
    for asked in ({"actor": CLERK, "late_over": 50}, {"occurred_from": date(2026, 1, 1), "late_over": 5, "bulk": False},
                  {"occurred_to": date(2026, 3, 1), "role": "staff"}, {"corrections": True, "outside": True}):  # fmt: skip
        filters = ActivityFilters(**asked)
        put_ = activity_asked.question(filled.conn, filters)
        walked, after, looked = [], None, 0
        while True:
            found = activity_asked.found(filled.conn, put_, after=after, limit=400)
            walked += [entry.position for entry in found.page.rows]
            looked += found.looked is not None
            after = found.page.next
            if after is None:
                break
        monkeypatch.setattr(activity_asked, "SCAN", 10_000)
        at_once = activity_asked.listed(filled.conn, filters, limit=10_000)
        monkeypatch.setattr(activity_asked, "SCAN", 500)
        assert walked == [entry.position for entry in at_once.rows], asked
        assert looked, asked


def test_a_count_says_when_it_is_at_least(filled: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity_asked, "SCAN", 500)
    asked = activity_asked.question(filled.conn, ActivityFilters(actor=CLERK, outside=True, late_over=40))
    total = activity_asked.counted(filled.conn, asked)
    assert total.more
    whole = activity_asked.question(filled.conn, ActivityFilters(actor=CLERK))
    assert activity_asked.counted(filled.conn, whole) == Totals(3000, 0)
    monkeypatch.setattr(activity_asked, "COUNTED_AT_MOST", 100)
    assert activity_asked.counted(filled.conn, whole).more
    found = activity_asked.found(filled.conn, asked)
    assert activity_asked.counted(filled.conn, asked, found) == total


def test_by_the_day_of_the_fact_alone_what_happened_last_comes_first(filled: Ground) -> None:
    rows = activity_asked.listed(filled.conn, ActivityFilters(occurred_to=date(2026, 3, 1)), limit=100).rows
    days = [(entry.occurred_on, entry.position) for entry in rows]
    assert days == sorted(days, reverse=True)


def test_who_may_see_only_some_channels_is_counted_only_those(filled: Ground) -> None:
    elsewhere = Scope(all=False, channels=[UUID(int=9)])
    asked = activity_asked.question(filled.conn, ActivityFilters(actor=CLERK), elsewhere)
    assert activity_asked.counted(filled.conn, asked).count == 0
    assert activity_asked.found(filled.conn, asked).page.rows == []
