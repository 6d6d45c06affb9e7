"""What a district sets for itself, by subject: clocks, lights, classes of size, what counts, the first claim.

The defaults are those of published rules of several cities; every district sets its own, so nothing here is a constant.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from domain.base import Payload, Refused, Term
from domain.project.kinds import SIZES, ProjectKind
from domain.values import Amount, Money, checked


def _between(least: int, most: int) -> AfterValidator:
    def check(value: int) -> int:
        if not least <= value <= most:
            raise Refused("clock.range", "应在 {a} 到 {b} 之间。", "Between {a} and {b}.", a=least, b=most)
        return value

    return checked(check)


def _days(value: int) -> int:
    if not 1 <= value <= DAYS_AT_MOST:
        raise Refused("clock.range", "应在 1 到 365 天之间。", "Between 1 and 365 days.")
    return value


DAYS_AT_MOST: Final = 365
Days = Annotated[int, checked(_days)]
Months = Annotated[int, _between(1, 36)]
Points = Annotated[int, _between(1, 100)]
Long = Annotated[int, _between(1, 1095)]
"""A term in days that may run for years."""


class StaffReading(Term):
    """What staff may read of leads that are not of their channel and not their own."""

    NONE = "none", "不可见", "Nothing"
    LIST = "list", "可见列表，不含联系人", "The list, without contact persons"
    FULL = "full", "全部可见", "Everything"


class LightRules(Payload):
    """When a project is lit. A light goes on at its limit, not beyond it."""

    late_yellow_months: Months = Field(1, title="节点逾期亮黄灯（月）|Milestone late, yellow (months)")
    late_red_months: Months = Field(3, title="节点逾期亮红灯（月）|Milestone late, red (months)")
    behind_yellow_points: Points = Field(10, title="进度落后亮黄灯（百分点）|Behind plan, yellow (points)")
    behind_red_points: Points = Field(30, title="进度落后亮红灯（百分点）|Behind plan, red (points)")
    paused: bool = Field(False, title="停工项目也亮灯|Paused projects are lit too")


class ProblemClocks(Payload):
    """How soon a problem is dealt with, in days; each step runs from the end of the one before, solving from assignment."""

    take_days: Days = Field(1, title="受理（天）|Take within (days)")
    assign_days: Days = Field(3, title="分类交办（天）|Classify and assign within (days)")
    solve_days: Days = Field(15, title="办结（天）|Solve within (days)")
    escalate_days: Days = Field(5, title="逾期后提级（天）|Escalate when overdue by (days)")
    confirm_days: Days = Field(5, title="企业确认（天）|Confirm within (days)")


class UrgentClocks(ProblemClocks):
    """The same for an urgent one."""

    take_days: Days = Field(1, title="紧急：受理（天）|Urgent: take within (days)")
    assign_days: Days = Field(1, title="紧急：分类交办（天）|Urgent: classify and assign within (days)")
    solve_days: Days = Field(5, title="紧急：办结（天）|Urgent: solve within (days)")
    escalate_days: Days = Field(1, title="紧急：逾期后提级（天）|Urgent: escalate when overdue by (days)")
    confirm_days: Days = Field(2, title="紧急：企业确认（天）|Urgent: confirm within (days)")


class ProcedureClocks(Payload):
    """The clocks of procedures, in days."""

    supplement_days: Days = Field(30, title="容缺补齐（天）|Missing papers follow within (days)")


class FirstClaim(Payload):
    """Who first reports and negotiates a project of that size is protected for that long (首报首谈)."""

    threshold: Amount = Field(Money(minor=SIZES[0]), title="首报首谈保护起点|Protected from")
    term_days: Long = Field(180, title="保护期（天）|Protected for (days)")


class SizeClasses(Payload):
    """Where the classes of size begin, by contracted investment."""

    first: Amount = Field(Money(minor=SIZES[0]), title="规模第一档起点|First class from")
    second: Amount = Field(Money(minor=SIZES[1]), title="规模第二档起点|Second class from")
    third: Amount = Field(Money(minor=SIZES[2]), title="规模第三档起点|Third class from")
    fourth: Amount = Field(Money(minor=SIZES[3]), title="规模第四档起点|Fourth class from")

    @property
    def limits(self) -> tuple[int, ...]:
        """The beginnings in 分, as `size_of` takes them."""
        return tuple(getattr(self, name).fen for name in type(self).model_fields)


class Counting(Payload):
    """What counts in figures: a project once however often it is signed, and which kinds count and are lit."""

    investment: bool = Field(True, title="计入招商项目|Attracted investment counts")
    public_works: bool = Field(True, title="计入政府投资项目|Public works count")
    special_bond: bool = Field(True, title="计入专项债项目|Special-bond projects count")
    central_budget: bool = Field(True, title="计入中央预算内项目|Central-budget projects count")
    expansion: bool = Field(True, title="计入企业增资扩产|Expansions of firms here count")

    @property
    def excluded(self) -> frozenset[ProjectKind]:
        """The kinds that neither count nor are lit."""
        return frozenset(kind for kind in ProjectKind if not getattr(self, kind.value))


class Rules(Payload):
    """What the district has set."""

    answer_days: Days = Field(1, title="首次回应（天）|Answer within (days)")
    judge_days: Days = Field(3, title="研判（天）|Judge within (days)")
    judge_major_days: Days = Field(7, title="重大项目研判（天）|Judge a major one within (days)")
    major_amount: Amount = Field(Money(minor=10**10), title="重大项目起点|A major project is from")
    feedback_days: Days = Field(7, title="反馈引荐方（天）|Feed back within (days)")
    report_days: Days = Field(14, title="进展更新（天）|Report every (days)")
    staff_reading: StaffReading = Field(StaffReading.LIST, title="专员可见其他渠道线索|Staff see other channels' leads")
    first_claim: FirstClaim = Field(
        FirstClaim(),
        title="首报首谈|First claim",
        description="先报先谈的渠道，对达到起点的项目在保护期内优先|who first reports and negotiates a project of that size is protected",
    )
    lights: LightRules = Field(
        LightRules(),
        title="项目亮灯|Lights of projects",
        description="节点按计划日期后满几个月、进度按计划应完成的百分点亮灯|months after a milestone’s planned day, points behind the planned progress",
    )
    sizes: SizeClasses = Field(
        SizeClasses(),
        title="规模分档|Classes of size",
        description="按签约总投资，逐档增大|by contracted investment",
    )
    counting: Counting = Field(
        Counting(),
        title="统计口径|What counts",
        description="重新签约只计一次；不计入的类别也不亮灯|signing anew counts once; kinds that do not count have no light",
    )
    problems: ProblemClocks = Field(
        ProblemClocks(),
        title="企业问题时限|Clocks of problems",
        description="从上一步完成当天起算|each from the end of the step before",
    )
    urgent_problems: UrgentClocks = Field(
        UrgentClocks(),
        title="紧急问题时限|Clocks of urgent problems",
        description="标为紧急的问题|for those marked urgent",
    )
    procedures: ProcedureClocks = Field(
        ProcedureClocks(),
        title="手续时限|Clocks of procedures",
        description="容缺受理后补齐材料的天数|how long missing papers may follow after acceptance",
    )

    def disorder(self) -> Iterator[str]:
        """The fields whose limit lies before the one it must follow: red before yellow, a class before a smaller one."""
        lights, sizes = self.lights, self.sizes
        if lights.late_red_months < lights.late_yellow_months:
            yield "lights.late_red_months"
        if lights.behind_red_points < lights.behind_yellow_points:
            yield "lights.behind_red_points"
        for (_, low), (name, high) in pairwise(zip(SizeClasses.model_fields, sizes.limits, strict=True)):
            if high <= low:
                yield f"sizes.{name}"
