"""What the service bureau did: accompanied visits, calls, inspections and problems it coordinated, each logged by whoever did it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from crm.demo.telling import Told
from crm.demo.year.firms import FIRMS
from crm.demo.year.people import BUREAU
from crm.demo.year.record import Record, spread, workday
from domain.service import FollowUp, LogService, Service, ServiceKind, ServiceOutcome


class Work(NamedTuple):
    kind: ServiceKind
    number: int
    subjects: tuple[str, ...]
    results: tuple[str, ...]


WORK: Final = (
    Work(ServiceKind.ACCOMPANIED, 173,
         ("陪同到市自然资源局对接土地手续", "陪同到政务服务中心办理施工许可", "陪同到供电公司对接临电接引", "陪同到市住建局办理图审",
          "陪同到生态环境局对接环评"), ("已递交材料", "已明确所需材料清单", "当场受理", "约定下周复审")),
    Work(ServiceKind.PHONE, 1612,
         ("询问手续办理进度", "询问用工情况", "通知政策申报", "询问施工进度", "核对投资数据", "提醒补交材料", "询问资金到位情况"),
         ("正常推进", "已告知", "企业将于本周补齐", "暂无需要协调的事项")),
    Work(ServiceKind.INSPECTION, 156,
         ("踏查施工现场进度", "踏查地块征拆情况", "查看设备安装", "查看暖封闭准备情况", "核实实物工作量"),
         ("进度符合计划", "已提示安全生产", "与施工方确认下月计划", "需协调道路开口")),
)  # fmt: skip
SOLVED: Final = Work(
    ServiceKind.COORDINATION, 186,
    ("协调绿地面积指标", "协调村路改造", "协调电力排迁", "协调通信排迁", "协调临电接引", "协调土地延期", "协调消防道路设计",
     "协调验收时间", "协调燃气接入"),
    ("已解决，企业确认", "多部门会商后解决", "专家论证后形成方案", "已办理延期"),
)  # fmt: skip
"""186 problems solved, beside those that firms raised."""
_LATER: Final = 3  # of so many that were solved one was not at once


def services(year: int) -> Iterator[Told]:
    for work in (*WORK, SOLVED):
        for number, day in enumerate(spread(date(year, 1, 8), date(year, 12, 5), work.number)):
            yield from _service(work, number, day)


def _service(work: Work, number: int, day: date) -> Iterator[Told]:
    record, who = Record(Service, work.kind.value, number), BUREAU[number % len(BUREAU)]
    result = work.results[number % len(work.results)]
    late = work is SOLVED and number % _LATER == 0
    outcome = ServiceOutcome.DONE if work is not SOLVED else ServiceOutcome.GOES_ON if late else ServiceOutcome.SOLVED
    yield record.tell(
        who,
        LogService(
            kind=work.kind, subject=work.subjects[number % len(work.subjects)], company=FIRMS[number * 7 % len(FIRMS)].id,
            outcome=outcome, result=None if late else result, occurred_on=day,
        ),
    )  # fmt: skip
    if late:
        after = workday(day + timedelta(days=4 + number % 11))
        yield record.tell(who, FollowUp(outcome=ServiceOutcome.SOLVED, result=result, occurred_on=after))
