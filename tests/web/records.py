"""One of every aggregate that has a list, a page and commands of the general kind: the next one joins by one line here."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm import clock
from domain import FORMS
from domain.base import Aggregate
from domain.company import Company
from domain.project import Project
from domain.responsibility import TakeResponsibility
from domain.service import Service
from tests.web.conftest import Office

BEGUN = clock.today() - timedelta(days=60)


@dataclass(frozen=True)
class Record:
    """How one is opened (`opens`, as typed), what is wrong with an opening, a right command, and one that is refused.

    `given_to`: the noun and the detail by which it is given to somebody, where nobody takes responsibility for it.
    """

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
    given_to: tuple[str, str] | None = None

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
        if person and self.given_to:
            noun, field = self.given_to
            form = FORMS[self.kind.NAME, noun].model_validate({"details": {field: person}})
            office.crm.change(office.by(), self.kind, id, form)
        elif person and (self.kind.NAME, TakeResponsibility.noun) in FORMS:
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
    "company": Record(
        Company,
        "/companies",
        {"name": "某某智能装备有限公司", "sector": "manufacturing", "seat": "local", "credit_code": "91350100M000100Y43"},
        "某某智能装备有限公司",
        (
            ({"name": " "}, "请填写"),
            ({"name": "长" * 201}, "最多 200 个字"),
            ({"credit_code": "91350100M000100Y44"}, "校验位不对"),
            ({"sector": "harbour"}, "请从列表中选择"),
            ({"lead": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"parent": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"project": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("names", {"name": "某某智能装备集团有限公司"}, "更名为某某智能装备集团有限公司"),
        ("reopening", {}, "企业当时就在营"),
        ({"details.address": "东部片区"}, "东部片区"),
        ("还没有企业", "No firms yet"),
    ),
    "service": Record(
        Service,
        "/services",
        {"kind": "accompanied", "subject": "用电报装", "served": "某某餐饮店", "outcome": "goes_on"},
        "用电报装",
        (
            ({"subject": " "}, "请填写"),
            ({"subject": "长" * 201}, "最多 200 个字"),
            ({"kind": "harbour"}, "请从列表中选择"),
            ({"served": ""}, "请选择企业或项目，或写明服务对象"),
            ({"company": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"lead": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("follow-ups", {"outcome": "solved", "result": "已协调送电"}, "解决了问题：已协调送电"),
        ("details", {"details.subject": "用电报装"}, "没有改动任何内容"),
        ({"details.result": "窗口已受理"}, "窗口已受理"),
        ("还没有服务记录", "No services yet"),
        given_to=("details", "handled_by"),
    ),
}  # fmt: skip
"""By the aggregate's name."""
