"""Sites: ready space with its areas; what is taken without saying by whom stays one holding of somebody unnamed."""

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
from domain.base import Text
from domain.responsibility import TakeResponsibility
from domain.site import OccupySpace, OpenSite, ReserveSpace, Site, SiteKind, SiteTerms
from domain.site.kinds import area_text
from projections import sites

COLUMNS: Final = Columns(
    (
        Column("name", Text("载体名称", "Site"), "载体 园区名称 楼宇名称 地块名称 厂房名称 名称 项目名称 载体项目 site building park", "name", required=True,
               example="东部产业园一期"),
        Column("kind", Text("类别", "Kind"), "载体类别 载体类型 类型 kind type", required=True, terms=SiteKind,
               also={"产业园 工业园 产业园区 厂房 标准厂房 孵化器 工业厂房": SiteKind.PARK, "写字楼 商务楼宇 办公楼 商务楼": SiteKind.BUILDING,
                     "土地 用地 工业用地 净地": SiteKind.LAND}, example="park"),
        Column("place", Text("位置", "Place"), "地址 地点 坐落 所在位置 具体位置 载体地址 place address location", example="东部大街与三环交汇"),
        Column("operator", Text("产权或运营单位", "Owner or operator"), "产权单位 运营单位 产权人 权属单位 运营主体 业主 业主单位 owner operator",
               example="某某园区运营公司"),
        Column("use", Text("适合用途", "Fit for"), "用途 适合产业 产业定位 规划用途 主导产业 业态 use", example="装备制造"),
        Column("area_m2", Text("总面积（㎡）", "Whole area (㎡)"), "总面积 建筑面积 面积 总建筑面积 占地面积 载体面积 area", "space", required=True,
               example="20000"),
        Column("offered_m2", Text("可供面积（㎡）", "On offer (㎡)"), "可供面积 可招商面积 可租面积 可利用面积 可出租面积 offered", "space",
               help=Text("含已预留和已入驻；不填即全部", "what is taken included; empty: all of it")),
        Column("occupied_m2", Text("已入驻（㎡）", "Moved into (㎡)"), "已入驻 已入驻面积 已使用面积 已出租面积 已租面积 已租 occupied", "space",
               example="6000"),
        Column("occupant", Text("入驻企业", "Who moved in"), "已入驻企业 承租企业 入驻单位 使用单位",
               help=Text("不填记“台账未列名”", "“not named in the ledger” if empty")),
        Column("reserved_m2", Text("已预留（㎡）", "Reserved (㎡)"), "已预留 预留面积 意向面积 已意向面积 reserved", "space"),
        Column("reserved_for", Text("预留给", "Reserved for"), "预留企业 意向企业"),
        Column("ready_on", Text("可交付日期", "Ready from"), "交付时间 交付日期 可交付时间 可入驻时间 可使用时间 ready readyfrom", "date",
               help=Text("不填即现在可用", "ready now if empty")),
        Column("terms", Text("供应方式", "Terms"), "方式 租售方式 合作方式 出租方式 terms", terms=SiteTerms,
               also={"出租 招租 租": SiteTerms.LEASE, "先用后租 先投后租 先投后付 先入驻": SiteTerms.MOVE_IN_FIRST, "售 销售": SiteTerms.SALE,
                     "租售 可租售 租售均可 租售结合 出租出售": SiteTerms.LEASE_OR_SALE, "出让 挂牌出让 招拍挂": SiteTerms.TRANSFER}, example="lease",
               help=Text("不填按租赁", "lease if empty")),
        Column("terms_note", Text("租金、免租期等", "Rent …"), "租金 价格 租金价格 免租期 租售价格 优惠政策 租金标准 rent", example="首年免租"),
        Column("floor_load_t", Text("地面承重（吨/㎡）", "Floor load (t/㎡)"), "承重 地面承重 荷载 楼面荷载 floorload", "number"),
        Column("height_m", Text("层高（米）", "Height (m)"), "层高 净高 clearheight", "number", example="9"),
        Column("power_kva", Text("供电容量（kVA）", "Power (kVA)"), "供电容量 用电容量 变压器容量 电力容量 powersupply", "number"),
        Column("features", Text("其他条件", "Other features"), "配套 配套条件 配套设施 其他 备注 说明 features", many=True),
        Column("leader", Text("负责人", "Leader"), "责任人 责任领导 包保领导 leader", refers="person",
               help=Text("系统里的姓名或登录名", "name or login of somebody in the system")),
        Column("opened_on", Text("登记日期", "Registered on"), "登记时间 入库日期 入库时间 填报日期 统计日期 registered", "date", example="2026-01-15",
               help=Text("不填按导入当天", "the day of the import if empty")),
    ),
    ("name",),
    unread=("空闲（㎡）", "Free (㎡)", "空闲面积", "剩余面积"),
)  # fmt: skip
UNNAMED: Final = "台账未列名"


def implied(found: Values, id: UUID, directory: Directory, defaults: Defaults) -> Entry:  # noqa: ARG001 - as every kind
    """The site as its line tells it; who holds space in it does so from the day of its registration."""
    told = Told(found, directory, defaults)
    day = told.past("opened_on").get("opened_on", defaults.day)
    told.make(lambda: _opening(told, day))
    told.make(lambda: _occupied(told, day))
    told.make(lambda: _reserved(told, day))
    leader = told.person("leader")
    told.make(lambda: TakeResponsibility(leader=leader, occurred_on=defaults.day) if leader else None)
    return told.entry


def _opening(told: Told, day: date) -> OpenSite:
    values: dict[str, Any] = {
        **told.get("name", "area_m2", "offered_m2", "place", "operator", "use", "ready_on", "terms_note"),
        **told.get("floor_load_t", "height_m", "power_kva", "features"),
        "kind": told.term("kind", SiteKind),
        "terms": told.term("terms", SiteTerms) or SiteTerms.LEASE,
        "occurred_on": day,
    }
    return OpenSite.model_validate(values)


def _occupied(told: Told, day: date) -> OccupySpace | None:
    area = told.given.get("occupied_m2")
    return OccupySpace(area_m2=area, firm=told.given.get("occupant") or UNNAMED, occurred_on=day) if area else None


def _reserved(told: Told, day: date) -> ReserveSpace | None:
    area = told.given.get("reserved_m2")
    return ReserveSpace(area_m2=area, firm=told.given.get("reserved_for") or UNNAMED, occurred_on=day) if area else None


def _look(entry: Entry) -> Look:
    form = cast("OpenSite", entry.forms[0])
    return Look(form.name, form.operator or "", form.place, area_text(form.area_m2))


def _there(row: sites.SiteRow) -> Text:
    area = area_text(row.area)
    return Text(f"已有载体：{row.name}，{area.zh}", f"there is a site already: {row.name}, {area.en}")


SITES: Final = Kind(
    key="sites",
    aggregate=Site,
    words=Words(Text("载体", "site"), Text("载体", "sites")),
    columns=COLUMNS,
    imply=implied,
    likeness=by_name(
        sites.LIST, lambda one: folded(one.place or ""), _there, Text("同一位置的同名载体", "a site of the same name and place")
    ),
    look=_look,
    route="sites.open",
    where=Text("位置", "Place"),
    amount=Text("总面积", "Whole area"),
    help=Text("已入驻、已预留只写面积的，合计记一笔。", "Space that is taken by nobody named becomes one entry of its sum."),
)  # fmt: skip
