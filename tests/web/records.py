"""One of every aggregate that has a list, a page and commands of the general kind: the next one joins by one line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm import clock
from domain.base import Aggregate, Form
from domain.problem import AssignProblem, Problem, TakeProblem
from domain.project import Project
from domain.responsibility import TakeResponsibility
from tests.web.conftest import Office

BEGUN = clock.today() - timedelta(days=60)


@dataclass(frozen=True)
class Record:
    """How one is opened (`opens`, as typed), what is wrong with an opening, a right command, and one that is refused.

    `answers`: the commands by which somebody comes to answer for it.
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
    answers: Callable[[UUID], Sequence[Form]] = lambda person: [TakeResponsibility(leader=person)]

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
        for form in self.answers(person) if person else ():
            office.crm.change(office.by(), self.kind, id, form)
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
    "problem": Record(
        Problem,
        "/problems",
        {"name": "厂区外供电容量不足", "source": "firm", "urgency": "normal", "investment.amount": "5000万", "jobs": "120"},
        "厂区外供电容量不足",
        (
            ({"name": " "}, "请填写"),
            ({"name": "长" * 201}, "最多 200 个字"),
            ({"source": "harbour"}, "请从列表中选择"),
            ({"investment.amount": "许多"}, "看不懂金额"),
            ({"jobs": "-3"}, "应在 0 到 10 亿之间"),
            ({"project": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("classification", {"kind": "utilities"}, "分类：水电气热路配套"),
        ("confirmation", {"satisfaction": "satisfied"}, "还没有办理完成"),
        ({"details.raiser": "某某装备行政部"}, "某某装备行政部"),
        ("还没有问题", "No problems yet"),
        answers=lambda person: [TakeProblem(), AssignProblem(person=person, due_on=clock.today())],
    ),
}  # fmt: skip
"""By the aggregate's name."""
