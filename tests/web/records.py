"""One of every aggregate that has a list, a page and commands of the general kind: the next one joins by one line here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm import clock
from domain.base import Aggregate, Form
from domain.funding import Funding
from domain.procedure import HandleProcedure, Handling, Procedure
from domain.project import Project
from domain.responsibility import TakeResponsibility
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
    answers: Callable[[UUID], Form] = lambda person: TakeResponsibility(leader=person)

    def made(self, office: Office, **values: str) -> UUID:
        """One of them, opened by the system sixty days ago."""
        typed = {name.replace(".amount", ""): value for name, value in (self.opens | values).items()}
        form = self.kind.CREATES
        assert form is not None
        id = office.crm.create(office.by(), self.kind, form.model_validate(typed | {"occurred_on": BEGUN})).id  # noqa: A001
        office.catch_up()
        return id

    def answered(self, office: Office, id: UUID, person: UUID | None) -> None:
        """Have somebody answer for it."""
        if person:
            office.crm.change(office.by(), self.kind, id, self.answers(person))
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
    "procedure": Record(
        Procedure,
        "/procedures",
        {"kind": "building", "item": "一号厂房施工许可", "department": "区住建局", "applicant": "某某装备有限公司"},
        "一号厂房施工许可",
        (
            ({"department": " "}, "请填写"),
            ({"item": "长" * 201}, "最多 200 个字"),
            ({"kind": "harbour"}, "请从列表中选择"),
            ({"applicant": ""}, "请选择项目或企业"),
            ({"project": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("acceptance", {"missing": "用地批准书、勘察报告", "promised_on": "2099-01-01"}, "容缺受理：缺用地批准书、勘察报告"),
        ("supplements", {"papers": "红头文件"}, "待补的材料里没有"),
        ({"details.department": "区行政审批局"}, "区行政审批局"),
        ("还没有登记手续", "No procedures yet"),
        answers=lambda person: HandleProcedure(way=Handling.AGENT, handler=person),
    ),
    "funding": Record(
        Funding,
        "/funding",
        {"name": "园区道路专项债", "kind": "special_bond", "requested.amount": "5000万", "applicant": "某某园区公司"},
        "园区道路专项债",
        (
            ({"name": " "}, "请填写"),
            ({"name": "长" * 201}, "最多 200 个字"),
            ({"requested.amount": "许多"}, "看不懂金额"),
            ({"requested.amount": "-5000万"}, "大于零"),
            ({"kind": "gift"}, "请从列表中选择"),
            ({"applicant": ""}, "请选择项目或企业"),
            ({"project": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("approval", {"amount.amount": "4000万", "document": "财债〔2026〕2号"}, "批复 4,000万元"),
        ("disbursements", {"amount.amount": "4001万"}, "不能超过批复金额"),
        ({"details.department": "省财政厅"}, "省财政厅"),
        ("还没有申报资金", "No funding applied for yet"),
    ),
}  # fmt: skip
"""By the aggregate's name."""
