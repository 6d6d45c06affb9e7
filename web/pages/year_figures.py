"""The figures of a year, each defined once: what it is called, what it counts and where that is seen.

To add one is to add an entry: page, paper, workbook and API have it then.
"""

from dataclasses import dataclass
from typing import Final

from domain.base import Term, Text
from domain.channel import ChannelKind
from domain.funding import FundingKind
from domain.funnel import Stage
from domain.service import ServiceKind
from domain.site import SiteKind
from web.pages.year_counted import channels_adding, leads_at, lent, obtained, raised, served, space, started
from web.pages.year_numbers import Number, distinct, listed, summed


class Unit(Term):
    COUNT = "count", "数量", "Number"
    MONEY = "money", "金额", "Amount"
    AREA = "area", "面积", "Area"


@dataclass(frozen=True)
class Figure:
    """A figure of a year: a number, or `part` ÷ `whole`. `cohort` says what is counted, and since when."""

    key: str
    name: Text
    part: Number
    cohort: Text
    unit: Unit = Unit.COUNT
    whole: Number | None = None


@dataclass(frozen=True)
class Chapter:
    title: Text
    figures: tuple[Figure, ...]


_IN_YEAR: Final = Text("本年 1 月 1 日至截止日", "From 1 January to the cut-off")
_BY_THEN: Final = Text("截止日", "As at the cut-off")


def _so(zh: str, en: str, since: Text = _IN_YEAR) -> Text:
    return Text(f"{since.zh}{zh}", f"{since.en}: {en}")


# ── the figures ─────────────────────────────────────────────────────────────────────────────────────────────────────

_TRIPS = (ChannelKind.OUTBOUND_TRIP, ChannelKind.OVERSEAS_MISSION)
_MISSION, _EVENT = ChannelKind.OVERSEAS_MISSION, ChannelKind.INBOUND_EVENT

CHAPTERS: Final = (
    Chapter(Text("项目建设", "Projects"), (
        Figure("started", Text("5000万元以上项目开（复）工率", "Projects from CNY 50m on: started or resumed ÷ planned"),
               summed("started", started),
               Text("分子：本年内开工或复工，每个项目计一次；分母：2 月末列入本年计划的项目",
                    "Above: started or resumed in the year, each once. Below: in the year's plan by the end of February"),
               whole=listed("projects", year="{year}", amount_from="5000万", as_at="{planned_on}")),
        Figure("land", Text("完成土地摘牌的项目", "Projects that took land"),
               listed("projects", reached="land", reached_from="{first}", reached_to="{until}"),
               _so("完成摘牌节点的项目", "projects that reached this milestone")),
        Figure("procedures", Text("帮办前期手续", "Early procedures handled"),
               listed("procedures", way="helped", accepted_from="{first}", accepted_to="{until}"),
               _so("受理、由专员帮办的手续", "accepted, and handled with the firm by an officer")),
        Figure("bond", Text("专项债券资金争取限额", "Special-bond quota obtained"),
               obtained(FundingKind.SPECIAL_BOND, lambda one: one.approved), _so("批复的金额", "amounts approved"), Unit.MONEY),
        Figure("central", Text("中央预算内投资争取到位", "Central budget received"),
               obtained(FundingKind.CENTRAL_BUDGET, lambda one: one.disbursed, paid="1"),
               Text("本年批复、截止日已拨付的金额", "Approved in the year: what was paid out by the cut-off"), Unit.MONEY),
    )),
    Chapter(Text("招商引资", "Attraction"), (
        Figure("centres", Text("招商联络中心", "Liaison centres"),
               summed("centres", channels_adding(lambda row: int(not row.closed), ChannelKind.LIAISON_CENTRE)),
               _so("已设立、未停用的联络中心", "set up and not closed", _BY_THEN)),
        Figure("intents", Text("联络中心达成投资意向", "Intended projects from the centres"),
               leads_at(ChannelKind.LIAISON_CENTRE, Stage.INTENT_SIGNED),
               _so("联络中心线索中曾到达意向签约的", "leads of the centres that ever came to an intent", _BY_THEN)),
        Figure("trips", Text("赴外招商及境外活动", "Trips out, overseas ones included"),
               summed("trips", channels_adding(lambda _: 1, *_TRIPS)), _so("开始的外出招商和境外招商团", "trips and missions begun")),
        Figure("conferences", Text("境外招商推介会", "Overseas promotion conferences"),
               summed("conferences", channels_adding(lambda row: row.conferences, _MISSION)),
               _so("境外招商团登记的推介会场数", "as reported by the missions")),
        Figure("cooperations", Text("与海外企业达成合作", "Cooperations with overseas firms"),
               summed("cooperations", channels_adding(lambda row: row.cooperations, _MISSION)),
               _so("境外招商团登记的促成合作", "as reported by the missions")),
        Figure("signed", Text("叩门招商签约项目", "Projects signed on domestic trips"),
               leads_at(ChannelKind.OUTBOUND_TRIP, Stage.CONTRACT_SIGNED),
               _so("外出招商线索中曾到达正式签约的", "leads of domestic trips that ever came to a contract", _BY_THEN)),
        Figure("events", Text("“请进来”大型活动", "Events in"), summed("events", channels_adding(lambda _: 1, _EVENT)),
               _so("举办的活动", "events held")),
        Figure("met", Text("“请进来”对接洽谈企业", "Firms met at events in"),
               summed("met", channels_adding(lambda row: row.firms_met, _EVENT)), _so("各场活动登记的企业家数", "as reported of each event")),
    )),
    Chapter(Text("项目服务", "Service"), (
        Figure("accompanied", Text("陪同企业办理业务", "Accompanied visits"), served(kind=ServiceKind.ACCOMPANIED.value),
               _so("逐次登记", "logged one by one")),
        Figure("phone", Text("电话跟踪服务", "Phone follow-ups"), served(kind=ServiceKind.PHONE.value),
               _so("逐次登记", "logged one by one")),
        Figure("inspections", Text("踏查施工现场", "Site inspections"), served(kind=ServiceKind.INSPECTION.value),
               _so("逐次登记", "logged one by one")),
        Figure("coordinated", Text("协调解决难点问题", "Problems solved by the service bureau"), served(outcome="solved"),
               _so("服务中解决的问题（不含企业问题台账）", "solved in services; firms' problems are not among them")),
    )),
    Chapter(Text("助企纾困", "Firms"), (
        Figure("solved", Text("企业问题解决率", "Firms' problems: solved ÷ taken"), raised(status="settled"),
               Text("本年受理的企业问题；分子为其中截止日已解决的", "Firms' problems taken in the year; above: of these solved by the cut-off"),
               whole=raised(status="all")),
        Figure("firms", Text("双重包保服务企业", "Firms served"), listed("companies", answered="yes"),
               _so("已落实包保的企业", "firms that somebody answers for", _BY_THEN)),
        Figure("sectors", Text("服务企业所属行业", "Industries of these firms"), distinct("sectors", "companies", "companies", answered="yes"),
               _so("已落实包保的企业所属行业", "industries of firms that somebody answers for", _BY_THEN)),
        Figure("leaders", Text("包保区级干部", "Leaders and cadres"), distinct("leaders", "companies.service", "companies", answered="yes"),
               _so("包保企业的领导", "leaders answering for firms", _BY_THEN)),
        Figure("officers", Text("驻企服务专员", "Service officers"), distinct("officers", "companies.service", "companies", answered="yes"),
               _so("包保企业的专员", "officers answering for firms", _BY_THEN)),
        Figure("lent", Text("对接会促成贷款", "Loans arranged"), lent("amount"), _so("逐笔登记的贷款", "loan by loan"), Unit.MONEY),
        Figure("lent_firms", Text("贷款惠及企业", "Firms these loans went to"), lent("firms"),
               _so("每家企业计一次", "each firm once")),
    )),
    Chapter(Text("载体空间", "Ready space"), (
        Figure("parks", Text("产业园区", "Parks"), space(SiteKind.PARK), _so("在册园区总面积", "whole area registered", _BY_THEN), Unit.AREA),
        Figure("buildings", Text("楼宇空间", "Buildings"), space(SiteKind.BUILDING),
               _so("在册楼宇总面积", "whole area registered", _BY_THEN), Unit.AREA),
    )),
)  # fmt: skip
FIGURES: Final = {figure.key: figure for chapter in CHAPTERS for figure in chapter.figures}
