"""Procedures and funding as rows: by both clocks, early before the land was taken, summed up by kind."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from domain import FORMS
from domain.base import AGGREGATES, Event
from domain.funding import Funding
from domain.procedure import Procedure
from domain.project import Project
from projections import fundings, procedures
from projections.changes import Point
from projections.fundings import FundingFilters, Fundings, Sums
from projections.procedures import ProcedureFilters, Procedures
from projections.projects import Projects
from projections.rebuild import rebuild
from tests.projections.conftest import Ground

ONLY = [Projects(), Procedures(), Fundings()]
PROJECT, OFFICER = UUID(int=1), UUID(int=2)
WAN = 1_0000_00


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


class Told:
    """What happened, in the order in which it was recorded."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def then(self, kind: type[Any], id: int, noun: str, on: str, /, **values: Any) -> "Told":
        record = kind(UUID(int=id))
        for event in self.events:
            if event.originator_id == record.id:
                event.mutate(record)
        form = FORMS[kind.NAME, noun].model_validate({"occurred_on": day(on)} | values)
        getattr(record, form.verb)(form)
        self.events += [event.placed(len(self.events) + n) for n, event in enumerate(record.collect_events(), start=1)]
        return self

    def project(self) -> "Told":
        given = {
            "name": "某某医院",
            "kind": "public_works",
            "industry": "Q",
            "planned_year": 2026,
            "start": "new",
            "investment": "1亿",
        }
        return self.then(Project, 1, "projects", "1-1", **given)

    def procedure(self, id: int, on: str = "1-5", /, **values: Any) -> "Told":
        given: dict[str, Any] = {"kind": "building", "department": "区住建局", "project": PROJECT}
        return self.then(Procedure, id, "procedures", on, **(given | values))

    def funding(self, id: int, /, **values: Any) -> "Told":
        given: dict[str, Any] = {
            "name": f"专项债{id}",
            "kind": "special_bond",
            "requested": "5000万",
            "project": PROJECT,
        }
        return self.then(Funding, id, "funding", "1-5", **(given | values))


def shown(ground: Ground, point: Point = Point(), **filters: Any) -> set[int]:  # noqa: B008 - frozen
    """The numbers of the procedures that these filters leave."""
    rows = procedures.LIST.page(ground.conn, ProcedureFilters(**filters).asked(), point).rows
    assert procedures.LIST.totals(ground.conn, ProcedureFilters(**filters).asked(), point).count == len(rows)
    return {row.id.int for row in rows}


def put(ground: Ground, events: Iterable[Event], batch: int = 3) -> None:
    ground.given(events)
    ground.project(batch, ONLY)


def test_a_promise_is_owed_until_the_papers_are_there_on_the_day_asked_for(ground: Ground) -> None:
    told = Told().project().procedure(11).procedure(12, kind="energy", department="区发改局", item="节能报告审查")
    told.then(Procedure, 11, "acceptance", "1-8", missing="甲、乙", promised_on=day("2-8"))
    told.then(Procedure, 11, "supplements", "2-20", papers="甲").then(Procedure, 11, "supplements", "3-1")
    told.then(Procedure, 12, "acceptance", "1-9").then(Procedure, 12, "handling", "1-9", way="agent", handler=OFFICER)
    put(ground, told.events)
    assert shown(ground, lenient=True) == {11}
    assert shown(ground, overdue_on=day("3-2")) == set()
    assert shown(ground, Point(day("2-25"), None), overdue_on=day("2-25")) == {11}
    assert shown(ground, Point(day("2-8"), None), overdue_on=day("2-8")) == set()
    assert shown(ground, Point(None, 4), overdue_on=day("3-2")) == {11}
    then = procedures.LIST.one(ground.conn, UUID(int=11), Point(day("2-25"), None))
    assert then is not None
    assert (then.missing, then.papers, then.owed_on, then.early) == (["乙"], ["甲", "乙"], day("2-8"), False)
    for filters, found in (
        ({"kind": "energy"}, {12}), ({"department": "区住建局"}, {11}), ({"handler": OFFICER}, {12}), ({"way": "helped"}, set()),
        ({"search": "jnbg"}, {12}), ({"search": "施工 许可"}, {11}), ({"open": True}, {11, 12}), ({"status": "granted"}, set()),
        ({"accepted_from": day("1-9"), "accepted_to": day("1-9")}, {12}), ({"project": PROJECT}, {11, 12}),
    ):  # fmt: skip
        assert shown(ground, **filters) == found, filters
    assert sorted(procedures.departments(ground.conn)) == sorted(["区住建局", "区发改局"])


def test_what_waits_for_the_land_and_was_accepted_before_is_early(ground: Ground) -> None:
    told = Told().project().procedure(11).procedure(12, kind="filing").procedure(13, kind="planning").procedure(14)
    told.then(Procedure, 11, "acceptance", "2-1").then(Procedure, 12, "grant", "2-1", document="备案证")
    told.then(Procedure, 13, "acceptance", "3-2").then(Procedure, 14, "acceptance", "2-1")
    told.then(Procedure, 14, "refusal", "2-9", reason="不符")
    put(ground, told.events)
    assert shown(ground, early=True) == set()
    told.events = []
    before = Told().project()
    before.then(Project, 1, "milestone-plans", "1-2", milestone="land", planned_on=day("3-1"))
    before.then(Project, 1, "milestones", "3-1", milestone="land", evidence="成交确认书")
    put(ground, [event.placed(100 + n) for n, event in enumerate(before.events[1:])])
    assert shown(ground, early=True) == {11}
    assert shown(ground, Point(day("2-15"), None), early=True) == {11}
    rows = procedures.LIST.some(ground.conn, [UUID(int=11), UUID(int=13)])
    assert [rows[UUID(int=n)].early for n in (11, 13)] == [True, False]


def test_funding_is_summed_by_kind_on_any_day(ground: Ground) -> None:
    told = (
        Told()
        .project()
        .funding(21)
        .funding(22, requested="3000万")
        .funding(23, kind="central_budget", requested="1932万")
    )
    told.then(Funding, 21, "approval", "3-1", amount="4000万", document="财债2号")
    told.then(Funding, 21, "disbursements", "4-1", amount="1000万").then(
        Funding, 21, "disbursements", "5-1", amount="500万"
    )
    told.then(Funding, 22, "rejection", "3-1", reason="额度不足")
    put(ground, told.events)
    found = fundings.sums(ground.conn, FundingFilters().asked())
    assert found == {
        "special_bond": Sums(2, 8000 * WAN, 1, 4000 * WAN, 1, 1500 * WAN), "central_budget": Sums(1, 1932 * WAN, 0, 0, 0, 0),
    }  # fmt: skip
    assert fundings.together(found) == Sums(3, 9932 * WAN, 1, 4000 * WAN, 1, 1500 * WAN)
    assert fundings.together({}) == Sums()
    then = fundings.sums(ground.conn, FundingFilters(kind="special_bond").asked(), Point(day("4-15"), None))
    assert then == {"special_bond": Sums(2, 8000 * WAN, 1, 4000 * WAN, 1, 1000 * WAN)}
    for filters, ids in (
        ({"paid": True}, {21}), ({"unpaid": True}, {21}), ({"status": "rejected"}, {22}), ({"year": 2025}, set()),
        ({"approved_year": 2026}, {21}), ({"search": "zxz22"}, {22}), ({"project": UUID(int=7)}, set()),
    ):  # fmt: skip
        rows = fundings.LIST.page(ground.conn, FundingFilters(**filters).asked()).rows
        assert {row.id.int for row in rows} == ids, filters


def test_every_order_pages_through_all_of_them_and_a_rebuild_makes_the_same(ground: Ground) -> None:
    told = Told().project()
    for number in range(7):
        told.procedure(11 + number, f"1-{5 + number}").funding(31 + number, requested=f"{number + 1}000万")
    put(ground, told.events, batch=4)
    for listed, filters in ((procedures.LIST, ProcedureFilters().asked()), (fundings.LIST, FundingFilters().asked())):
        for sort in listed.sorts:
            page = listed.page(ground.conn, filters, sort=sort, limit=3)
            seen = [row.id for row in page.rows]
            while page.next:
                page = listed.page(ground.conn, filters, sort=sort, limit=3, after=page.next)
                seen += [row.id for row in page.rows]
            assert (len(seen), len(set(seen))) == (7, 7), sort
    live = ground.digests()
    rebuild(lambda: ground.district.connect(autocommit=True), ONLY)
    assert {name: ground.digests()[name] for name in ("procedures", "fundings")} == {
        name: live[name] for name in ("procedures", "fundings")
    }
    assert {"procedure", "funding"} <= set(AGGREGATES)
