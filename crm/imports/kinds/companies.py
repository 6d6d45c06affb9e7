"""Firms: registered under the names they went by, with contact persons, who answers for them, and whether they left."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from psycopg import Connection

from crm.imports.columns import Column, Columns
from crm.imports.contacts import contacts_of
from crm.imports.directory import Directory
from crm.imports.duplicates import Likeness, Other
from crm.imports.entry import Defaults, Entry
from crm.imports.kind import Kind, Look, Words
from crm.imports.named import parted
from crm.imports.rows import Values
from crm.imports.told import Told
from domain.base import Text
from domain.company import Company, CompanyStatus, EndCompany, Ending, RegisterCompany, RenameCompany, Seat, Sector
from domain.values import normalised_name
from projections import companies

COLUMNS: Final = Columns(
    (
        Column("name", Text("企业名称", "Firm"), "企业 公司名称 单位名称 企业全称 公司全称 市场主体名称 公司 company companyname enterprise", "name",
               required=True, example="某某智能装备有限公司"),
        Column("former_names", Text("曾用名", "Former names"), "原名 原企业名称 曾用名称 formername formernames",
               help=Text("多个用顿号分开，先后为序", "several parted by commas, in their order")),
        Column("credit_code", Text("统一社会信用代码", "Unified social credit code"), "信用代码 社会信用代码 统一信用代码 统一代码 税号 creditcode uscc",
               example="91350100M000100Y43", help=Text("校验位不对的行退回", "a wrong check digit fails the row")),
        Column("sector", Text("所属行业", "Industry"), "行业 行业类别 产业 行业分类 企业类型 服务行业 sector industry", required=True, terms=Sector,
               also={"制造 制造业 工业企业 规上工业": Sector.MANUFACTURING, "服务 现代服务业 规上服务业 其他服务业": Sector.SERVICES,
                     "批零住餐 批发零售 批发 零售 餐饮 住宿餐饮 商贸 限上商贸 批零 批发零售业 住宿餐饮业": Sector.TRADE,
                     "建筑业 施工 建筑企业": Sector.CONSTRUCTION, "地产 房地产业 房地产开发": Sector.REAL_ESTATE},
               example="manufacturing"),
        Column("seat", Text("企业属地", "Where it sits"), "属地 企业来源 区内外 seat", terms=Seat,
               also={"本区 区内 区内企业 本地": Seat.LOCAL, "区外 区外企业 外地 市外": Seat.OUTSIDE}, example="local",
               help=Text("不填按本区企业", "here in the district if empty")),
        Column("status", Text("状态", "Status"), "企业状态 经营状态 存续状态 status", terms=CompanyStatus,
               also={"存续 开业 正常 正常经营 在业 营业": CompanyStatus.ACTIVE, "迁出": CompanyStatus.MOVED,
                     "注销 吊销 关停 停业": CompanyStatus.CLOSED}, example="active"),
        Column("address", Text("地址", "Address"), "注册地址 经营地址 企业地址 住所 所在地 address location", example="东部产业园3号楼"),
        Column("parent", Text("上级企业", "Parent firm"), "母公司 集团 控股企业 所属集团 上级单位 parent", refers="company"),
        Column("leader", Text("包保领导", "Leader"), "包联领导 责任领导 包保区领导 服务领导 leader", refers="person",
               help=Text("系统里的姓名或登录名", "name or login of somebody in the system")),
        Column("task_force", Text("工作专班", "Task force"), "专班 服务专班 taskforce"),
        Column("departments", Text("责任部门", "Departments"), "责任单位 包保部门 包保单位 服务部门 departments"),
        Column("officers", Text("服务专员", "Officers"), "包保专员 专员 服务人员 企业秘书 服务秘书 officers", refers="people",
               help=Text("多人用顿号分开", "several parted by commas")),
        Column("contact_name", Text("联系人", "Contact person"), "联系人姓名 企业联系人 企业负责人 负责人 法定代表人 法人 contact contactperson"),
        Column("contact_position", Text("职务", "Position"), "联系人职务 职位 position"),
        Column("contact_phone", Text("联系电话", "Phone"), "电话 手机 手机号 手机号码 联系方式 联系人电话 企业联系电话 phone mobile tel"),
        Column("contact_both", Text("联系人及电话", "Contact person and phone"), "联系人及联系方式 联系人联系电话 联系人电话号码"),
        Column("summary", Text("企业概况", "Summary"), "企业简介 公司简介 主营业务 经营范围 主要产品 备注 summary description", many=True),
        Column("registered_on", Text("登记日期", "Registered on"), "登记时间 入库日期 入库时间 建档日期 填报日期 registered", "date", example="2026-01-15",
               help=Text("不填按导入当天", "the day of the import if empty")),
        Column("ended_on", Text("迁出或注销日期", "Left or closed on"), "迁出日期 注销日期 迁出时间 注销时间", "date"),
        Column("ending_reason", Text("迁出或注销原因", "Why it left or closed"), "迁出原因 注销原因 迁往"),
    ),
    ("name",),
    column_of={"former_name": "former_names", "contacts": "contact_name", "position": "contact_position",
               "phone": "contact_phone", "reason": "ending_reason"},
)  # fmt: skip


def implied(found: Values, id: UUID, directory: Directory, defaults: Defaults) -> Entry:
    """The firm as its line tells it."""
    told = Told(found, directory, defaults)
    days = told.past("registered_on", "ended_on")
    begun, last = min(days.values(), default=defaults.day), max(days.values(), default=defaults.day)
    names = [*parted(told.given.get("former_names", "")), told.given.get("name", "")]
    told.make(lambda: _registration(told, id, names, begun))
    for name in names[2:]:
        told.make(lambda name=name: RenameCompany(name=name, occurred_on=begun))  # type: ignore[misc]
    status = told.term("status", CompanyStatus)
    left = status if status is not CompanyStatus.ACTIVE else None
    ended = told.undated("status", "ended_on", last) if left else None
    until = min(ended or defaults.day, defaults.day)
    told.make(lambda: told.answering(until))
    told.make(lambda: _ending(told, Ending(str(left)), ended) if left and ended else None)
    return told.entry


def _registration(told: Told, id: UUID, names: Sequence[str], day: date) -> RegisterCompany:
    """Under the first name that followed another, if it had several."""
    values: dict[str, Any] = {
        **told.get("credit_code", "address", "summary"),
        "name": names[min(1, len(names) - 1)],
        "former_name": names[0] if len(names) > 1 else None,
        "sector": told.term("sector", Sector),
        "seat": told.term("seat", Seat) or Seat.LOCAL,
        "parent": told.record("parent"),
        "contacts": contacts_of(told.given, id),
        "occurred_on": day,
    }
    return RegisterCompany.model_validate(values)


def _ending(told: Told, how: Ending, day: date) -> EndCompany:
    return EndCompany(how=how, reason=told.given.get("ending_reason") or "台账未写原因", occurred_on=day)


# ── alike ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _names(entry: Entry) -> list[str]:
    given = entry.values.given
    return [given["name"], *parted(given.get("former_names", ""))]


def _code(entry: Entry) -> str | None:
    return cast("RegisterCompany", entry.forms[0]).credit_code


def _keys(entry: Entry) -> Iterator[str]:
    if code := _code(entry):
        yield f"code {code}"
    yield from (f"name {normalised_name(name)}" for name in _names(entry))


def _there(conn: Connection[Any], entries: Sequence[Entry]) -> Iterator[tuple[str, Other]]:
    names = [name for entry in entries for name in _names(entry)]
    for row in companies.alike(conn, names, list(map(_code, entries)), at_most=None):
        day = f"{row.registered_on:%Y-%m-%d}"
        text = Text(f"已有企业：{row.name}，{day} 登记", f"there is a firm already: {row.name}, registered {day}")
        yield from ((f"name {normalised_name(name)}", Other("", text)) for name in (row.name, *row.former_names))
        if row.credit_code:
            yield f"code {row.credit_code}", Other("", text)


def _look(entry: Entry) -> Look:
    form = cast("RegisterCompany", entry.forms[0])
    return Look(entry.values.given["name"], form.credit_code or "", form.address)


COMPANIES: Final = Kind(
    key="companies",
    aggregate=Company,
    words=Words(Text("企业", "firm"), Text("企业", "firms")),
    columns=COLUMNS,
    imply=implied,
    likeness=Likeness(_keys, lambda _: "", _there, Text("同一企业", "the same firm")),
    look=_look,
    route="companies.register",
    where=Text("地址", "Address"),
    asks=frozenset({"undated"}),
    help=Text(
        "包保责任从导入当天起算；联系人加密保存。",
        "Whoever answers does so from the day of the import; contact persons are kept encrypted.",
    ),
)
