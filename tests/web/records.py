"""One of every aggregate that has a list, a page and commands of the general kind: the next one joins by one line here."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm import clock
from domain import FORMS
from domain.base import Aggregate
from domain.matchmaking import Matchmaking
from domain.project import Project
from domain.responsibility import TakeResponsibility
from domain.site import Site
from tests.web.conftest import Office

BEGUN = clock.today() - timedelta(days=60)


@dataclass(frozen=True)
class Record:
    """How one is opened (`opens`, as typed), what is wrong with an opening, a right command, and one that is refused."""

    kind: type[Aggregate]
    path: str
    opens: dict[str, str]
    named: str
    wrong: tuple[tuple[dict[str, str], str], ...]
    does: tuple[str, dict[str, str], str]
    refused: tuple[str, dict[str, str], str]
    revises: tuple[dict[str, str], str]
    empty: tuple[str, str]
    api: dict[str, Any] = field(default_factory=dict)

    def made(self, office: Office, **values: str) -> UUID:
        """One of them, opened by the system sixty days ago."""
        typed = {name.replace(".amount", ""): value for name, value in (self.opens | values).items()}
        form = self.kind.CREATES
        assert form is not None
        id = office.crm.create(office.by(), self.kind, form.model_validate(typed | {"occurred_on": BEGUN})).id  # noqa: A001
        office.catch_up()
        return id

    def answered(self, office: Office, id: UUID, person: UUID | None) -> None:
        """Have somebody answer for it, where that can be."""
        if person and (self.kind.NAME, TakeResponsibility.noun) in FORMS:
            office.crm.change(office.by(), self.kind, id, TakeResponsibility(leader=person))
            office.catch_up()


RECORDS = {
    "project": Record(
        Project,
        "/projects",
        {"name": "某某装备生产线", "kind": "investment", "industry": "C", "planned_year": "2026", "start": "new",
         "investment.amount": "1.2亿"},
        "某某装备生产线",
        (
            ({"name": " "}, "请填写"),
            ({"name": "长" * 201}, "最多 200 个字"),
            ({"investment.amount": "许多"}, "看不懂金额"),
            ({"investment.amount": "-5000万"}, "大于零"),
            ({"planned_year": "1900"}, "2000 到 2100"),
            ({"kind": "harbour"}, "请从列表中选择"),
            ({"lead": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"production_on": "明年"}, "看不懂这个日期"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("milestones", {"milestone": "start", "evidence": "施工许可证"}, "开工（施工许可证）"),
        ("resumption", {}, "没有停工"),
        ({"details.place": "东部片区"}, "东部片区"),
        ("还没有项目", "No projects yet"),
    ),
    "site": Record(
        Site,
        "/sites",
        {"name": "东部产业园一期", "kind": "park", "area_m2": "20000", "terms": "lease"},
        "东部产业园一期",
        (
            ({"name": " "}, "请填写"),
            ({"area_m2": "许多"}, "请填写"),
            ({"area_m2": "0"}, "面积应大于零"),
            ({"area_m2": "-5"}, "0 到 10 亿"),
            ({"offered_m2": "20001"}, "总面积只有 2万㎡"),
            ({"kind": "harbour"}, "请从列表中选择"),
            ({"terms": "gift"}, "请从列表中选择"),
            ({"ready_on": "明年"}, "看不懂这个日期"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("occupations", {"area_m2": "6000", "firm": "某某装备公司"}, "入驻 6,000㎡（某某装备公司）"),
        ("reservations", {"area_m2": "20001", "firm": "某某装备公司"}, "面积不够"),
        ({"details.place": "东部片区"}, "东部片区"),
        ("还没有载体", "No sites yet"),
    ),
    "matchmaking": Record(
        Matchmaking,
        "/matchmakings",
        {"name": "春季银企对接会", "kind": "bank_firm"},
        "春季银企对接会",
        (
            ({"name": " "}, "请填写"),
            ({"name": "长" * 201}, "最多 200 个字"),
            ({"kind": "harbour"}, "请从列表中选择"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("loans", {"firm": "某某装备公司", "bank": "某银行", "amount": "300万"}, "某银行向某某装备公司贷款 300万元"),
        ("contracts", {"firm": "甲公司", "buyer": "甲公司", "amount": "300万"}, "供需双方是同一企业"),
        ({"details.place": "政务中心"}, "政务中心"),
        ("还没有对接会", "No meetings yet"),
    ),
}  # fmt: skip
"""By the aggregate's name."""
