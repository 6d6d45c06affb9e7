"""The cast of the demo district: who works there, and the channels leads come from — standing ones and occasions."""

from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.channel import ChannelKind
from domain.person import Role

_NAMESPACE = UUID("6f1a3c5e-0d15-4e2d-9c0b-00000000d157")


def identity(*parts: object) -> UUID:
    """The same id for the same thing at every run."""
    return uuid5(_NAMESPACE, "/".join(map(str, parts)))


@cache
def _standing(kind: str, key: str) -> UUID:
    """Of those that every lead names."""
    return identity(kind, key)


class Member(NamedTuple):
    login: str
    name: str
    role: Role
    channel: str | None = None

    @property
    def id(self) -> UUID:
        return _standing("person", self.login)


class Source(NamedTuple):
    """A channel of the demo; `weight` is its share of the leads, `ago` how many days ago an occasion began.

    One of an earlier `year` began so many days before its end.
    """

    key: str
    name: str
    kind: ChannelKind
    weight: float
    city: str | None = None
    country: str = "CN"
    ago: int = 0
    days: int = 0
    firms: int = 0
    conferences: int = 0
    cooperations: int = 0
    note: str | None = None
    year: int | None = None

    @property
    def id(self) -> UUID:
        return _standing("channel", self.key)


_CENTRES = (("beijing", "北京", 4, 30.0), ("shanghai", "上海", 3, 17.0), ("shenzhen", "深圳", 3, 10.0),
            ("hangzhou", "杭州", 2, 5.0), ("chengdu", "成都", 1, 3.0))  # fmt: skip
_NUMBERS = "一二三四"


def _specialists() -> list[Member]:
    return [
        Member(
            "staff" if key == "beijing" and n == 0 else f"{key}{n + 1}",
            f"驻{city}招商专员{_NUMBERS[n]}",
            Role.STAFF,
            key,
        )
        for key, city, posts, _ in _CENTRES
        for n in range(posts)
    ]


PEOPLE: tuple[Member, ...] = (
    *_specialists(),
    Member("mission1", "境外招商专员", Role.STAFF, "missions"),
    Member("desk1", "商务局招商科专员一", Role.STAFF, "occasions"),
    Member("desk2", "商务局招商科专员二", Role.STAFF, "occasions"),
    Member("park1", "项目服务局专员一", Role.STAFF, "cluster"),
    Member("park2", "项目服务局专员二", Role.STAFF, "enquiry"),
    Member("capital1", "国有资本招商专员", Role.STAFF, "capital"),
    Member("manager", "商务局分管负责人", Role.MANAGER),
    Member("manager2", "项目服务局负责人", Role.MANAGER),
    Member("auditor", "审计局审计员", Role.AUDITOR),
    Member("admin", "系统管理员", Role.ADMIN),
)
MEMBERS = {member.login: member for member in PEOPLE}
LOGINS = ("staff", "manager", "auditor", "admin")
"""The logins that are printed, one per role."""

_TRIPS = ("京津冀叩门招商", "长三角叩门招商", "珠三角叩门招商", "天津招商行", "石家庄招商行", "南京招商行", "合肥招商行", "青岛招商行",
          "济南招商行", "大连招商行", "沈阳招商行", "武汉招商行", "西安招商行", "郑州招商行", "长沙招商行", "厦门招商行", "宁波招商行",
          "佛山招商行")  # fmt: skip
_EVENTS = ("“进博会吉林”二道行", "粤商上市公司进二道", "澳门青年企业家二道行", "汽车零部件产需对接会", "轨道交通装备企业进二道",
           "东北亚博览会二道专场", "医药健康企业恳谈会", "数字经济企业二道行", "京津企业家二道行", "冷链物流企业对接会", "浙商进二道",
           "建材产需对接会", "央企走进二道", "校友经济恳谈会", "智能装备企业二道行", "银企对接会", "现代农业企业二道行", "文旅项目推介日",
           "苏商进二道", "川渝企业二道行", "楼宇经济推介会")  # fmt: skip


def _centres() -> list[Source]:
    kind = ChannelKind.LIAISON_CENTRE
    return [Source(key, f"驻{city}招商联络中心", kind, weight, city) for key, city, _, weight in _CENTRES]


def _missions() -> list[Source]:
    kind, met = ChannelKind.OVERSEAS_MISSION, "促成{}与海外企业项目合作。"
    return [
        Source(
            "germany",
            "德国招商团",
            kind,
            5.0,
            "慕尼黑",
            "DE",
            290,
            6,
            24,
            1,
            1,
            met.format("吉林省奥莱特汽车设备有限公司"),
        ),
        Source(
            "france", "法国招商团", kind, 2.2, "里昂", "FR", 205, 5, 15, 1, 1, met.format("吉林亚泰(集团)股份有限公司")
        ),
        Source(
            "italy", "意大利招商团", kind, 1.4, "米兰", "IT", 96, 5, 11, 1, 1, met.format("欧菲斯办公伙伴长春有限公司")
        ),
    ]


def _occasions() -> list[Source]:
    trips = [
        Source(f"trip{n}", name, ChannelKind.OUTBOUND_TRIP, 5.0 / n, ago=8 + n * 7 % 18 * 19, days=3, firms=4 + 30 // n)
        for n, name in enumerate(_TRIPS, start=1)
    ]
    events = [
        Source(
            f"event{n}",
            name,
            ChannelKind.INBOUND_EVENT,
            4.6 / n,
            "长春",
            ago=5 + n * 8 % 21 * 16,
            days=1,
            firms=9 + 84 // n,
        )
        for n, name in enumerate(_EVENTS, start=1)
    ]
    return [*trips, *events]


SOURCES: tuple[Source, ...] = (
    *_centres(), *_missions(), *_occasions(),
    Source("capital", "长春东域国有资本投资运营（集团）有限公司", ChannelKind.CAPITAL_PARTNER, 2.0),
    Source("cluster", "智能装备招引群", ChannelKind.CLUSTER, 3.0),
    Source("enquiry", "企业自荐与引荐", ChannelKind.ENQUIRY, 9.0),
)  # fmt: skip
CHANNELS = {source.key: source for source in SOURCES}
_WEIGHTS = tuple(accumulate(source.weight for source in SOURCES))


def any_source(rng: Random) -> Source:
    """A channel by its share: a few bring most."""
    return rng.choices(SOURCES, cum_weights=_WEIGHTS)[0]


def began(source: Source, today: date) -> date:
    """The first day of an occasion."""
    last = date(source.year, 12, 31) if source.year else today
    return last - timedelta(days=source.ago)


def ended(source: Source, today: date) -> date:
    return began(source, today) + timedelta(days=max(source.days - 1, 0))


def posted(source: Source) -> list[Member]:
    """Who works for a channel, the busiest first."""
    where = {ChannelKind.OVERSEAS_MISSION: "missions", ChannelKind.OUTBOUND_TRIP: "occasions",
             ChannelKind.INBOUND_EVENT: "occasions"}.get(source.kind, source.key)  # fmt: skip
    return [member for member in PEOPLE if member.channel == where]


def someone(rng: Random, source: Source) -> Member:
    """One of them, the first far more often than the last."""
    members = posted(source)
    return members[min(int(rng.expovariate(0.75)), len(members) - 1)]
