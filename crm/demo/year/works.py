"""The projects of the year: those the report names, and others of the same kind, so that as many were planned as it says."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from domain.project import ProjectKind, StartKind
from domain.values import Industry

_INVESTMENT, _PUBLIC = ProjectKind.INVESTMENT, ProjectKind.PUBLIC_WORKS


class Work(NamedTuple):
    """A project: `month` is when it starts or is resumed (0: not in the year); `land`: it takes land in the year.

    `added`: it came after the plan of the year was made.
    """

    name: str
    kind: ProjectKind
    industry: Industry
    investment: str
    month: int
    start: StartKind = StartKind.NEW
    land: bool = False
    added: bool = False
    enclosed: bool = False
    later: bool = False


_OLD = StartKind.CONTINUED
_NAMED: Final = (
    Work("二道区中医院迁建", ProjectKind.SPECIAL_BOND, Industry.Q, "3.6亿", 3, _OLD),
    Work("中医药大学疫病救治基地", ProjectKind.CENTRAL_BUDGET, Industry.Q, "9.8亿", 4),
    Work("2022年老旧小区改造", ProjectKind.CENTRAL_BUDGET, Industry.E, "1.9亿", 3, _OLD),
    Work("滨河湾区开发改造", _PUBLIC, Industry.K, "45亿", 4, land=True),
    Work("长春二道经济开发区市政燃气管道", _PUBLIC, Industry.D, "6000万", 3, _OLD),
    Work("英俊1号变电站", _PUBLIC, Industry.D, "1.2亿", 10),
    Work("长拖工业遗址改造", _INVESTMENT, Industry.R, "12亿", 3, _OLD),
    Work("吉高集团科技试验检测基地（数据产业园）", _INVESTMENT, Industry.M, "5.2亿", 9, land=True),
    Work("创新产业园", _INVESTMENT, Industry.C, "8.5亿", 4, _OLD, enclosed=True),
    Work("智能家居产业园", _INVESTMENT, Industry.C, "6.2亿", 3, _OLD),
    Work("吉林省金祺电子科技有限公司建设项目", _INVESTMENT, Industry.C, "1.3亿", 5, land=True, enclosed=True),
    Work("赫行食育科技产业园", _INVESTMENT, Industry.C, "2.8亿", 5, enclosed=True),
    Work("轨道交通车辆新材料智能制造", _INVESTMENT, Industry.C, "3.1亿", 3, _OLD, enclosed=True),
    Work("吉林鹏霖建筑垃圾再生循环利用智能产业园", _INVESTMENT, Industry.N, "1.6亿", 6, land=True),
    Work("汽车零部件数字化工厂", _INVESTMENT, Industry.C, "2.4亿", 3, _OLD),
    Work("南航老机场开发改造", _PUBLIC, Industry.K, "130亿", 0, later=True),
    Work("热电二厂（区域）搬迁改造", _PUBLIC, Industry.K, "110亿", 0, later=True),
    Work("三道棚改地块改造", _PUBLIC, Industry.K, "105亿", 0, later=True),
)  # fmt: skip
_TRADES: Final = (
    ("标准厂房", Industry.C), ("冷链仓储中心", Industry.G), ("精密加工基地", Industry.C), ("电子商务产业园", Industry.F),
    ("新材料生产线", Industry.C), ("装配式建筑基地", Industry.E), ("医疗器械工厂", Industry.C), ("储能示范站", Industry.D),
    ("汽车内饰生产线", Industry.C), ("智慧物流园", Industry.G),
)  # fmt: skip
_PLACES: Final = ("英俊", "东盛", "长青", "东站", "八里堡", "远达")
_AMOUNTS: Final = ("5500万", "7800万", "1.1亿", "1.4亿", "2.1亿", "9200万", "3.3亿")
PLANNED: Final = 52
ADDED: Final = 8
WAITING: Final = 2
"""Planned projects that did not start in the year: 52 − 2 + 8 = 58 started or resumed."""
LAND: Final = 9
_CARRIED_ON: Final = 12
_SMALL: Final = tuple(
    Work(f"{place}社区便民设施改造", _PUBLIC, Industry.N, "1800万", 5 + n) for n, place in enumerate(_PLACES[:3])
)
"""Below the limit of the chart: started, and counted in no figure of it."""


def works() -> Iterator[Work]:
    """All projects, the named ones first."""
    yield from _NAMED
    planned = [one for one in _NAMED if not one.added and not one.later]
    old = sum(one.start is _OLD for one in planned)
    land = LAND - sum(one.land for one in _NAMED)
    for n in range(PLANNED - len(planned)):
        month = 0 if n < WAITING else 3 + n % 8
        continued = WAITING <= n < WAITING + _CARRIED_ON - old
        yield _other(n, month, start=_OLD if continued else StartKind.NEW, land=n >= PLANNED - len(planned) - land)
    for n in range(ADDED - sum(one.added for one in _NAMED)):
        yield _other(PLANNED + n, 6 + n % 5, added=True)
    yield from _SMALL


def _other(n: int, month: int, **more: bool | StartKind) -> Work:
    word, industry = _TRADES[n % len(_TRADES)]
    name = f"{_PLACES[n // len(_TRADES) % len(_PLACES)]}{word}"
    return Work(name, _INVESTMENT, industry, _AMOUNTS[n % len(_AMOUNTS)], month, **more)  # type: ignore[arg-type]
