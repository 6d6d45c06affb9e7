"""What firms raised: put down by the officer at the firm, taken and assigned by the bureau, solved, and confirmed by the firm."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from crm.demo.telling import Told
from crm.demo.year.firms import FIRMS
from crm.demo.year.people import DESK
from crm.demo.year.record import Record, spread, workday
from domain.problem import (
    AssignProblem,
    ClassifyProblem,
    ConfirmProblem,
    DecideProblemPath,
    Problem,
    ProblemClass,
    ProblemSource,
    RaiseProblem,
    SolveProblem,
    TakeProblem,
)
from domain.problem.kinds import ProblemWay, Satisfaction

NUMBER: Final = 181
SOLVED: Final = 161


class Matter(NamedTuple):
    """What a firm is stuck at, of which class, for which office, and what came of it."""

    name: str
    kind: ProblemClass
    office: str
    result: str


_MATTERS: Final = (
    Matter("厂房不动产登记缺竣工备案", ProblemClass.PERMITS, "区住建局", "补齐备案后已登记"),
    Matter("流动资金不足，需银行授信", ProblemClass.FINANCE, "区金融办", "银行已授信放款"),
    Matter("一线技工短缺", ProblemClass.LABOUR, "区人社局", "专场招聘录用到岗"),
    Matter("门前道路破损影响货车进出", ProblemClass.UTILITIES, "区城管局", "已修复通车"),
    Matter("稳岗补贴尚未兑现", ProblemClass.POLICY, "区人社局", "补贴已拨付"),
    Matter("新增生产线供电容量不足", ProblemClass.UTILITIES, "二道经济开发区管委会", "已增容送电"),
    Matter("本地配套订单不足", ProblemClass.MARKET, "区工信局", "产需对接会上签约"),
    Matter("消防验收整改标准不明确", ProblemClass.ENVIRONMENT, "区应急局", "明确标准，整改后通过"),
    Matter("仓储场地到期需续租", ProblemClass.SPACE, "二道经济开发区管委会", "已续租三年"),
    Matter("用地规划条件调整", ProblemClass.LAND, "区自然资源分局", "规划条件已批复"),
)  # fmt: skip


def problems(year: int) -> Iterator[Told]:
    last = workday(date(year, 12, 17))
    for number, day in enumerate(spread(date(year, 1, 12), date(year, 11, 20), NUMBER)):
        record = Record(Problem, number)
        yield from _taken(record, number, day)
        if not unsolved(number):
            yield from _solved(record, number, min(workday(day + timedelta(days=6 + number % 19)), last))


def unsolved(number: int) -> bool:
    """Every ninth, as far as there are so many."""
    return number % 9 == 8 and number // 9 < NUMBER - SOLVED  # noqa: PLR2004 - it is of nine


def _taken(record: Record, number: int, day: date) -> Iterator[Told]:
    firm, matter = FIRMS[number * 5 % len(FIRMS)], _MATTERS[number % len(_MATTERS)]
    raised = RaiseProblem(
        name=matter.name, source=ProblemSource.FIRM, raiser=firm.name, company=firm.id, occurred_on=day
    )  # fmt: skip
    yield record.tell(firm.officer, raised)
    after = workday(day + timedelta(days=1))
    yield record.tell(DESK, TakeProblem(number=f"QY{day.year}-{number + 1:03}", occurred_on=after))
    yield record.tell(DESK, ClassifyProblem(kind=matter.kind, occurred_on=after))
    due = workday(after + timedelta(days=30))
    form = AssignProblem(department=matter.office, person=firm.officer.id, due_on=due, occurred_on=after)
    yield record.tell(DESK, form)
    if number % 4 == 0:
        path = DecideProblemPath(way=ProblemWay.JOINT, plan=f"由{matter.office}牵头会商", occurred_on=after)
        yield record.tell(firm.leader, path)


def _solved(record: Record, number: int, day: date) -> Iterator[Told]:
    firm, matter = FIRMS[number * 5 % len(FIRMS)], _MATTERS[number % len(_MATTERS)]
    yield record.tell(firm.officer, SolveProblem(outcome=matter.result, occurred_on=day))
    if number % 7:
        said = tuple(Satisfaction)[number % 2]
        after = workday(day + timedelta(days=3))
        yield record.tell(firm.officer, ConfirmProblem(satisfaction=said, occurred_on=after))
