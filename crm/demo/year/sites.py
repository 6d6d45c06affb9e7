"""Ready space: 70万㎡ of parks and over 100万㎡ of buildings, and the first firms that moved in."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from crm.demo.telling import Told
from crm.demo.year.firms import FIRMS
from crm.demo.year.people import BUREAU
from crm.demo.year.record import Record, spread, workday
from domain.site import OccupySpace, OpenSite, Site, SiteKind, SiteTerms


class Space(NamedTuple):
    name: str
    kind: SiteKind
    area: int


SPACES: Final = (
    Space("创新产业园", SiteKind.PARK, 180_000), Space("智能家居产业园", SiteKind.PARK, 160_000),
    Space("智能装备产业园", SiteKind.PARK, 140_000), Space("数据产业园", SiteKind.PARK, 120_000),
    Space("英俊标准厂房园区", SiteKind.PARK, 100_000), Space("东盛大街商务楼宇", SiteKind.BUILDING, 210_000),
    Space("吉林大路总部楼宇", SiteKind.BUILDING, 185_000), Space("东方广场写字楼", SiteKind.BUILDING, 160_000),
    Space("长青科创楼", SiteKind.BUILDING, 150_000), Space("临河街楼宇群", SiteKind.BUILDING, 140_000),
    Space("滨河金融楼", SiteKind.BUILDING, 110_000), Space("远达数字楼", SiteKind.BUILDING, 73_000),
)  # fmt: skip
_MOVED_IN: Final = 7
"""The equipment firms that produce first and pay rent later."""


def sites(year: int) -> Iterator[Told]:
    parks = 0
    for number, space in enumerate(SPACES):
        record, who = Record(Site, number), BUREAU[number % len(BUREAU)]
        form = OpenSite(
            name=space.name, kind=space.kind, area_m2=space.area, occurred_on=workday(date(year, 1, 9 + number)),
            terms=SiteTerms.MOVE_IN_FIRST if space.kind is SiteKind.PARK else SiteTerms.LEASE,
        )  # fmt: skip
        yield record.tell(who, form)
        for nth, day in enumerate(
            spread(date(year, 3, 4), date(year, 10, 14), 2 if space.kind is SiteKind.PARK else 0)
        ):
            if parks < _MOVED_IN:
                firm = FIRMS[parks]
                moved = OccupySpace(company=firm.id, firm=firm.name, area_m2=4200 + 1300 * nth, occurred_on=day)
                yield record.tell(who, moved)
                parks += 1
