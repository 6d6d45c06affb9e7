"""Targets against what was attained; plans in three columns; figures of others quoted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm import clock
from domain import FORMS
from domain.lead import Lead
from domain.person import Role
from domain.plan import Plan
from domain.project import Project
from domain.target import Metric, OwnerKind, Target
from projections import attained
from projections.attained import Span
from projections.changes import Point
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS

Login = Callable[..., Browser]
TODAY = clock.today()
FIRST = TODAY.replace(month=1, day=1)


def project(office: Office, leader: UUID | None = None, **values: str) -> UUID:
    """A project opened long ago."""
    opens = {"name": "某某装备生产线", "kind": "investment", "industry": "C", "planned_year": 2026, "start": "new",
             "investment": "1.2亿", "occurred_on": FIRST - timedelta(days=400)}  # fmt: skip
    id = office.crm.create(office.by(), Project, FORMS["project", "projects"].model_validate(opens | values)).id  # noqa: A001
    if leader:
        act(office, id, "responsibility", leader=leader, occurred_on=FIRST - timedelta(days=390))
    return id


def act(office: Office, id: UUID, noun: str, **values: Any) -> None:
    office.crm.change(office.by(), Project, id, FORMS["project", noun].model_validate(values))


def started(office: Office, id: UUID, on: Any) -> None:
    act(office, id, "milestones", milestone="start", evidence="施工许可证", occurred_on=on)


def target(office: Office, **values: Any) -> UUID:
    opens = {"year": TODAY.year, "metric": "started", "owner_kind": "district", "count": 10, "occurred_on": FIRST}
    return office.crm.create(office.by(), Target, FORMS["target", "targets"].model_validate(opens | values)).id


def so_far(office: Office, metric: Metric, owner: Any = (OwnerKind.DISTRICT, None), until: Any = TODAY) -> int:
    """What counts this year."""
    office.catch_up()
    with office.crm.pool.connection() as conn:
        span = Span(TODAY.year, until, Point(until))
        one = attained.attained(conn, metric, span, owner)
        rows = attained.behind(conn, metric, span, owner, limit=100).rows
        assert one == attained.sums(conn, metric, span).get(owner, attained.NOTHING)
    assert (one.number, one.fen) == (len(rows), sum(row.fen for row in rows))
    return one.of(metric)


def test_projects_count_once_in_the_year_in_which_they_start_or_resume(office: Office) -> None:
    leader = office.person(Role.MANAGER)
    last, now, small, resumed = (
        project(office, leader, investment=worth) for worth in ("1.2亿", "1亿", "1000万", "2亿")
    )
    started(office, last, FIRST - timedelta(days=30))
    started(office, now, FIRST)
    started(office, small, FIRST)
    started(office, resumed, FIRST - timedelta(days=200))
    act(office, resumed, "pause", reason="冬季", occurred_on=FIRST - timedelta(days=40))
    act(office, resumed, "resumption", occurred_on=FIRST)
    assert so_far(office, Metric.STARTED) == 2
    assert so_far(office, Metric.MAJOR_STARTED) == 2
    assert so_far(office, Metric.MAJOR_STARTED, (OwnerKind.LEADER, str(leader))) == 2
    assert so_far(office, Metric.MAJOR_STARTED, (OwnerKind.INDUSTRY, "C")) == 2
    assert so_far(office, Metric.MAJOR_STARTED, (OwnerKind.INDUSTRY, "F")) == 0


def test_what_is_realised_is_what_was_added_this_year(office: Office) -> None:
    id = project(office)  # noqa: A001
    act(office, id, "progress", physical=10, invested="2000万", occurred_on=FIRST - timedelta(days=10))
    act(office, id, "progress", physical=30, invested="5000万", occurred_on=FIRST)
    assert so_far(office, Metric.REALISED) == 3000_0000_00


def lead(office: Office, centre: UUID, name: str, contract: str = "", signed_on: Any = None) -> UUID:
    """A lead registered before the year, and its contract."""
    opens = {"company": name, "industry": "C", "channel": centre, "occurred_on": FIRST - timedelta(days=90)}
    id = office.crm.register(office.by(), FORMS["lead", "leads"].model_validate(opens)).id  # noqa: A001
    if contract:
        form = {"amount": contract, "document": "投资协议", "occurred_on": signed_on}
        office.crm.change(office.by(), Lead, id, FORMS["lead", "contract"].model_validate(form))
    return id


def test_leads_count_in_the_year_in_which_they_first_came_so_far(office: Office) -> None:
    centre, other = office.centre(), office.centre("上海联络中心")
    lead(office, centre, "长春示例一号公司", "1亿", FIRST - timedelta(days=1))
    lead(office, centre, "长春示例二号公司", "2亿", FIRST)
    lead(office, other, "长春示例三号公司", "3亿", FIRST)
    lead(office, other, "长春示例四号公司")
    assert so_far(office, Metric.LEADS) == 0
    assert so_far(office, Metric.INTENTS) == so_far(office, Metric.CONTRACTS) == 2
    assert so_far(office, Metric.CONTRACTED) == 5_0000_0000_00
    assert so_far(office, Metric.CONTRACTED, (OwnerKind.CHANNEL, str(centre))) == 2_0000_0000_00
    assert so_far(office, Metric.LANDED_LEADS) == 0


def test_the_actual_opens_what_it_counts_and_both_show_the_same(office: Office, login: Login) -> None:
    for _ in range(3):
        started(office, project(office), FIRST)
    id = target(office)  # noqa: A001
    office.catch_up()
    manager = login(Role.MANAGER)
    page = manager.get("/targets").text
    assert f"/targets/{id}/behind" in page
    assert "截至" in page
    assert 'data-total="3"' in manager.get(f"/targets/{id}/behind").text
    shown = manager.get(f"/targets/{id}").text
    assert "目标完成率" in shown
    assert "line-plan" in shown
    key = {"authorization": f"Bearer {office.token(manager.person)}"}
    told = manager.client.get(f"/api/v1/targets/{id}", headers=key).json()
    assert (told["actual"], told["until"]) == (3, TODAY.isoformat())
    assert manager.client.get(f"/api/v1/targets/{id}/behind", headers=key).json()["actual"] == 3
    (row,) = manager.client.get("/api/v1/targets", headers=key).json()["targets"]
    assert (row["actual"], row["due"]) == (3, told["due"])


def test_lists_go_out_as_files(office: Office, login: Login) -> None:
    target(office)
    for kind in ("plan", "indicator"):
        RECORDS[kind].made(office)
    office.catch_up()
    manager = login(Role.MANAGER)
    for path, said in (("targets", "开工项目"), ("plans", "冷链物流园"), ("indicators", "政务服务局")):
        assert said in manager.get(f"/{path}/export.csv").text
        assert manager.get(f"/{path}/export.xlsx").content[:2] == b"PK"
    assert "冷链物流园" in manager.get("/plans/list").text


def test_a_plan_stands_in_its_column_until_it_becomes_a_project(office: Office, login: Login) -> None:
    id, manager = RECORDS["plan"].made(office), login(Role.MANAGER)  # noqa: A001
    assert f"/plans/{id}/promotion" in manager.get("/plans").text
    assert "/projects/new?name=" in manager.get(f"/plans/{id}").text
    made = project(office)
    office.catch_up()
    assert "已转为项目" in manager.post(f"/plans/{id}/project", {"project": str(made)}).text
    assert "冷链物流园" not in manager.get("/plans").text
    assert "冷链物流园" in manager.get("/plans?status=became").text
    assert office.crm.aggregate(Plan, id).state.project == made
