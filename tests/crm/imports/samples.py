"""A ledger of each kind beside leads, as offices keep them, and how its list leaves as a table."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection

from crm import exports
from crm.company_table import company_table
from crm.exports import Value
from crm.problem_table import problem_table
from crm.project_table import project_table
from crm.service_table import service_table
from crm.site_table import site_table
from domain.lights import Light
from domain.project.kinds import SIZES
from domain.rules import Rules
from projections import channels, companies, people, problems, projects, services, sites
from projections.interval_lists import IntervalList
from tests.crm.imports.conftest import Office
from tests.crm.imports.ledgers import credit_code, delimited

Table = Callable[[Connection[Any], Connection[Any], str], Iterator[list[Value]]]


@dataclass(frozen=True)
class Sample:
    """`rows`: a header as offices word it, then lines. `wrong`: (line, column, text) of cells that cannot be taken, with a
    word of the reason. `other`: a cell that makes the first line another one that looks the same. `facts`: what the first
    line is recorded as.
    """

    of: str
    rows: Sequence[Sequence[Any]]
    wrong: tuple[str, Any, str]
    other: tuple[str, Any]
    facts: Sequence[str]
    stands: IntervalList[Any]
    asked: Callable[[], dict[str, Any]]
    table: Table
    needs: Sequence[str] = ()

    def with_cell(self, header: str, value: Any, line: int = 1) -> list[list[Any]]:
        """The rows with one cell changed."""
        rows = [list(row) for row in self.rows]
        rows[line][rows[0].index(header)] = value
        return rows

    def told(self, office: Office) -> list[dict[str, Any]]:
        """What its list says of every record, by name, but for ids and who began it."""
        with office.crm.pool.connection() as conn:
            rows = [row._asdict() for row in self.stands.every(conn, self.asked())]
            names = {**companies.LIST.names(conn), **projects.LIST.names(conn), **people.names(conn)}
        unsaid = {"id", "from_on", "begun_by", "takers", "clock_on"}
        said = [{key: _named(value, names) for key, value in row.items() if key not in unsaid} for row in rows]
        return sorted(said, key=str)

    def exported(self, office: Office, language: str, form: str) -> bytes:
        with office.crm.pool.connection() as rows, office.crm.pool.connection() as names:
            table = self.table(rows, names, language)
            return exports.xlsx(table) if form == "xlsx" else "".join(exports.csv_lines(table)).encode()


def _named(value: Any, names: dict[Any, str]) -> Any:
    if isinstance(value, list):
        return [_named(one, names) for one in value]
    return names.get(value, value) if value.__hash__ else value


def _projects(rows: Connection[Any], names: Connection[Any], language: str) -> Iterator[list[Value]]:
    found = projects.LIST.every(rows, projects.ProjectFilters().asked())
    known = people.names(names), channels.names(names), companies.LIST.names(names)
    return project_table(found, *known, lambda _: Light.GREEN, SIZES, language)


def _companies(rows: Connection[Any], names: Connection[Any], language: str) -> Iterator[list[Value]]:
    found = companies.LIST.every(rows, companies.CompanyFilters().asked())
    return company_table(found, people.names(names), companies.LIST.names(names), language)


def _problems(rows: Connection[Any], names: Connection[Any], language: str) -> Iterator[list[Value]]:
    found = problems.LIST.every(rows, problems.ProblemFilters().asked())
    known = people.names(names), projects.LIST.names(names), companies.LIST.names(names)
    return problem_table(found, *known, Rules(), date(2026, 6, 1), language)


def _services(rows: Connection[Any], names: Connection[Any], language: str) -> Iterator[list[Value]]:
    found = services.LIST.every(rows, services.ServiceFilters().asked())
    known = {**companies.LIST.names(names), **projects.LIST.names(names)}
    return service_table(((row, known) for row in found), people.names(names), language)


def _sites(rows: Connection[Any], names: Connection[Any], language: str) -> Iterator[list[Value]]:
    return site_table(sites.LIST.every(rows, sites.SiteFilters().asked()), people.names(names), language)


LEADER, OFFICER = "分管区领导", "驻北京招商专员"

SAMPLES = {
    "companies": Sample(
        "companies",
        [
            ["序号", "单位名称", "曾用名", "信用代码", "行业类别", "包保区领导", "包保单位", "服务专员", "状态", "迁出日期", "登记时间",
             "企业负责人", "联系电话", "地址"],
            [1, "某某智能装备有限公司", "某某机械厂、某某机械有限公司", credit_code(1), "工业企业", LEADER, "工信局", OFFICER, "正常经营", None,
             "2023.6.5", "联系人甲", 13800000001, "东部大街1号"],
            [2, "某某餐饮有限公司", None, None, "餐饮", None, None, None, None, None, None, None, None, None],
            [3, "某某置业有限公司", None, credit_code(3), "房地产", "leader", None, None, "迁出", "2024年3月1日", "2023-06-05", None, None, None],
            ["", "合计", None, None, None, None, None, None, None, None, None, None, None, None],
        ],
        ("行业类别", "火星", "不在可填范围内"),
        ("地址", "另一处"),
        ["company.registered", "company.renamed", "company.responsibility_taken"],
        companies.LIST, lambda: companies.CompanyFilters().asked(), _companies,
    ),
    "projects": Sample(
        "projects",
        [
            ["项目名称", "项目类型", "建设单位", "企业名称", "产业", "地点", "总投资(亿元)", "年度", "建设性质", "开工时间", "计划竣工时间",
             "预计投产时间", "形象进度", "累计完成投资(万元)", "填报日期", "包保领导", "责任部门", "项目秘书", "项目状态", "停工时间", "入库时间"],
            ["某某装备生产线", "招商引资", "某某智能装备有限公司", "某某智能装备有限公司", "装备制造", "东部片区", 1.2, "2023年", "新建", "2023.6.5",
             "2024-10", "2024年12月1日", "35%", 4200, "2023-12-1", LEADER, "工信局", OFFICER, "在建", None, "2023-3-1"],
            ["某某道路工程", "政府投资", "住建局", None, "E", None, 0.5, 2023, "续建", "2022-04-01", None, None, 80, None, "2023-12-1", None, None, None,
             "停工", "2023-11-15", "2023-1-1"],
            ["某某冷链物流园", None, None, None, "物流", None, 3, None, None, None, None, None, None, None, None, None, None, None, None, None, None],
            ["小计", None, None, None, None, None, 4.7, *[None] * 14],
        ],
        ("产业", "新能源", "行业"),
        ("总投资(亿元)", 1.3),
        ["project.opened", "project.milestone_planned", "project.milestone_reached", "project.progress_reported",
         "project.responsibility_taken"],
        projects.LIST, lambda: projects.ProjectFilters().asked(), _projects,
        ("companies",),
    ),
    "problems": Sample(
        "problems",
        [
            ["序号", "项目名称", "企业名称", "需协调解决的问题", "问题来源", "提出单位", "问题类别", "责任部门", "承办人", "完成时限", "解决路径", "解决措施",
             "升级至", "牵头领导", "办理状态", "解决情况", "办结时间", "满意度", "反馈时间", "涉及投资（万元）", "受理编号", "反映时间", "受理时间", "备注"],
            [1, "某某装备生产线", "某某智能装备有限公司", "厂区外供电容量不足", "企业", "行政部", "供电", "发改局", OFFICER, "2023-8-1", "会商",
             "协调供电公司增容",
             "分管领导", LEADER, "办结", "已增容", "2023-7-20", "满意", "2023-7-25", 5000, "2023-017", "2023-6-5", "2023-6-6", "联系人甲 13800000001"],
            [2, None, None, "冬季用工短缺", None, None, "用工", None, None, None, None, None, None, None, None, None, None, None, None, None, None, "2023-6-7",
             None, None],
            [3, None, None, "施工噪声", None, "某街道", "环保", "环保局", None, "2023-9-1", None, None, None, None, "在办", None, None, None, None, None, None,
             "2023-6-8", None, None],
        ],
        ("问题类别", "火星", "不在可填范围内"),
        ("解决措施", "另一办法"),
        ["problem.raised", "problem.taken", "problem.classified", "problem.assigned", "problem.path_decided",
         "problem.escalated", "problem.solved", "problem.confirmed"],
        problems.LIST, lambda: problems.ProblemFilters().asked(), _problems,
        ("companies", "projects"),
    ),
    "services": Sample(
        "services",
        [
            ["时间", "服务类型", "服务内容", "服务企业", "项目", "服务人员", "结果", "成效", "解决时间", "备注"],
            ["2023.6.5", "陪办", "用电报装", "某某智能装备有限公司", None, OFFICER, "已解决", "已送电", "2023-6-20", "联系人甲"],
            ["2023.6.5", "电话回访", "政策咨询", "某某小吃店", None, None, "跟进中", None, None, None],
            ["2023.6.6", "走访", "了解进度", None, "某某装备生产线", None, None, None, None, None],
        ],
        ("服务类型", "火星", "不在可填范围内"),
        ("成效", "另一成效"),
        ["service.logged", "service.followed_up"],
        services.LIST, lambda: services.ServiceFilters().asked(), _services,
        ("companies", "projects"),
    ),
    "sites": Sample(
        "sites",
        [
            ["载体名称", "载体类型", "地址", "权属单位", "产业定位", "建筑面积（万平方米）", "已出租面积（㎡）", "预留面积（㎡）", "交付时间", "租售方式",
             "租金", "层高",
             "责任人", "入库时间"],
            ["东部产业园一期", "标准厂房", "东部大街1号", "某某园区运营公司", "装备制造", 2, 6000, 500, "2024-1", "先用后租", "首年免租", "9米", LEADER,
             "2023-6-5"],
            ["某某写字楼", "商务楼宇", None, None, None, 0.8, None, None, None, "租售均可", None, None, None, None],
        ],
        ("载体类型", "火星", "不在可填范围内"),
        ("租金", "另议"),
        ["site.opened", "site.space_occupied", "site.space_reserved", "site.responsibility_taken"],
        sites.LIST, lambda: sites.SiteFilters().asked(), _sites,
    ),
}  # fmt: skip
"""By the kind's key, in an order in which each finds what it refers to."""


def prepared(office: Office, of: str) -> Sample:
    """The sample of that kind, with everything imported that its lines refer to."""
    sample = SAMPLES[of]
    for needed in sample.needs:
        office.apply(delimited(SAMPLES[needed].rows), f"{needed}.csv", of=needed)
    return sample
