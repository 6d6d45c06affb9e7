"""Names as they are met in the field, put together by chance: companies by country, what they make, where they call from.

No person has a name here, only a post; telephone numbers and credit codes lie in ranges that are never handed out.
"""

from decimal import Decimal
from random import Random
from typing import NamedTuple
from uuid import UUID

from domain.values import ContactPerson, Industry, Money, credit_code_check_digit

_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Trade(NamedTuple):
    """A line of business: its Chinese word, its section of GB/T 4754, what such a firm would build, a foreign word."""

    word: str
    industry: Industry
    project: str
    foreign: str


TRADES = (
    Trade("汽车零部件", Industry.C, "汽车零部件智能工厂", "Automotive"),
    Trade("轨道交通装备", Industry.C, "轨道车辆部件生产基地", "Rail"),
    Trade("精密机械", Industry.C, "精密加工基地", "Precision"),
    Trade("新材料", Industry.C, "轻量化新材料项目", "Materials"),
    Trade("生物医药", Industry.C, "生物制剂产业园", "Pharma"),
    Trade("软件技术", Industry.I, "软件研发中心", "Software"),
    Trade("智能装备", Industry.C, "智能装备生产线", "Robotics"),
    Trade("食品", Industry.C, "中央厨房与冷冻食品项目", "Foods"),
    Trade("数据科技", Industry.I, "区域算力中心", "Data"),
    Trade("冷链物流", Industry.G, "冷链物流园", "Logistics"),
    Trade("检测技术", Industry.M, "检验检测基地", "Testing"),
    Trade("新能源", Industry.D, "储能示范项目", "Energy"),
    Trade("建筑科技", Industry.E, "装配式建筑基地", "Construction"),
    Trade("供应链", Industry.F, "跨境电商集散中心", "Trading"),
    Trade("环保科技", Industry.N, "资源循环利用项目", "Environment"),
    Trade("农业科技", Industry.A, "设施农业示范园", "Agri"),
    Trade("商务服务", Industry.L, "总部楼宇项目", "Services"),
    Trade("文化旅游", Industry.R, "文旅综合体", "Leisure"),
    Trade("康复医疗", Industry.Q, "康复医院项目", "Medical"),
    Trade("职业教育", Industry.P, "产教融合实训基地", "Education"),
    Trade("融资租赁", Industry.J, "设备租赁区域总部", "Leasing"),
    Trade("酒店管理", Industry.H, "商务酒店项目", "Hospitality"),
    Trade("产业园运营", Industry.K, "标准厂房园区", "Estates"),
)

_FIRST = "澜砺岑沐翎骁珩朔岚屿弈铎昱笙阗瀚桦旌澍蔚沅劭衡穆晟稷砚桓峥溯禾泓翊棠岱"
_SECOND = "川辰野舟域穹泽屹梧峤原涵和图旸丰远格程联拓信源诺达创维嘉恒钧"
_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司")
CITIES = {
    "北京": "北京市", "天津": "天津市", "石家庄": "河北省", "上海": "上海市", "苏州": "江苏省", "无锡": "江苏省", "南京": "江苏省",
    "杭州": "浙江省", "宁波": "浙江省", "合肥": "安徽省", "深圳": "广东省", "广州": "广东省", "东莞": "广东省", "佛山": "广东省",
    "成都": "四川省", "重庆": "重庆市", "武汉": "湖北省", "西安": "陕西省", "青岛": "山东省", "济南": "山东省", "大连": "辽宁省",
    "沈阳": "辽宁省", "哈尔滨": "黑龙江省", "长沙": "湖南省", "厦门": "福建省", "郑州": "河南省",
}  # fmt: skip

_ROOTS = {
    "DE": ("Nordhafen", "Eichwald", "Rheintor", "Lindental", "Westmark", "Steinbrück", "Falkenau", "Oderfeld"),
    "FR": ("Valmont", "Clairefontaine", "Rochebrune", "Hautbois", "Montferrand", "Belleroche", "Sainte-Aulaire"),
    "IT": ("Valdorata", "Monteverde", "Pontechiaro", "Roccabruna", "Campofiore", "Torrealta"),
    "JP": ("Kitahoshi", "Minamikawa", "Asanuma", "Higashiyama", "Tsukimori"),
    "KR": ("Hanbyeol", "Saehan", "Garam", "Mirinae", "Dongbit"),
    "SG": ("Straitsview", "Bukit Merlion", "Pasir Teguh"),
    "US": ("Prairie Forge", "Lakeshore", "Cedar Point", "Ironbridge"),
}
_ENDINGS = {
    "DE": "{root} {trade} GmbH", "FR": "{root} {trade} SAS", "IT": "Officine {root} {trade} S.p.A.",
    "JP": "{root} {trade} K.K.", "KR": "{root} {trade} Co., Ltd.", "SG": "{root} {trade} Pte. Ltd.",
    "US": "{root} {trade} Inc.",
}  # fmt: skip
_MONEY = {
    "DE": ("EUR", "7.82"), "FR": ("EUR", "7.82"), "IT": ("EUR", "7.82"), "JP": ("JPY", "0.0482"),
    "KR": ("KRW", "0.0052"), "SG": ("SGD", "5.36"), "US": ("USD", "7.14"), "HK": ("HKD", "0.914"), "MO": ("MOP", "0.888"),
}  # fmt: skip
_CHINESE_POSTS = (
    "投资部经理", "项目部负责人", "总经理助理", "战略发展部经理", "对外合作部经理", "财务总监", "董事会秘书", "区域拓展经理",
)  # fmt: skip
_FOREIGN_POSTS = ("Head of Asia", "Business Development Manager", "Investment Director", "Site Selection Manager")
POSTS = frozenset(_CHINESE_POSTS + _FOREIGN_POSTS)
"""What contact persons are called: nobody has a name here."""


class Firm(NamedTuple):
    company: str
    country: str
    region: str | None
    trade: Trade
    credit_code: str | None


def firm(rng: Random, country: str, city: str | None = None) -> Firm:
    """A firm of `country`, Chinese ones of `city` or of anywhere."""
    trade = TRADES[min(int(rng.expovariate(0.14)), len(TRADES) - 1)]
    if country in _ROOTS:
        return Firm(
            _ENDINGS[country].format(root=rng.choice(_ROOTS[country]), trade=trade.foreign), country, None, trade, None
        )
    word = rng.choice(_FIRST) + rng.choice(_SECOND)
    if country in ("HK", "MO"):
        place = "香港" if country == "HK" else "澳门"
        return Firm(f"{place}{word}{trade.word}有限公司", country, place, trade, None)
    town = city if city in CITIES and _chance(rng, 0.7) else rng.choice(tuple(CITIES))
    code = _credit_code(rng) if _chance(rng, 0.7) else None
    return Firm(f"{town}{word}{trade.word}{rng.choice(_FORMS)}", "CN", CITIES[town], trade, code)


def _chance(rng: Random, share: float) -> bool:
    return rng.random() < share


def _credit_code(rng: Random) -> str:
    """A code with a right check digit in a region (99) that does not exist."""
    first = "91990000" + "".join(rng.choice(_CREDIT_SIGNS) for _ in range(9))
    return first + credit_code_check_digit(first)


def investment(rng: Random, country: str) -> Money:
    """A planned investment: half of them below 6,000万, a few of tens of 亿; two figures of precision, as people say it."""
    yuan = min(max(rng.lognormvariate(17.9, 1.15), 3_000_000), 6_000_000_000)
    currency, rate = _MONEY.get(country, ("CNY", "1"))
    units = Decimal(yuan) / Decimal(rate)
    figure = int(units.scaleb(1 - units.adjusted()).to_integral_value()) * 10 ** (units.adjusted() - 1)
    return Money(minor=figure * 100, currency=currency, rate=None if currency == "CNY" else Decimal(rate))


def contact_person(rng: Random, identity: UUID, country: str) -> ContactPerson:
    """Somebody to talk to, known by their post; the number starts with 100, as no telephone does."""
    foreign = country in _ROOTS
    post = rng.choice(_FOREIGN_POSTS if foreign else _CHINESE_POSTS)
    digits = rng.randrange(10**8)
    return ContactPerson(
        id=identity,
        name=post,
        phone=f"+00 {digits:08d}" if foreign else f"100{digits:08d}",
        wechat=None if foreign or _chance(rng, 0.5) else f"demo_{digits:08d}",
        email=f"desk{digits % 10**5:05d}@example.com" if foreign or _chance(rng, 0.4) else None,
    )
