"""Problems: raised, and every step that the line tells: taken, classified, assigned, its path, escalated, solved, confirmed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from crm.imports.alike import by_name
from crm.imports.cells import folded
from crm.imports.columns import Column, Columns
from crm.imports.directory import Directory
from crm.imports.entry import Defaults, Entry
from crm.imports.kind import Kind, Look, Words
from crm.imports.rows import Values
from crm.imports.told import Told
from domain.base import Form, Text
from domain.problem import (
    SETTLED,
    AssignProblem,
    ClassifyProblem,
    ConfirmProblem,
    DecideProblemPath,
    EscalateProblem,
    EscalationLevel,
    NameProblemCause,
    Problem,
    ProblemClass,
    ProblemSource,
    ProblemStatus,
    ProblemWay,
    RaiseProblem,
    Satisfaction,
    SolveProblem,
    TakeProblem,
    Urgency,
)
from projections import problems

COLUMNS: Final = Columns(
    (
        Column("project", Text("项目名称", "Project"), "项目 所属项目 涉及项目 project", refers="project",
               help=Text("系统里已有的项目名称", "the name of a project there is")),
        Column("company", Text("所属企业", "Firm"), "企业名称 企业 涉及企业 company firm", refers="company",
               help=Text("系统里已登记的企业名称或信用代码", "name or credit code of a firm that is registered")),
        Column("name", Text("存在问题", "Problem"), "问题 问题名称 企业问题 问题描述 主要问题 问题摘要 需协调解决的问题 需协调问题 诉求 problem issue", "name",
               required=True, example="厂区外供电容量不足"),
        Column("source", Text("问题来源", "Raised by"), "来源 反映渠道 source", terms=ProblemSource,
               also={"企业 企业诉求 企业提出": ProblemSource.FIRM, "项目 项目推进": ProblemSource.PROJECT, "领导 领导批示 批示": ProblemSource.LEADER,
                     "走访 服务 走访发现 服务发现": ProblemSource.SERVICE}, example="firm",
               help=Text("不填：有项目的按项目，其余按企业", "if empty: a project’s, else a firm’s")),
        Column("raiser", Text("反映单位", "Who raised it"), "提出单位 反映人单位 诉求单位 raiser", example="某某装备行政部",
               help=Text("写单位或职务，不写个人姓名", "a unit or an office, no person’s name")),
        Column("content", Text("具体情况", "What it is about"), "详细情况 情况说明 问题详情 背景 content details", many=True),
        Column("kind", Text("问题类别", "Class"), "类别 问题类型 问题分类 类型 class category", terms=ProblemClass,
               also={"土地 用地 规划 土地规划": ProblemClass.LAND, "手续 审批 证照": ProblemClass.PERMITS,
                     "水电气热 供电 供水 供热 供气 道路 配套 基础设施": ProblemClass.UTILITIES, "资金 融资 贷款": ProblemClass.FINANCE,
                     "用工 人才 招工": ProblemClass.LABOUR, "政策 政策资金 奖补": ProblemClass.POLICY, "征收 拆迁 征拆 腾退": ProblemClass.CLEARANCE,
                     "市场 订单 销售": ProblemClass.MARKET, "厂房 载体 场地": ProblemClass.SPACE, "环保 安全 环评": ProblemClass.ENVIRONMENT,
                     "其它": ProblemClass.OTHER}, example="utilities"),
        Column("urgency", Text("紧急程度", "Urgency"), "缓急 紧急 urgency priority", terms=Urgency,
               also={"普通 正常": Urgency.NORMAL, "急 特急 重要 加急": Urgency.URGENT}, example="normal"),
        Column("raised_on", Text("登记日期", "Raised on"), "登记时间 提出日期 提出时间 反映时间 反映日期 收到时间 上报时间 日期 时间 raised date", "date",
               example="2026-01-15", help=Text("取本行最早的日期", "the earliest date of the row is taken")),
        Column("number", Text("受理编号", "Number"), "问题编号 编码 台账编号"),
        Column("taken_on", Text("受理日期", "Taken on"), "受理时间 交办日期 交办时间 taken", "date", example="2026-01-16",
               help=Text("办理了但不填的按登记日期", "that it was raised on, if empty and something was done")),
        Column("department", Text("责任单位", "Department"), "责任部门 牵头单位 承办单位 办理单位 牵头部门 主办单位 department", example="区发展和改革局"),
        Column("person", Text("责任人", "Who answers"), "承办人 办理人 经办人 person owner", refers="person",
               help=Text("系统里的姓名或登录名", "name or login of somebody in the system")),
        Column("due_on", Text("交办期限", "To be solved by"), "办结期限 完成时限 办理时限 时限 完成期限 整改时限 计划完成时间 解决时限 due deadline", "date",
               example="2026-02-15", help=Text("有责任单位或责任人的必填", "needed where somebody answers")),
        Column("way", Text("办理路径", "Path"), "路径 解决路径 办理方式 解决方式 path", terms=ProblemWay,
               also={"直接办理 自办": ProblemWay.DIRECT, "会商 部门会商 联合办理": ProblemWay.JOINT, "专题会 专题会议 会议研究": ProblemWay.MEETING,
                     "向上争取 争取上级": ProblemWay.UPWARD, "政策研究": ProblemWay.POLICY, "依法处理 法律途径": ProblemWay.LEGAL}),
        Column("plan", Text("办理措施", "What is done"), "措施 解决措施 工作措施 拟采取措施 解决办法 推进措施 plan measures", many=True,
               example="协调供电公司增容"),
        Column("level", Text("升级情况", "Escalated to"), "升级 升级至 升级层级 escalated", terms=EscalationLevel,
               also={"主要负责人": EscalationLevel.UNIT, "分管领导 副区长": EscalationLevel.DEPUTY, "主要领导 区长 书记": EscalationLevel.CHIEF,
                     "市级 市 提请市": EscalationLevel.CITY}),
        Column("leader", Text("牵头领导", "Leader"), "包保领导 责任领导 分管领导 leader", refers="person"),
        Column("escalated_on", Text("升级日期", "Escalated on"), "升级时间", "date"),
        Column("status", Text("办理状态", "Status"), "状态 办理情况 进展状态 解决状态 是否解决 status", terms=ProblemStatus,
               also={"未受理 新登记": ProblemStatus.RAISED, "已受理": ProblemStatus.TAKEN,
                     "办理 正在办理 推进中 正在推进 未解决 在办 已交办 否": ProblemStatus.ASSIGNED,
                     "已解决 解决 已完成 完成 是": ProblemStatus.SOLVED, "办结 已销号 销号 已反馈": ProblemStatus.CONFIRMED}, example="assigned"),
        Column("result", Text("办理结果", "Result"), "结果 解决情况 办理成效 办结情况 result", many=True),
        Column("solved_on", Text("办理完成日期", "Solved on"), "解决日期 解决时间 办结日期 办结时间 完成日期 完成时间 销号时间 solved", "date"),
        Column("satisfaction", Text("评价", "Satisfaction"), "满意度 企业评价 满意情况 satisfaction", terms=Satisfaction,
               also={"非常满意": Satisfaction.SATISFIED, "一般 较满意": Satisfaction.FAIR, "不满": Satisfaction.DISSATISFIED}),
        Column("confirmed_on", Text("评价日期", "Confirmed on"), "评价时间 反馈日期 反馈时间 回访时间", "date"),
        Column("investment", Text("影响投资（万元）", "Investment at risk (CNY 10k)"), "影响投资 涉及投资 影响投资额 涉及金额", "amount", example="5000"),
        Column("currency", Text("币种", "Currency"), "货币", "currency"),
        Column("rate", Text("汇率", "Exchange rate"), "折算汇率", "rate"),
        Column("jobs", Text("影响就业（人）", "Jobs at risk"), "影响就业 涉及就业 影响用工 jobs", "heads"),
        Column("cause", Text("共性原因", "Common cause"), "原因 问题成因 cause"),
        Column("measure", Text("治理措施", "What would end it"), "长效措施 治本措施 长效机制"),
        Column("note", Text("联系人及备注", "Contact and note"), "备注 联系人 联系方式 说明 note remarks", many=True),
    ),
    ("name",),
    unread=("逾期（天）", "Overdue (days)", "重新办理（次）", "Reopened (times)"),
    column_of={"outcome": "result"},
)  # fmt: skip

_HAPPENED: Final = ("raised_on", "taken_on", "escalated_on", "solved_on", "confirmed_on")
_HANDLED: Final = (
    "taken_on",
    "number",
    "department",
    "person",
    "way",
    "plan",
    "level",
    "result",
    "solved_on",
    "satisfaction",
)
"""What is said only of a problem that was taken."""
_LEDGER: Final = "台账未写"


def implied(found: Values, id: UUID, directory: Directory, defaults: Defaults) -> Entry:  # noqa: ARG001 - as every kind
    """The problem as its line tells it: the steps on their own days, or on that of the step before."""
    told = Told(found, directory, defaults)
    days = told.past(*_HAPPENED)
    raised, last = min(days.values(), default=defaults.day), max(days.values(), default=defaults.day)
    status = told.term("status", ProblemStatus)
    told.make(lambda: _raising(told, raised))
    if status not in (None, ProblemStatus.RAISED) or told.has(*_HANDLED):
        if "taken_on" not in days:
            told.assume("没写受理日期，按登记日期记", "no day of taking is given; that of raising is taken")
        for make in _handling(told, days.get("taken_on", raised), days, status, last):
            told.make(make)
    elif told.has("kind"):
        told.make(lambda: _classified(told, raised))
    if "cause" in told.given:
        told.make(lambda: NameProblemCause(**told.get("cause", "measure"), occurred_on=last))
    return told.entry


def _raising(told: Told, day: date) -> RaiseProblem:
    usual = ProblemSource.PROJECT if told.has("project") else ProblemSource.FIRM
    values: dict[str, Any] = {
        **told.get("name", "raiser", "content", "investment", "jobs", "note"),
        "source": told.term("source", ProblemSource) or usual,
        "urgency": told.term("urgency", Urgency) or Urgency.NORMAL,
        "project": told.record("project"),
        "company": told.record("company"),
        "occurred_on": day,
    }
    return RaiseProblem.model_validate(values)


def _handling(
    told: Told, taken: date, days: Mapping[str, date], status: ProblemStatus | None, last: date
) -> list[Callable[[], Form | None]]:
    """What was done about it, in the order of its days."""
    escalated = days.get("escalated_on", taken)
    return [
        lambda: TakeProblem(number=told.given.get("number"), occurred_on=taken),
        lambda: _classified(told, taken),
        lambda: _assigned(told, taken),
        lambda: _path(told, taken),
        lambda: _escalated(told, escalated),
        lambda: _solved(told, status, last),
        lambda: _confirmed(told, status, days.get("confirmed_on", days.get("solved_on", last))),
    ]


def _classified(told: Told, day: date) -> ClassifyProblem | None:
    kind = told.term("kind", ProblemClass)
    return ClassifyProblem(kind=kind, occurred_on=day) if kind else None


def _assigned(told: Told, day: date) -> AssignProblem | None:
    person, department, due = told.person("person"), told.given.get("department"), told.given.get("due_on")
    if not told.has("person", "department"):
        return None
    if due is None:
        told.complain("due_on", Text("有责任单位或责任人的，须填交办期限。", "It is needed where somebody answers."))
        return None
    return AssignProblem(department=department, person=person, due_on=due, occurred_on=day)


def _path(told: Told, day: date) -> DecideProblemPath | None:
    way, plan = told.term("way", ProblemWay), told.given.get("plan")
    if not way and not plan:
        return None
    way = way or ProblemWay.DIRECT
    return DecideProblemPath(way=way, plan=" ".join((plan or way.text.zh).split()), occurred_on=day)


def _escalated(told: Told, day: date) -> EscalateProblem | None:
    level = told.term("level", EscalationLevel)
    return (
        EscalateProblem(level=level, leader=told.person("leader"), reason=_LEDGER, occurred_on=day) if level else None
    )


def _solved(told: Told, status: ProblemStatus | None, last: date) -> SolveProblem | None:
    """Solved as the status or its day say; what came of it so far is kept where it is not."""
    if not _settled(told, status):
        return None
    day = told.undated("status", "solved_on", last)
    result = " ".join(told.given.get("result", _LEDGER).split())
    return SolveProblem(outcome=result, occurred_on=day) if day else None


def _confirmed(told: Told, status: ProblemStatus | None, day: date) -> ConfirmProblem | None:
    satisfaction = told.term("satisfaction", Satisfaction)
    if satisfaction and _settled(told, status):
        return ConfirmProblem(satisfaction=satisfaction, occurred_on=day)
    if status is ProblemStatus.CONFIRMED:
        told.assume(
            "写了已办结但没有评价，记为待确认", "closed without a word of satisfaction; to be confirmed is taken"
        )
    return None


def _settled(told: Told, status: ProblemStatus | None) -> bool:
    return status in SETTLED or (status is None and "solved_on" in told.given)


def _about(one: Any) -> str:
    """What it is about: of the form that raises it, or of a row."""
    return str(one.project or one.company or folded(one.raiser or ""))


def _look(entry: Entry) -> Look:
    form, given = cast("RaiseProblem", entry.forms[0]), entry.values.given
    amount = form.investment.text if form.investment else Text("", "")
    return Look(form.name, form.raiser or "", given.get("project") or given.get("company"), amount)


def _there(row: problems.ProblemRow) -> Text:
    day = f"{row.raised_on:%Y-%m-%d}"
    return Text(f"已有问题：{row.name}，{day} 登记", f"there is a problem already: {row.name}, raised {day}")


PROBLEMS: Final = Kind(
    key="problems",
    aggregate=Problem,
    words=Words(Text("问题", "problem"), Text("问题", "problems")),
    columns=COLUMNS,
    imply=implied,
    likeness=by_name(problems.LIST, _about, _there, Text("同一项目或企业的同一问题", "the same problem of the same project or firm")),
    look=_look,
    route="problems.open",
    where=Text("项目或企业", "Project or firm"),
    amount=Text("影响投资", "Investment at risk"),
    asks=frozenset({"undated"}),
    help=Text(
        "受理、交办、路径、升级、办结、评价按各自的日期逐条记下；所属项目、企业须先登记或导入。",
        "Every step is dated by its own column; projects and firms must be registered or imported first.",
    ),
)  # fmt: skip
