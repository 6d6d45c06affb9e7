"""The projects the district's report names, each with the channel that brought it and how far it got.

They are the first leads of every demo district, so that its report's figures come out of events.
"""

from typing import NamedTuple

from domain.channel import ChannelKind
from domain.funnel import Stage
from domain.values import Industry


class Known(NamedTuple):
    """A lead that is told of in the report; a company of None is made up as the other leads' are."""

    channel: str
    reach: Stage
    project: str | None = None
    company: str | None = None
    industry: Industry | None = None
    investment: str | None = None


_SIGNED = Stage.CONTRACT_SIGNED
_LANDED = Stage.LANDED
_INTENT = Stage.INTENT_SIGNED

_TRIPS = (
    Known("trip1", _SIGNED, "北京智沃沃数字产业大厦", "北京智沃沃数字产业大厦项目方", Industry.I, "3.2亿"),
    Known("trip1", _LANDED, "联通东北亚数据中心", "联通东北亚数据中心项目方", Industry.I, "12亿"),
    Known("trip2", _SIGNED, "吉林高速公路检测中心", "吉林高速公路检测中心项目方", Industry.M, "1.6亿"),
    Known("trip3", _SIGNED, "吉路通网络货运", "吉路通网络货运项目方", Industry.G, "6000万"),
    Known("trip6", _SIGNED, "数字物流产业园", "数字物流产业园项目方", Industry.G, "5.5亿"),
    Known("trip4", _SIGNED, "津长合作科创产业园", "津长合作科创产业园项目方", Industry.M, "8亿"),
)
_CLUSTER = (
    Known("cluster", _LANDED, "汽车零部件数字化工厂", "长春中拓模塑科技有限公司", Industry.C, "2.4亿"),
    *(Known("cluster", _LANDED, "智能装备项目", None, Industry.C, amount)
      for amount in ("2.1亿", "1.8亿", "1.5亿", "1.3亿", "9000万", "7000万")),
)  # fmt: skip
_OTHERS = (
    Known("capital", _SIGNED, "长春国家农业公园", "成都力方集团", Industry.A, "15亿"),
    Known("capital", _INTENT, "滨河片区合作开发", "中交第一航务工程局有限公司", Industry.E, "20亿"),
    Known("enquiry", _LANDED, "送变电智慧能源", "送变电智慧能源项目方", Industry.D, "3亿"),
    Known("enquiry", _LANDED, "东北输送链条产业园", "东北输送链条产业园项目方", Industry.C, "2.2亿"),
)

_CENTRES = ("beijing",) * 6 + ("shanghai",) * 4 + ("shenzhen",) * 3 + ("hangzhou",) * 2 + ("chengdu",)
_FURTHER = {0: _LANDED, 3: _SIGNED, 6: _LANDED, 8: _SIGNED, 10: _SIGNED}
"""The sixteen intended projects of the liaison centres, some of which have gone further since."""

KNOWN: tuple[Known, ...] = (
    *_TRIPS, *_CLUSTER, *_OTHERS, *(Known(key, _FURTHER.get(n, _INTENT)) for n, key in enumerate(_CENTRES))
)  # fmt: skip

AS_REPORTED = 1000
"""Below this number the other leads stay within the report's figures; larger districts go on as life does."""
CAPS = {ChannelKind.LIAISON_CENTRE: Stage.NEGOTIATING, ChannelKind.OUTBOUND_TRIP: Stage.INTENT_SIGNED}
