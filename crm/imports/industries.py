"""Industries as ledgers name them → sections of GB/T 4754: by letter, division number, name, or the usual words."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from crm.imports.cells import folded, line, nothing
from domain.base import Refused
from domain.values import Industry

_WORDS: Final[Mapping[str, str]] = {
    "A": "农业 林业 畜牧 渔业 种植 养殖 种业 现代农业 农林 agriculture farming forestry fishing",
    "B": "采矿 矿业 煤炭开采 石油开采 油气开采 mining",
    "C": "制造 汽车 零部件 配件 整车 装备 机械 机床 机器人 模具 电子 电器 家电 半导体 芯片 集成电路 光电 光学 传感器 新材料 材料 复合材料 碳纤维 "
    "化工 石化 塑料 橡胶 玻璃 陶瓷 水泥 建材 钢铁 冶金 有色金属 金属制品 铸造 锻造 纺织 服装 家具 木业 造纸 印刷 包装 食品 饮料 乳业 白酒 农产品加工 "
    "加工 生产 医药 制药 生物医药 生物制药 疫苗 医疗器械 器械 航空航天 卫星 无人机 轨道客车 轨道交通装备 船舶 电池 储能 新能源汽车 光伏组件 氢能 "
    "仪器仪表 工业 manufacturing automotive autoparts machinery equipment electronics semiconductor pharmaceutical "
    "pharma chemicals food materials aerospace medicaldevices batteries",
    "D": "电力 发电 风电 光伏发电 水电 燃气 供热 热力 供水 充电桩 energy electricity power gas utilities",
    "E": "建筑 建筑工程 施工 装修 装饰 土木 construction building",
    "F": "批发 零售 商贸 贸易 销售 超市 商场 商业综合体 商业 电商 电子商务 跨境电商 免税 进出口 经销 4s店 wholesale retail trade trading ecommerce",
    "G": "物流 运输 交通 仓储 快递 冷链 货运 航空运输 港口 配送 邮政 logistics transport storage warehousing",
    "H": "住宿 餐饮 酒店 宾馆 民宿 饭店 hotel hotels catering restaurant hospitality",
    "I": "软件 信息 信息技术 信息技术服务 信息服务 互联网 大数据 云计算 人工智能 数字经济 数字 数据中心 区块链 物联网 通信 电信 5g 游戏 元宇宙 软件信息 "
    "software it ict internet ai data telecom digital",
    "J": "金融 银行 保险 证券 基金 信托 融资租赁 投资管理 股权投资 finance banking insurance fund",
    "K": "房地产 地产 房产 物业 产业园开发 realestate property",
    "L": "租赁 商务 商务服务 总部 总部经济 会展 咨询 人力资源 广告 法律 会计 供应链管理 园区运营 旅行社 leasing business consulting headquarters",
    "M": "科研 研发 研究 研究院 检测 检验 设计 勘察 技术服务 科技服务 科学研究 工程技术 孵化器 成果转化 research rd engineering testing design",
    "N": "环保 环境 水利 公共设施 污水 垃圾 固废 景区 园林 生态 water environment environmental waste",
    "O": "居民服务 家政 维修 修理 汽修 美容 殡葬 repair household",
    "P": "教育 培训 学校 幼儿园 education training school",
    "Q": "卫生 医疗 医院 康养 养老 社会工作 诊所 体检 健康 大健康 health healthcare hospital medical",
    "R": "文化 体育 娱乐 文旅 旅游 影视 传媒 演艺 出版 文创 动漫 culture sports entertainment tourism media",
    "S": "公共管理 社会组织 社会保障 协会 商会",
    "T": "国际组织",
}  # fmt: skip
_DIVISIONS: Final = (
    ("A", 5), ("B", 12), ("C", 43), ("D", 46), ("E", 50), ("F", 52), ("G", 60), ("H", 62), ("I", 65), ("J", 69), ("K", 70),
    ("L", 72), ("M", 75), ("N", 79), ("O", 82), ("P", 83), ("Q", 85), ("R", 90), ("S", 96), ("T", 97),
)  # fmt: skip
"""The last division (大类) of each section."""


def industry(cell: object) -> Industry | None:
    """The section a cell names; None where it says nothing. Raises Refused where that cannot be told."""
    return _section(line(cell))  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _section(text: str) -> Industry | None:
    """Of a whole ledger they are some dozens of texts."""
    if nothing(text):
        return None
    key = folded(text)
    if found := _coded(key) or _names().get(key) or _by_words(key):
        return found
    raise Refused(
        "industry.unknown",
        "看不出「{text}」属于哪个行业门类，请写门类字母（A–T）或名称，如 C 制造业。",
        "Cannot tell the industry section of “{text}”; write its letter (A–T) or name, as C Manufacturing.",
        text=text[:40],
    )


def _coded(key: str) -> Industry | None:
    """`C`, `C36`, `c 制造业`, `36`, `3670`."""
    found = re.fullmatch(r"([a-t])(\d{0,4}|[^\x00-\x7f].*)", key)
    if found:
        return Industry(found[1].upper())
    if re.fullmatch(r"\d{2,4}", key):
        division = int(key[:2])
        return next((Industry(letter) for letter, last in _DIVISIONS if 0 < division <= last), None)
    return None


def _by_words(key: str) -> Industry | None:
    """By the word that ends last (a trader of food trades), of those the longest."""
    key = re.sub("(产业|行业|业|类|项目|企业)+$", "", key) or key
    found = [(key.rfind(word) + len(word), len(word), section) for word, section in _words().items() if word in key]
    end, _, section = max(found, default=(0, 0, None))
    return None if key.endswith("服务") and end < len(key) else section


@cache
def _names() -> Mapping[str, Industry]:
    names = {folded(term.text.zh): term for term in Industry} | {folded(term.text.en): term for term in Industry}
    return names | {name.removesuffix("业"): term for name, term in names.items() if not name.isascii()}


@cache
def _words() -> Mapping[str, Industry]:
    return {folded(word): Industry(letter) for letter, words in _WORDS.items() for word in words.split()}
