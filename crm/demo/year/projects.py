"""How the projects of the year went: planned, started or resumed, reported on month by month, some finished, some enclosed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from crm.demo.cast import Member
from crm.demo.telling import Told
from crm.demo.year.people import BUREAU, DESK, LEADERS, OFFICERS
from crm.demo.year.record import Record, workday
from crm.demo.year.works import Work, works
from domain.project import (
    Milestone,
    OpenProject,
    PauseProject,
    PlanMilestone,
    PlanWinter,
    Project,
    ReachMilestone,
    ReportProgress,
    ResumeProject,
    StartKind,
    WinterWay,
)
from domain.responsibility import Officer, TakeResponsibility
from domain.values import Money, parse_amount

_MONTHS: Final = 30
_A_MONTH: Final = 7  # per cent of the work
_EVIDENCE: Final = {
    Milestone.LAND: "成交确认书", Milestone.PROCEDURES: "建设工程规划许可证", Milestone.START: "施工许可证",
    Milestone.TOPPING_OUT: "主体结构验收记录", Milestone.COMPLETION: "竣工验收备案表",
}  # fmt: skip
_FINISHED: Final = ("长春二道经济开发区市政燃气管道", "汽车零部件数字化工厂")


def projects(year: int) -> Iterator[Told]:
    for number, work in enumerate(works()):
        yield from _Going(work, number, year).told()


class _Going:
    """One project on its way through the year."""

    def __init__(self, work: Work, number: int, year: int) -> None:
        self._work, self._number, self._year = work, number, year
        self._record = Record(Project, number)
        self._who = BUREAU[number % len(BUREAU)]
        self._amount = parse_amount(work.investment)
        self._begun = workday(date(year, work.month, 6 + number % 20)) if work.month else None

    def told(self) -> Iterator[Told]:
        yield from self._opened()
        yield from self._carried_on() if self._work.start is StartKind.CONTINUED else self._new()
        if self._begun:
            yield from self._reported(self._begun)
        if self._work.enclosed:
            yield from self._enclosed()

    def _opened(self) -> Iterator[Told]:
        work, year = self._work, self._year
        entered = workday(date(year, 1 + self._number % 2, 8 + self._number % 11))
        if work.added and self._begun:
            entered = workday(self._begun - timedelta(days=60))
        day = date(year - 1, 3, 10) if work.start is StartKind.CONTINUED else entered
        form = OpenProject(
            name=work.name, kind=work.kind, industry=work.industry, investment=self._amount, start=work.start,
            planned_year=year + 1 if work.later else year, occurred_on=day,
        )  # fmt: skip
        yield self._record.tell(self._who, form, entered)
        officers = (Officer(person=self._who.id, duty="项目服务"), Officer(person=self._officer.id, duty="手续代办"))
        leader = LEADERS[self._number % len(LEADERS)]
        yield self._record.tell(DESK, TakeResponsibility(leader=leader.id, officers=officers, occurred_on=entered))

    @property
    def _officer(self) -> Member:
        return OFFICERS[self._number * 3 % len(OFFICERS)]

    def _carried_on(self) -> Iterator[Told]:
        """It rested over the winter; what went before was entered when the year's plan was made."""
        before = self._year - 1
        yield from self._reached(Milestone.LAND, date(before, 3, 20))
        yield from self._reached(Milestone.START, date(before, 5, 12))
        pause = PauseProject(reason="冬季停工", occurred_on=date(before, 11, 15))
        yield self._record.tell(self._who, pause)
        if self._begun:
            yield self._record.tell(self._who, ResumeProject(occurred_on=self._begun))

    def _new(self) -> Iterator[Told]:
        if self._begun is None:
            yield from self._planned(Milestone.START, date(self._year, 10, 31))
            return
        opened = self._record.since
        yield from self._planned(Milestone.START, self._begun + timedelta(days=self._number % 20))
        if self._work.land:
            yield from self._reached(Milestone.LAND, self._between(opened, 40))
        yield from self._reached(Milestone.PROCEDURES, self._between(opened, 80))
        yield from self._reached(Milestone.START, self._begun)

    def _between(self, opened: date, share: int) -> date:
        """A working day, so far (in per cent) on the way from its opening to its start."""
        begun = self._begun or opened
        return min(workday(opened + (begun - opened) * share // 100), begun)

    def _planned(self, milestone: Milestone, day: date) -> Iterator[Told]:
        on = self._record.since
        yield self._record.tell(self._who, PlanMilestone(milestone=milestone, planned_on=day, occurred_on=on))

    def _reached(self, milestone: Milestone, day: date) -> Iterator[Told]:
        paper = f"{_EVIDENCE[milestone]}〔{day.year}〕{self._number + 1}号"
        yield self._record.tell(self._who, ReachMilestone(milestone=milestone, evidence=paper, occurred_on=day))

    def _reported(self, begun: date) -> Iterator[Told]:
        """Every month to the end of the year; those that are finished come to an end in it."""
        finished = self._work.name in _FINISHED
        day, done = begun + timedelta(days=_MONTHS), 20 if self._work.start is StartKind.CONTINUED else 0
        while day <= date(self._year, 12, 20):
            done = min(done + (22 if finished else _A_MONTH), 100)
            worth = Money(minor=self._amount.fen * done // 100)
            form = ReportProgress(physical=done, invested=worth, occurred_on=workday(day))
            yield self._record.tell(self._who, form)
            if done == 100:  # noqa: PLR2004 - all of it
                yield from self._reached(Milestone.COMPLETION, workday(day))
                return
            day += timedelta(days=_MONTHS)

    def _enclosed(self) -> Iterator[Told]:
        form = PlanWinter(
            way=WinterWay.ENCLOSED, enclosed_by=date(self._year, 11, 10), works="室内设备安装与二次结构",
            occurred_on=workday(date(self._year, 10, 18)),
        )  # fmt: skip
        yield self._record.tell(self._who, form)
