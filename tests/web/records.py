"""One of every aggregate that has a list, a page and commands of the general kind: the next one joins by one line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm import clock
from domain import FORMS
from domain.base import Aggregate, Form
from domain.company import Company
from domain.funding import Funding
from domain.indicator import Indicator
from domain.matchmaking import Matchmaking
from domain.plan import Plan
from domain.problem import AssignProblem, Problem, TakeProblem
from domain.procedure import HandleProcedure, Handling, Procedure
from domain.project import Project
from domain.responsibility import TakeResponsibility
from domain.service import ReviseService, Service
from domain.site import Site
from domain.target import Target
from domain.task import ReassignTask, Task
from tests.web.conftest import Office

BEGUN = clock.today() - timedelta(days=60)


@dataclass(frozen=True)
class Record:
    """How one is opened (`opens`, as typed), what is wrong with an opening, a right command, and one that is refused.

    `answers`: the commands by which somebody comes to answer for it, where it is not the form that most share.
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
    answers: Callable[[UUID], Sequence[Form]] | None = None

    def made(self, office: Office, **values: str) -> UUID:
        """One of them, opened by the system sixty days ago."""
        typed = {name.replace(".amount", ""): value for name, value in (self.opens | values).items()}
        form = self.kind.CREATES
        assert form is not None
        id = office.crm.create(office.by(), self.kind, form.model_validate(typed | {"occurred_on": BEGUN})).id  # noqa: A001
        office.catch_up()
        return id

    def answered(self, office: Office, id: UUID, person: UUID | None) -> bool:
        """Have somebody answer for it, and whether that can be."""
        forms = self._answers(person) if person else ()
        for form in forms:
            office.crm.change(office.by(), self.kind, id, form)
        office.catch_up()
        return bool(forms)

    def _answers(self, person: UUID) -> Sequence[Form]:
        if self.answers is not None:
            return self.answers(person)
        shared = (self.kind.NAME, TakeResponsibility.noun) in FORMS
        return [TakeResponsibility(leader=person)] if shared else []


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
    "target": Record(
        Target,
        "/targets",
        {"year": str(BEGUN.year), "metric": "contracts", "owner_kind": "district", "count": "58"},
        f"{BEGUN.year}年正式签约",
        (
            ({"count": " "}, "请填写目标值"),
            ({"count": "0"}, "应大于零"),
            ({"count": "许多"}, "整数"),
            ({"amount.amount": "5000万"}, "这个指标不用这一项"),
            ({"year": "1900"}, "2000 到 2100"),
            ({"metric": "visitors"}, "请从列表中选择"),
            ({"owner_kind": "industry"}, "请选择是谁的目标"),
            ({"leader": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"jan": "40", "feb": "30"}, "不能低于前面的月份"),
            ({"nov": "101"}, "0 到 100"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("withdrawal", {"reason": "机构调整"}, "取消目标：机构调整"),
        ("withdrawal", {"reason": "机构调整"}, "目标已经取消"),
        ({"details.document": "二政发〔2026〕5号", "reason": "年中调整"}, "二政发〔2026〕5号"),
        ("还没有目标", "No targets yet"),
    ),
    "plan": Record(
        Plan,
        "/plans",
        {"name": "冷链物流园", "stage": "idea", "year": "2028", "industry": "G", "estimate.amount": "3亿"},
        "冷链物流园",
        (
            ({"name": " "}, "请填写"),
            ({"estimate.amount": "许多"}, "看不懂金额"),
            ({"estimate.amount": "-5000万"}, "大于零"),
            ({"year": "1900"}, "2000 到 2100"),
            ({"stage": "dream"}, "请从列表中选择"),
            ({"industry": "ZZ"}, "请从列表中选择"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("promotion", {"note": "已完成论证"}, "转入“谋明年”"),
        ("project", {"project": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
        ({"details.place": "东部片区"}, "东部片区"),
        ("还没有谋划项目", "No plans yet"),
    ),
    "indicator": Record(
        Indicator,
        "/indicators",
        {"name": "免费刻章企业", "value": "3365", "unit": "户", "year": "2026", "period": "2026年", "source": "政务服务局"},
        "免费刻章企业",
        (
            ({"name": " "}, "请填写"),
            ({"value": "很多"}, "数字"),
            ({"value": "1" * 16}, "换一个单位"),
            ({"bound": "roughly"}, "请从列表中选择"),
            ({"source": "长" * 201}, "最多 200 个字"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("checks", {"evidence": "统计报表"}, "已核对：统计报表"),
        ("details", {"details.name": ""}, "这一项不能为空"),
        ({"details.source": "区政务服务局"}, "区政务服务局"),
        ("还没有外报指标", "No reported figures yet"),
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
        answers=lambda person: [ReviseService.model_validate({"details": {"handled_by": person}})],
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
        answers=lambda person: [HandleProcedure(way=Handling.AGENT, handler=person)],
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
    "task": Record(
        Task,
        "/tasks",
        {"name": "协调供电公司送电", "kind": "decision", "department": "工信局", "due_on": clock.today().isoformat()},
        "协调供电公司送电",
        (
            ({"name": " "}, "请填写"),
            ({"name": "长" * 201}, "最多 200 个字"),
            ({"kind": "harbour"}, "请从列表中选择"),
            ({"department": ""}, "请填写责任单位或责任人"),
            ({"due_on": "明年"}, "看不懂这个日期"),
            ({"due_on": "2020-01-01"}, "不能早于交办日期"),
            ({"meeting": "00000000-0000-0000-0000-000000000007"}, "请从列表中选择"),
            ({"occurred_on": "2099-01-01"}, "不能晚于今天"),
        ),
        ("reports", {"progress": "已现场踏勘"}, "进展：已现场踏勘"),
        ("reopening", {"due_on": clock.today().isoformat(), "reason": "又停电"}, "事项还没有办结"),
        ({"details.content": "尽快协调送电"}, "尽快协调送电"),
        ("还没有督办事项", "No tasks yet"),
        answers=lambda person: [ReassignTask(person=person, due_on=clock.today(), reason="明确责任")],
    ),
}  # fmt: skip
"""By the aggregate's name."""
