"""Projects: opened, with the milestones planned and reached, the progress, and who answers."""

from collections.abc import Iterator
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
from domain.project import (
    MILESTONES,
    Milestone,
    OpenProject,
    PauseProject,
    PlanMilestone,
    Project,
    ReachMilestone,
    ReportProgress,
    TerminateProject,
)
from domain.project.kinds import ProjectKind, ProjectStatus, StartKind
from domain.values import Money
from projections import projects


def _milestone(one: Milestone, words: str) -> Iterator[Column]:
    names = [one.text.zh, *words.split()]
    planned = (f"{a}{name}{b}" for name in names for a, b in (("计划", ""), ("计划", "时间"), ("计划", "日期"), ("预计", "时间"),
               ("预计", "日期"), ("", "计划时间"), ("", "计划日期"), ("拟", "时间")))  # fmt: skip
    reached = (f"{a}{name}{b}" for name in names for a, b in (("实际", ""), ("实际", "时间"), ("实际", "日期"), ("", "时间"),
               ("", "日期"), ("", "实际时间"), ("", "实际日期"), ("已", "时间")))  # fmt: skip
    zh, en = one.text
    yield Column(f"planned_{one}", Text(f"{zh}计划", f"{en} planned"), " ".join(planned), "date")
    yield Column(f"reached_{one}", Text(f"{zh}实际", f"{en} reached"), " ".join(reached), "date")


_WORDS: Final = {
    Milestone.LAND: "拿地 取得土地 土地摘牌", Milestone.PROCEDURES: "手续办结 手续办理 手续完成", Milestone.START: "开工建设 动工",
    Milestone.TOPPING_OUT: "主体封顶", Milestone.COMPLETION: "竣工验收 建成", Milestone.PRODUCTION: "投产达效 试生产 运营",
    Milestone.FULL_CAPACITY: "满产",
}  # fmt: skip

COLUMNS: Final = Columns(
    (
        Column("name", Text("项目名称", "Project"), "项目 工程名称 建设项目 建设项目名称 项目全称 projectname", "name", required=True,
               example="某某智能装备生产线"),
        Column("kind", Text("项目类别", "Kind"), "项目类型 类别 项目性质 资金类别 资金性质 type projectkind", terms=ProjectKind,
               also={"招商 招商引资 招商引资项目 产业项目 社会投资": ProjectKind.INVESTMENT, "政府投资 公共 民生 基础设施": ProjectKind.PUBLIC_WORKS,
                     "专项债 债券 专项债券": ProjectKind.SPECIAL_BOND, "中央预算 中央预算内 中央预算内投资": ProjectKind.CENTRAL_BUDGET,
                     "增资扩产 扩产 技改": ProjectKind.EXPANSION},
               example="investment", help=Text("不填按招商项目", "attracted investment if empty")),
        Column("investor", Text("投资方或建设单位", "Investor or builder"), "投资方 建设单位 投资单位 业主单位 投资主体 项目单位 投资企业 实施主体 "
               "investor builder", example="某某装备股份有限公司"),
        Column("company", Text("所属企业", "Firm"), "企业名称 企业 落地企业 项目公司 company firm", refers="company",
               help=Text("系统里已登记的企业名称或信用代码", "name or credit code of a firm that is registered")),
        Column("industry", Text("行业门类", "Industry"), "行业 产业 所属行业 产业类别 行业类别 所属产业 industry sector", required=True, example="制造业",
               help=Text("可整表指定", "or one for the whole file")),
        Column("place", Text("建设地点", "Place"), "地点 建设地址 项目地址 选址 位置 location site", example="东部产业园"),
        Column("investment", Text("总投资（万元）", "Investment (CNY 10k)"), "总投资 投资额 计划总投资 投资总额 项目总投资 签约投资额 合同投资额 "
               "investment totalinvestment", "amount", required=True, example="12000"),
        Column("currency", Text("币种", "Currency"), "货币 投资币种", "currency"),
        Column("rate", Text("汇率", "Exchange rate"), "折算汇率 exchangerate", "rate"),
        Column("planned_year", Text("计划年度", "Year planned"), "年度 计划年份 所属年度 year", "year", example="2026",
               help=Text("不填取建立日期所在年", "the year of the opening if empty")),
        Column("start", Text("新建/续建", "New or continued"), "建设性质 新续建 新建或续建 开复工 建设类型", terms=StartKind,
               also={"新开工 拟新建 新开": StartKind.NEW, "复工 续建项目": StartKind.CONTINUED}, example="new",
               help=Text("不填按新建", "new if empty")),
        Column("content", Text("建设内容", "What is built"), "建设内容及规模 主要建设内容 项目概况 项目简介 项目内容 建设规模 content summary description",
               many=True, example="建设两条装配线"),
        Column("document", Text("合同名称或文号", "Contract or its number"), "合同名称 合同编号 协议名称 协议文号 文号 批复文号 contract document"),
        Column("status", Text("状态", "Status"), "项目状态 推进状态 建设状态 当前状态 status state", terms=ProjectStatus,
               also={"推进 正常 正常推进 在建 建设中 施工 前期 前期推进 已开工 已竣工 已投产 完工 进行中": ProjectStatus.ACTIVE,
                     "停工 暂停 缓建 停建": ProjectStatus.PAUSED, "终止 已终止 取消 不再实施 放弃": ProjectStatus.TERMINATED}, example="active"),
        *(column for one in MILESTONES for column in _milestone(one, _WORDS[one])),
        Column("evidence", Text("节点依据", "Evidence"), "完成依据 佐证材料 证明材料",
               help=Text("各已完成节点共用；不填记“台账”", "for all milestones reached; “ledger” if empty")),
        Column("physical", Text("形象进度（%）", "Progress (%)"), "形象进度 工程进度 完成比例 进度 progress physicalprogress", "percent", example="35"),
        Column("invested", Text("累计完成投资（万元）", "Realised (CNY 10k)"), "累计完成投资 完成投资 累计投资 已完成投资 累计完成投资额 realised",
               "amount", example="4200"),
        Column("fixed", Text("其中：固定资产投资（万元）", "Of it fixed assets (CNY 10k)"), "固定资产投资 固投 累计固投 其中固投", "amount"),
        Column("reported_on", Text("填报日期", "Reported on"), "填报时间 进度日期 统计日期 截至日期 数据日期", "date",
               help=Text("不填按导入当天", "the day of the import if empty")),
        Column("paused_on", Text("停工日期", "Paused on"), "停工时间 暂停时间 缓建时间", "date"),
        Column("terminated_on", Text("终止日期", "Terminated on"), "终止时间 取消时间", "date"),
        Column("reason", Text("停工或终止原因", "Why paused or terminated"), "停工原因 终止原因 缓建原因 取消原因"),
        Column("leader", Text("包保领导", "Leader"), "责任领导 包联领导 包抓领导 牵头领导 包保区领导 负责领导 leader", refers="person",
               help=Text("系统里的姓名或登录名", "name or login of somebody in the system")),
        Column("task_force", Text("工作专班", "Task force"), "专班 项目专班 服务专班 taskforce"),
        Column("departments", Text("责任部门", "Departments"), "责任单位 牵头部门 牵头单位 配合部门 departments department"),
        Column("officers", Text("服务专员", "Officers"), "包保专员 专员 项目秘书 项目专员 服务人员 代办员 officers", refers="people",
               help=Text("多人用顿号分开", "several parted by commas")),
        Column("channel", Text("引进渠道", "Channel"), "渠道 招商渠道 来源渠道 引进单位 channel", refers="channel"),
        Column("opened_on", Text("建立日期", "Opened on"), "登记日期 入库日期 入库时间 签约日期 签约时间 立项时间 立项日期 建档日期 opened", "date",
               example="2026-01-15", help=Text("取本行最早的日期", "the earliest date of the row is taken")),
    ),
    ("name",),
    unread=("规模", "Size", "亮灯", "Light", "所处节点", "Stands at", "冬季施工", "Winter"),
    column_of={"production_on": "planned_production"},
)  # fmt: skip

_HAPPENED: Final = (
    "opened_on", "reported_on", "paused_on", "terminated_on", *(f"reached_{one}" for one in MILESTONES),
)  # fmt: skip
_LEDGER: Final = "台账"


def implied(found: Values, id: UUID, directory: Directory, defaults: Defaults) -> Entry:  # noqa: ARG001 - as every kind
    """The project as its line tells it, from the earliest of its days on."""
    told = Told(found, directory, defaults)
    days = told.past(*_HAPPENED)
    opened, last = min(days.values(), default=defaults.day), max(days.values(), default=defaults.day)
    told.make(lambda: _opening(told, opened))
    for one in MILESTONES:
        day = told.given.get(f"planned_{one}")
        if day and one is not Milestone.PRODUCTION:
            told.make(lambda one=one, day=day: PlanMilestone(milestone=one, planned_on=day, occurred_on=opened))  # type: ignore[misc]
    reached = [(days[f"reached_{one}"], one) for one in MILESTONES if f"reached_{one}" in days]
    evidence = told.given.get("evidence") or _LEDGER
    for day, one in sorted(reached, key=lambda mark: (mark[0], mark[1].order)):
        told.make(lambda one=one, day=day: ReachMilestone(milestone=one, evidence=evidence, occurred_on=day))  # type: ignore[misc]
    ended = _ended_on(told, last)
    until = min(ended or defaults.day, defaults.day)
    told.make(lambda: _progress(told, days.get("reported_on", until)))
    told.make(lambda: told.answering(until))
    told.make(lambda: _ending(told, ended) if ended else None)
    return told.entry


def _opening(told: Told, day: date) -> OpenProject:
    kind, start = told.term("kind", ProjectKind), told.term("start", StartKind)
    if not told.has("kind"):
        told.assume("没写项目类别，按招商项目记", "no kind is given; attracted investment is taken")
    if not told.has("planned_year"):
        told.assume("没写计划年度，取建立日期所在年", "no year is given; that of the opening is taken")
    values: dict[str, Any] = {
        **told.get("name", "investor", "place", "investment", "planned_year", "content", "document"),
        "kind": kind or ProjectKind.INVESTMENT,
        "start": start or StartKind.NEW,
        "company": told.record("company"),
        "industry": told.industry(),
        "channel": told.channel(),
        "production_on": told.given.get("planned_production"),
        "occurred_on": day,
    }
    return OpenProject.model_validate({"planned_year": day.year, **values})


def _progress(told: Told, day: date) -> ReportProgress | None:
    if "physical" not in told.given:
        for key in told.get("invested", "fixed"):
            told.complain(key, Text("填了投资完成数的，须填形象进度。", "Where this is given, the progress is needed."))
        return None
    return ReportProgress.model_validate({**told.get("physical", "invested", "fixed"), "occurred_on": day})


def _ended_on(told: Told, last: date) -> date | None:
    """The day of the pause or the termination that the status says."""
    status = told.term("status", ProjectStatus)
    needed = (
        {ProjectStatus.PAUSED: "paused_on", ProjectStatus.TERMINATED: "terminated_on"}.get(status) if status else None
    )
    return told.undated("status", needed, last) if needed else None


def _ending(told: Told, day: date) -> Form:
    reason = told.given.get("reason") or "台账未写原因"
    if told.term("status", ProjectStatus) is ProjectStatus.PAUSED:
        return PauseProject(reason=reason, occurred_on=day)
    return TerminateProject(reason=reason, occurred_on=day)


def _look(entry: Entry) -> Look:
    form = cast("OpenProject", entry.forms[0])
    return Look(form.name, form.investor or "", form.place, form.investment.text)


def _there(row: projects.ProjectRow) -> Text:
    worth = Money(minor=row.investment).text
    return Text(f"已有项目：{row.name}，总投资 {worth.zh}", f"there is a project already: {row.name}, {worth.en}")


PROJECTS: Final = Kind(
    key="projects",
    aggregate=Project,
    words=Words(Text("项目", "project"), Text("项目", "projects")),
    columns=COLUMNS,
    imply=implied,
    likeness=by_name(
        projects.LIST, lambda one: folded(one.investor or ""), _there, Text("同一投资方的同名项目", "a project of the same name and investor")
    ),
    look=_look,
    route="projects.open",
    where=Text("建设地点", "Place"),
    amount=Text("总投资", "Investment"),
    asks=frozenset({"industry", "undated"}),
    help=Text(
        "各节点的“计划”“实际”日期会逐条记为安排和完成；包保责任从导入当天起算。",
        "Milestones planned and reached become facts of their own; whoever answers does so from the day of the import.",
    ),
)  # fmt: skip
