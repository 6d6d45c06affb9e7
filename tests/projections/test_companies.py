"""Firms and services as rows: what they are found by, how many there are, on any day as known at any position."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain import FORMS
from domain.base import Event
from domain.company import Company
from domain.service import Service, ServiceKind
from projections import companies, services
from projections.changes import Point
from projections.companies import Companies, CompanyFilters
from projections.services import ServiceFilters, Services
from tests.projections.conftest import Ground

FIRST = date(2026, 1, 5)
ONLY = (Companies(), Services())
LEADER, OFFICER, LEAD, FIRM = (UUID(int=number) for number in (1, 2, 3, 11))


def told(ground: Ground, *steps: tuple[Any, str, int, dict[str, Any]]) -> None:
    """Each step: what it happens to, the noun of the command, after how many days, and its values."""
    records: dict[UUID, Any] = {}
    events: list[Event] = []
    for record, noun, days, values in steps:
        kept = records.setdefault(record.id, record)
        form = FORMS[kept.NAME, noun].model_validate({"occurred_on": FIRST + timedelta(days=days), **values})
        getattr(kept, form.verb)(form)
        events += [event.placed(len(events) + 1) for event in kept.collect_events()]
    ground.given(events)
    ground.project(2, ONLY)


def firm(number: int = 11) -> Company:
    return Company(UUID(int=number))


def test_a_firm_is_found_by_every_name_its_code_and_its_lead(ground: Ground) -> None:
    code = "91350100M000100Y43"
    told(
        ground,
        (firm(), "companies", 0, {"name": "长春示例装备有限公司", "sector": "manufacturing", "lead": LEAD}),
        (firm(), "names", 3, {"name": "示例智能装备（长春）有限公司"}),
        (firm(12), "companies", 1, {"name": "某某餐饮", "sector": "trade", "credit_code": code, "parent": FIRM}),
    )
    for search, count in (("示例", 1), ("cczb", 0), ("ccslzb", 1), ("91350100m", 1), ("餐饮", 1), ("查无", 0)):
        assert companies.LIST.totals(ground.conn, CompanyFilters(search=search).asked()).count == count, search
    assert [row.id for row in companies.alike(ground.conn, ["长春示例装备股份有限公司"])] == [FIRM]
    assert [row.id for row in companies.alike(ground.conn, [], [code, None])] == [UUID(int=12)]
    assert [row.id for row in companies.alike(ground.conn, ["某某餐饮"], (), LEAD)] == [FIRM, UUID(int=12)]
    assert companies.alike(ground.conn, []) == []
    assert companies.LIST.totals(ground.conn, CompanyFilters(parent=FIRM).asked()).count == 1


def test_who_serves_how_many_firms_on_any_day(ground: Ground) -> None:
    answer = {"leader": LEADER, "officers": [{"person": OFFICER}, {"person": UUID(int=7)}]}
    told(
        ground,
        (firm(), "companies", 0, {"name": "甲", "sector": "manufacturing"}),
        (firm(12), "companies", 0, {"name": "乙", "sector": "trade"}),
        (firm(), "responsibility", 5, answer),
        (firm(12), "responsibility", 9, {"leader": LEADER, "officers": [{"person": OFFICER}]}),
    )
    every = CompanyFilters().asked()
    assert companies.LIST.grouped(ground.conn, "leaders", every) == {LEADER: (2, 0)}
    assert companies.LIST.grouped(ground.conn, "officers", every)[OFFICER] == (2, 0)
    then = Point(FIRST + timedelta(days=6))
    assert companies.LIST.grouped(ground.conn, "leaders", every, then) == {LEADER: (1, 0), None: (1, 0)}
    assert companies.LIST.totals(ground.conn, CompanyFilters(officer=OFFICER).asked(), then).count == 1
    assert companies.LIST.totals(ground.conn, CompanyFilters(answered=False).asked(), then).count == 1
    assert companies.LIST.grouped(ground.conn, "sectors", every) == {"manufacturing": (1, 0), "trade": (1, 0)}


def test_services_are_counted_by_kind_and_those_that_solved_something_beside(ground: Ground) -> None:
    def log(number: int, days: int, **values: Any) -> tuple[Any, str, int, dict[str, Any]]:
        given = {
            "kind": "phone",
            "subject": f"事项{number}",
            "company": FIRM,
            "outcome": "goes_on",
            "handled_by": OFFICER,
        }
        return Service(UUID(int=100 + number)), "services", days, given | values

    told(
        ground,
        log(1, 0), log(2, 1, kind="inspection"), log(3, 2, outcome="solved", company=None, served="某某餐饮店"),
        (Service(UUID(int=101)), "follow-ups", 8, {"outcome": "solved", "result": "已送电"}),
        log(4, 3),
        (Service(UUID(int=104)), "retractions", 9, {"fact": 1, "reason": "重复"}),
    )  # fmt: skip
    every = ServiceFilters().asked()
    counts = services.counts(ground.conn, every)
    assert {kind: count.count for kind, count in counts.kinds.items() if count.count} == {
        ServiceKind.PHONE: 2, ServiceKind.INSPECTION: 1,
    }  # fmt: skip
    assert counts.solved.count == 2
    before = services.counts(ground.conn, every, Point(FIRST + timedelta(days=7)))
    assert before.solved.count == 1
    known = services.counts(ground.conn, every, Point(None, 5))
    assert known.kinds[ServiceKind.PHONE].count == 3
    for filters, count in (
        (ServiceFilters(company=FIRM), 2), (ServiceFilters(handled_by=OFFICER), 3), (ServiceFilters(search="餐饮"), 1),
        (ServiceFilters(search="事项2"), 1), (ServiceFilters(since=FIRST + timedelta(days=1)), 2),
        (ServiceFilters(until=FIRST), 1), (ServiceFilters(outcome="solved"), 2), (ServiceFilters(kind="coordination"), 0),
    ):  # fmt: skip
        assert services.LIST.totals(ground.conn, filters.asked()).count == count, filters
    assert [row.subject for row in services.LIST.page(ground.conn, every).rows] == ["事项3", "事项2", "事项1"]
