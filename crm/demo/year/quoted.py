"""What is set and what is quoted: the year's target, and the figures that other offices and the public report give."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from crm.demo.cast import MEMBERS
from crm.demo.telling import Told
from crm.demo.year.record import Record, workday
from crm.demo.year.works import PLANNED
from domain.indicator import Bound, CheckIndicator, Indicator, ReportIndicator
from domain.target import Metric, OwnerKind, SetTarget, Target

_COUNTER: Final = "区政务服务和数字化建设管理局"
_REPORT: Final = "区公开报道"


class Quoted(NamedTuple):
    """A figure as its source gives it. One that is called as a figure of the yearly page stands beside it there."""

    name: str
    value: str
    unit: str
    source: str
    bound: Bound = Bound.EXACT


QUOTED: Final = (
    Quoted("集中审批的行政许可事项", "240", "项", _COUNTER),
    Quoted("划转许可事项的部门", "15", "个", _COUNTER),
    Quoted("政务服务事项完成率", "97", "%", _COUNTER),
    Quoted("免费刻制印章惠及企业", "3365", "家", _COUNTER),
    Quoted("免费刻制印章", "16825", "枚", _COUNTER),
    Quoted("5000万元以上项目开（复）工率", "112", "%", _REPORT),
    Quoted("企业问题解决率", "88.9", "%", _REPORT),
)


def quoted(year: int) -> Iterator[Told]:
    manager, desk = MEMBERS["manager"], MEMBERS["desk2"]
    target = SetTarget(
        year=year, metric=Metric.MAJOR_STARTED, owner_kind=OwnerKind.DISTRICT, count=PLANNED, document="年度重点项目计划",
        occurred_on=workday(date(year, 1, 20)),
    )  # fmt: skip
    yield Record(Target, "started").tell(manager, target)
    for number, one in enumerate(QUOTED):
        record, day = Record(Indicator, number), workday(date(year, 10, 9))
        form = ReportIndicator(
            name=one.name, value=Decimal(one.value), unit=one.unit, bound=one.bound, year=year, period=f"{year}年1—9月",
            source=one.source, occurred_on=day,
        )  # fmt: skip
        yield record.tell(desk, form)
        check = CheckIndicator(evidence="与来文核对一致", occurred_on=workday(date(year, 10, 20)))
        yield record.tell(manager, check)
