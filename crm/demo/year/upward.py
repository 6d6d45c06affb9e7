"""Early procedures that officers handled with projects, and the money obtained from above: one by one, paper by paper."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from crm.demo.cast import MEMBERS
from crm.demo.telling import Told
from crm.demo.year.people import BUREAU
from crm.demo.year.record import Record, record_id, spread, workday
from crm.demo.year.works import works
from domain.funding import ApproveFunding, DisburseFunding, Funding, FundingKind, OpenFunding
from domain.procedure import (
    AcceptProcedure,
    GrantProcedure,
    HandleProcedure,
    Handling,
    OpenProcedure,
    Procedure,
    ProcedureKind,
    SupplementProcedure,
)
from domain.project import Project
from domain.values import parse_amount

HANDLED: Final = 43
"""40 and more, for the epidemic-treatment base and other projects."""
_BASE: Final = 12
_LENIENT: Final = 5  # of so many one was accepted with papers missing
_PROJECTS: Final = {work.name: record_id(Project, number) for number, work in enumerate(works())}
_KINDS: Final = (
    (ProcedureKind.APPROVAL, "区发改局"), (ProcedureKind.LAND_USE, "区自然资源分局"), (ProcedureKind.ENVIRONMENT, "区生态环境分局"),
    (ProcedureKind.PLANNING, "区自然资源分局"), (ProcedureKind.DRAWINGS, "区住建局"), (ProcedureKind.SOIL, "区水利局"),
    (ProcedureKind.ENERGY, "区发改局"), (ProcedureKind.BUILDING, "区住建局"), (ProcedureKind.FIRE, "区住建局"),
    (ProcedureKind.UTILITIES, "供电公司"), (ProcedureKind.FILING, "区发改局"),
)  # fmt: skip
_OTHERS: Final = (
    "吉高集团科技试验检测基地（数据产业园）", "英俊1号变电站", "吉林鹏霖建筑垃圾再生循环利用智能产业园", "赫行食育科技产业园",
    "吉林省金祺电子科技有限公司建设项目", "滨河湾区开发改造",
)  # fmt: skip


def procedures(year: int) -> Iterator[Told]:
    for number, day in enumerate(spread(date(year, 2, 12), date(year, 10, 20), HANDLED)):
        name = "中医药大学疫病救治基地" if number < _BASE else _OTHERS[number % len(_OTHERS)]
        yield from _procedure(number, _PROJECTS[name], day)


def _procedure(number: int, project: UUID, day: date) -> Iterator[Told]:
    record, who = Record(Procedure, number), BUREAU[number % len(BUREAU)]
    kind, office = _KINDS[number % len(_KINDS)]
    yield record.tell(who, OpenProcedure(kind=kind, department=office, project=project, occurred_on=day))
    yield record.tell(who, HandleProcedure(way=Handling.HELPED, handler=who.id, occurred_on=day))
    lenient, after = number % _LENIENT == 0, workday(day + timedelta(days=2))
    promised = workday(after + timedelta(days=15))
    accepted = AcceptProcedure(
        missing="地质勘察报告" if lenient else None, promised_on=promised if lenient else None, occurred_on=after
    )
    yield record.tell(who, accepted)
    if lenient:
        yield record.tell(who, SupplementProcedure(occurred_on=workday(after + timedelta(days=9))))
    paper = f"{kind.text.zh}〔{day.year}〕{number + 1}号"
    yield record.tell(
        who, GrantProcedure(document=paper, occurred_on=workday(after + timedelta(days=14 + number % 10)))
    )


class Obtained(NamedTuple):
    """Money applied for, approved, and paid out in parts."""

    name: str
    kind: FundingKind
    project: str
    requested: str
    approved: str
    paid: tuple[str, ...]
    month: int


OBTAINED: Final = (
    Obtained("二道区中医院迁建项目专项债", FundingKind.SPECIAL_BOND, "二道区中医院迁建", "2.2亿", "1.8亿", ("1亿", "6000万"), 3),
    Obtained("市政燃气管道专项债", FundingKind.SPECIAL_BOND, "长春二道经济开发区市政燃气管道", "1.2亿", "9200万", ("9200万",), 4),
    Obtained("创新产业园基础设施专项债", FundingKind.SPECIAL_BOND, "创新产业园", "1.6亿", "1.4亿", ("7000万",), 6),
    Obtained("2022年老旧小区改造中央预算内投资", FundingKind.CENTRAL_BUDGET, "2022年老旧小区改造", "1500万", "1232万",
             ("800万", "432万"), 3),
    Obtained("疫病救治基地中央预算内投资", FundingKind.CENTRAL_BUDGET, "中医药大学疫病救治基地", "1000万", "700万", ("700万",), 5),
)  # fmt: skip
"""4.12亿 of special bonds approved, 1932万 of the central budget received."""


def funding(year: int) -> Iterator[Told]:
    who = MEMBERS["manager"]
    for number, one in enumerate(OBTAINED):
        record, day = Record(Funding, number), workday(date(year, one.month, 5 + number))
        form = OpenFunding(
            name=one.name, kind=one.kind, department="省发改委", project=_PROJECTS[one.project],
            requested=parse_amount(one.requested), occurred_on=day,
        )  # fmt: skip
        yield record.tell(who, form)
        approved, paper = workday(day + timedelta(days=60)), f"吉发改投资〔{year}〕{120 + number}号"
        yield record.tell(who, ApproveFunding(amount=parse_amount(one.approved), document=paper, occurred_on=approved))
        for nth, amount in enumerate(one.paid, start=1):
            paid = workday(approved + timedelta(days=35 * nth))
            yield record.tell(who, DisburseFunding(amount=parse_amount(amount), occurred_on=paid))
