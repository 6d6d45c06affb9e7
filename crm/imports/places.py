"""Countries by their Chinese or English name or code; a Chinese province or city says China and itself."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from babel import Locale

from crm.imports.cells import folded, line, nothing
from domain.base import Refused

_ALSO: Final[Mapping[str, str]] = {
    "中国大陆": "CN", "国内": "CN", "内资": "CN", "境内": "CN", "prc": "CN", "mainlandchina": "CN", "本市": "CN", "本省": "CN",
    "香港": "HK", "中国香港": "HK", "香港特别行政区": "HK", "hongkong": "HK", "港资": "HK",
    "澳门": "MO", "中国澳门": "MO", "macau": "MO", "macao": "MO", "台湾": "TW", "中国台湾": "TW", "台资": "TW",
    "美国": "US", "usa": "US", "america": "US", "unitedstatesofamerica": "US", "英国": "GB", "uk": "GB", "england": "GB",
    "britain": "GB", "greatbritain": "GB", "南韩": "KR", "大韩民国": "KR", "korea": "KR", "southkorea": "KR",
    "朝鲜": "KP", "俄国": "RU", "俄罗斯联邦": "RU", "阿联酋": "AE", "uae": "AE", "荷兰王国": "NL", "holland": "NL",
    "捷克": "CZ", "czechrepublic": "CZ", "沙特": "SA", "越南社会主义共和国": "VN", "vietnam": "VN", "大马": "MY",
    "联邦德国": "DE", "德意志": "DE", "turkey": "TR",
}  # fmt: skip
_PROVINCES: Final = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 "
    "陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 深圳 广州 苏州 杭州 南京 武汉 成都 长春 沈阳 大连 哈尔滨 青岛 济南 西安 "
    "宁波 厦门 无锡 常州 长沙 郑州 合肥 福州 南昌 石家庄 太原 南宁 昆明 贵阳 兰州 海口 东莞 佛山 珠海 中山 惠州 嘉兴 温州 "
    "南通 烟台 潍坊 唐山 保定 徐州 绍兴 台州 泉州"
)
_CODE = 2


class Place(NamedTuple):
    """A country by its ISO code, and what else was said of the place."""

    country: str
    region: str | None = None


def place(cell: object) -> Place | None:
    """Where `德国`, `Germany`, `DE`, `德国慕尼黑`, `广东深圳` is; None where it says nothing. Raises Refused."""
    return _named(line(cell))  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _named(text: str) -> Place | None:
    """Of a whole ledger they are some dozens of texts."""
    if nothing(text):
        return None
    key = folded(text)
    if found := _names().get(key):
        return Place(found)
    if text.startswith(tuple(_PROVINCES.split())):
        return Place("CN", text)
    for length in range(min(len(key), 12), 1, -1):
        code = _names().get(key[:length])
        if code and not key[:length].isascii():
            rest = text[length:].strip(" ·-—/，,（()）、省州")
            return Place(code, rest or None)
    head, _, rest = text.replace("，", ",").replace("/", ",").replace("(", ",").partition(",")
    if code := _names().get(folded(head)):
        return Place(code, rest.strip(" )") or None)
    raise Refused(
        "country.unknown",
        "不认识国家或地区「{text}」。",
        "“{text}” is no country or region known here.",
        text=text[:40],
    )


@cache
def _names() -> Mapping[str, str]:
    """Every folded name and code of a territory → its ISO 3166-1 code."""
    names: dict[str, str] = {}
    for language in ("en", "zh", "zh_Hant"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == _CODE and code.isalpha() and code not in {"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB"}:
                names.setdefault(folded(name), code)
                names.setdefault(code.lower(), code)
    return {**names, **_ALSO}
