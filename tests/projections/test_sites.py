"""Sites and what came of matchmaking, on any day as known at any position; what leads need; and the same after a rebuild."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import AGGREGATES, Event, Refused
from domain.correctable import Correctable
from domain.matchmaking import Matchmaking, OutcomeKind
from domain.site import Site, SiteKind
from projections import matchmakings, outcomes, sites
from projections.changes import Point
from projections.matchmakings import MatchmakingFilters, Matchmakings
from projections.outcomes import OutcomeFilters, Outcomes
from projections.rebuild import rebuild
from projections.sites import SiteFilters, Sites
from tests.projections.conftest import Ground

FIRST, DAYS = date(2026, 1, 1), 40
ONLY = [Sites(), Matchmakings(), Outcomes()]
IDS = {"site": [UUID(int=700 + n) for n in range(3)], "matchmaking": [UUID(int=800 + n) for n in range(2)]}


def story(seed: int, steps: int) -> list[Event]:
    """What clerks do that the domain lets them, in any order of days, with corrections."""
    chance, events = Random(seed), list[Event]()  # noqa: S311 - it invents, it keeps no secret
    for _ in range(steps):
        kind = chance.choice(list(IDS))
        aggregate = _loaded(kind, chance.choice(IDS[kind]), events)
        nouns = (
            [noun for name, noun in FORMS if name == kind and noun != f"{kind}s"] if aggregate.version else [f"{kind}s"]
        )
        noun = chance.choice(nouns)
        day = FIRST + timedelta(days=chance.randint(0, DAYS))
        form = FORMS[kind, noun].model_validate({"occurred_on": day, **_values(chance, kind, noun, aggregate)})
        try:
            getattr(aggregate, form.verb)(form)
        except Refused:
            continue
        events += [e.placed(len(events) + n) for n, e in enumerate(aggregate.collect_events(), start=1)]
    return events


def _loaded(kind: str, id: UUID, events: Sequence[Event]) -> Any:
    aggregate = AGGREGATES[kind](id)
    for event in events:
        if event.originator_id == id:
            event.mutate(aggregate)
    return aggregate


def _values(chance: Random, kind: str, noun: str, aggregate: Correctable) -> dict[str, Any]:
    fact = chance.randint(1, max(1, aggregate.version))
    known: dict[str, Any] = {
        "name": "东部产业园", "kind": "park" if kind == "site" else "bank_firm", "area_m2": chance.choice([500, 2000, 8000]),
        "firm": chance.choice(["甲公司", "乙公司"]), "holding": fact, "reservation": chance.choice([None, fact]),
        "reason": "更正", "fact": fact, "to": FIRST + timedelta(days=chance.randint(0, DAYS)), "leader": UUID(int=3),
        "bank": "某银行", "buyer": "丙公司", "amount": chance.choice(["100万", "300万"]), "ready_on": None,
        "firms": [{"name": chance.choice(["甲", "乙", "丙", "丁"])}],
    }  # fmt: skip
    if noun == "detail-corrections":
        known["details"] = {"area_m2": 1000} if kind == "site" else {"firm": "丁公司"}
    if noun == "details":
        known["details"] = {"place": chance.choice(["东部", "西部"])}
    if noun == "releases":
        known["area_m2"] = chance.choice([None, 500])
    if noun == "sites":
        known["area_m2"] = 20000
    return {name: value for name, value in known.items() if name in FORMS[kind, noun].model_fields}


def told(ground: Ground, events: Sequence[Event], *, batch: int) -> None:
    ground.given(events)
    ground.project(batch, ONLY)


def check(ground: Ground, events: Sequence[Event], day: date, position: int) -> None:
    """What the read models say of that day, as known at that position, is what the aggregates come to."""
    point, before = Point(day, position), [event for event in events if (event.position or 0) <= position]
    states = {one: _loaded("site", one, before).at(day) for one in IDS["site"]}
    expected = {one: (s.offered, s.reserved, s.occupied, s.free) for one, s in states.items() if s.exists}
    rows = sites.LIST.page(ground.conn, SiteFilters().asked(), point).rows
    assert {row.id: (row.offered, row.reserved, row.occupied, row.free) for row in rows} == expected
    summed = sites.space(ground.conn, SiteFilters().asked(), day, point)[SiteKind.PARK]
    assert summed.free == sum((free for *_, free in expected.values()), Decimal(0))
    met = [_loaded("matchmaking", one, before).at(day) for one in IDS["matchmaking"]]
    found = outcomes.came(ground.conn, OutcomeFilters().asked(), point)
    for kind in OutcomeKind:
        assert found[kind].number == sum(state.count(kind) for state in met if state.exists)
        assert found[kind].amount == sum(state.worth(kind) for state in met if state.exists)
    totals = matchmakings.LIST.page(ground.conn, MatchmakingFilters().asked(), point).rows
    assert sum(row.lent for row in totals) == found[OutcomeKind.LOAN].amount


@pytest.mark.parametrize("seed", range(4))
def test_they_are_what_the_facts_come_to_on_any_day_as_known_at_any_position(ground: Ground, seed: int) -> None:
    events, chance = story(seed, 90), Random(seed)  # noqa: S311
    told(ground, events, batch=chance.choice([1, 7, 100]))
    for _ in range(12):
        check(ground, events, FIRST + timedelta(days=chance.randint(0, DAYS + 2)), chance.randint(1, len(events)))


def test_a_rebuild_makes_the_same_rows(ground: Ground) -> None:
    told(ground, story(11, 80), batch=9)
    before = [ground.digests()[model.name] for model in ONLY]
    rebuild(lambda: ground.district.connect(autocommit=True), ONLY)
    assert [ground.digests()[model.name] for model in ONLY] == before
    assert {Site.NAME, Matchmaking.NAME} == set(IDS)
