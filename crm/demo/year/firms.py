"""The firms here, each served by a leader and by an officer (双重包保)."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from crm.demo.cast import Member
from crm.demo.telling import Told
from crm.demo.year.people import DESK, LEADERS, OFFICERS
from crm.demo.year.record import Record, record_id, spread
from domain.company import Company, RegisterCompany, Sector
from domain.responsibility import Officer, TakeResponsibility

_FIRST: Final = "启华宏泰安瑞博正恒祥鑫盛东吉汇通金德万顺"
_SECOND: Final = "源达诚业丰和信利兴隆科茂远航晟运宝联合邦"
_NAMED: Final = (
    "长春中拓模塑科技有限公司", "长春市新金亨冷弯型钢有限公司", "吉林省金祺电子科技有限公司", "吉林省奥莱特汽车设备有限公司",
    "吉林亚泰（集团）股份有限公司", "亚泰集团长春建材有限公司", "长春东蕴实业有限公司",
)  # fmt: skip


class Kind(NamedTuple):
    """An industry: how many of its firms are served, and the words they are called by."""

    sector: Sector
    number: int
    words: tuple[str, ...]


KINDS: Final = (
    Kind(Sector.MANUFACTURING, 118, ("汽车零部件", "精密机械", "电子科技", "食品", "包装", "金属制品")),
    Kind(Sector.SERVICES, 152, ("信息技术", "物流", "检测技术", "人力资源服务", "物业服务", "文化传媒")),
    Kind(Sector.TRADE, 131, ("商贸", "汽车销售", "餐饮管理", "建材销售", "百货", "医药")),
    Kind(Sector.CONSTRUCTION, 58, ("建筑工程", "市政工程", "装饰工程", "机电安装")),
    Kind(Sector.REAL_ESTATE, 37, ("房地产开发", "置业", "地产")),
)
"""The five industries of the report; 496 firms."""


class Firm(NamedTuple):
    number: int
    name: str
    sector: Sector

    @property
    def id(self) -> UUID:
        return record_id(Company, self.number)

    @property
    def leader(self) -> Member:
        return LEADERS[self.number % len(LEADERS)]

    @property
    def officer(self) -> Member:
        return OFFICERS[self.number % len(OFFICERS)]


def _firms() -> Iterator[Firm]:
    number = 0
    for kind in KINDS:
        for nth in range(kind.number):
            named = kind.sector is Sector.MANUFACTURING and nth < len(_NAMED)
            yield Firm(number, _NAMED[nth] if named else _name(number, kind.words[nth % len(kind.words)]), kind.sector)
            number += 1


def _name(number: int, word: str) -> str:
    first, second = _FIRST[number % len(_FIRST)], _SECOND[(number // len(_FIRST) + number) % len(_SECOND)]
    return f"长春{first}{second}{word}有限公司"


FIRMS: Final = tuple(_firms())


def firms(year: int) -> Iterator[Told]:
    """Each put down by the officer who serves it; the bureau says which leader answers too."""
    days = spread(date(year, 1, 6), date(year, 2, 20), len(FIRMS))
    for firm, day in zip(FIRMS, days, strict=True):
        record = Record(Company, firm.number)
        yield record.tell(firm.officer, RegisterCompany(name=firm.name, sector=firm.sector, occurred_on=day))
        officers = (Officer(person=firm.officer.id, duty="驻企服务"),)
        yield record.tell(DESK, TakeResponsibility(leader=firm.leader.id, officers=officers, occurred_on=day))
