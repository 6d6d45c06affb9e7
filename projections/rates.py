"""The rates of the district, each defined once: a number over another, both counted of one cohort at one cut-off.

A cohort is of leads, projects or problems that came somewhere in a period; what became of them is asked as at the
cut-off, as known at a position. Each rate and the lists behind both its numbers are made from the same rows.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from domain.base import Text
from domain.funnel import Stage
from domain.problem import SETTLED
from domain.project import Milestone, ProjectStatus
from domain.values import per_cent
from projections import attained
from projections.changes import Point
from projections.interval_lists import clocks, general
from projections.paging import EVERYTHING, Page, Scope, paged, place
from projections.sql import Queries, direction

q = Queries(__file__)
BY: Final = ("none", "channel", "month")
Kind = Literal["lead", "project", "problem"]


class Population(NamedTuple):
    """A section of the .sql: of what it is, who is in the cohort, and by which of BY it can be split."""

    name: str
    of: Kind
    cohort: Text
    by: Collection[str] = BY


NEGOTIATED: Final = Population(
    "negotiated", "lead", Text("期内首次进入在谈的线索", "leads that first came to talks in the period")
)
SIGNED: Final = Population(
    "signed", "lead", Text("期内首次正式签约的线索", "leads whose contract was first signed in the period")
)
PLANNED: Final = Population(
    "planned", "project", Text("5000万元以上、列入期末所在年度计划的项目", "projects ≥ CNY 50m planned for the year in which the period ends"),
    ("none", "channel"),
)  # fmt: skip
TAKEN: Final = Population("taken", "problem", Text("期内受理的问题", "problems taken in the period"), ("none", "month"))


class Number(NamedTuple):
    """One of a rate's two numbers: its column, and what it counts."""

    column: str
    text: Text


class Rate(NamedTuple):
    """`part` ÷ `whole` of a population; `money`: both are amounts in 分."""

    name: str
    text: Text
    of: Population
    part: Number
    whole: Number
    money: bool = False

    def number(self, side: str) -> Number:
        return self.part if side == "part" else self.whole


_WAS_SIGNED: Final = Number("signed", Text("正式签约", "contract signed"))
RATES: Final = {
    rate.name: rate
    for rate in (
        Rate("signing", Text("签约率", "Signing rate"), NEGOTIATED, _WAS_SIGNED,
             Number("negotiated", Text("进入在谈", "entered negotiation"))),
        Rate("fulfilment", Text("履约率", "Fulfilment rate"), SIGNED,
             Number("fulfilled", Text("已履约（已落地，且已开工或有资金到位）", "fulfilled: landed, and started or with funds arrived")),
             _WAS_SIGNED),
        Rate("landing", Text("落地率", "Landing rate"), SIGNED,
             Number("landed", Text("已落地（注册公司或取得土地）", "landed: registered here, or land taken")), _WAS_SIGNED),
        Rate("start", Text("签约项目开工率", "Start rate (signed)"), SIGNED, Number("started", Text("已开工", "started")), _WAS_SIGNED),
        Rate("plan_start", Text("年度计划开工率", "Start rate (planned)"), PLANNED,
             Number("begun", Text("当年开（复）工", "started or resumed in the year")), Number("planned", Text("列入计划", "planned"))),
        Rate("production", Text("投产率", "Production rate"), SIGNED, Number("producing", Text("已投产", "in production")), _WAS_SIGNED),
        Rate("funds", Text("资金到位率", "Funds-arrived rate"), SIGNED,
             Number("arrived", Text("到位资金（项目累计完成投资）", "funds arrived: realised by the projects")),
             Number("contracted", Text("签约金额", "contracted amount")), money=True),
        Rate("solving", Text("问题解决率", "Solving rate"), TAKEN, Number("solved", Text("已解决", "solved")), Number("taken", Text("已受理", "taken"))),
    )
}  # fmt: skip
"""Every rate that is counted of a cohort, as the field defines it; 目标完成率 is read from the targets themselves."""


class Figure(NamedTuple):
    """Both numbers of a rate, which is never said without them."""

    part: int = 0
    whole: int = 0

    @property
    def rate(self) -> Decimal | None:
        """In per cent, rounded half up to one decimal; None where there is nothing to divide by."""
        return per_cent(self.part, self.whole)


class Asked(NamedTuple):
    """The period in which cohorts begin, the cut-off with what is known, whose leads, and the kinds that do not count."""

    first: date
    last: date
    point: Point
    scope: Scope = EVERYTHING
    excluded: Collection[str] = ()

    def until(self, population: Population) -> tuple[date, date]:
        """Between which days what makes the population happened; never after the cut-off."""
        first, last = self.first, self.last
        if population is PLANNED:
            first, last = date(self.last.year, 1, 1), date(self.last.year, 12, 31)
        return first, min(last, self.point.as_at or last)

    def values(self, population: Population) -> dict[str, Any]:
        """As the queries take it."""
        first, until = self.until(population)
        entered = Stage.NEGOTIATING if population is NEGOTIATED else Stage.CONTRACT_SIGNED
        return {
            **clocks(self.point), **self.scope.parameters, "first": first, "until": until, "year": self.last.year,
            "order": Milestone.START.order if population is PLANNED else entered.order,
            "signed": Stage.CONTRACT_SIGNED.order, "landed": Stage.LANDED.order, "start": Milestone.START.order,
            "production": Milestone.PRODUCTION.order, "at_least": attained.FROM, "excluded": list(self.excluded),
            "settled": sorted(SETTLED), "active": str(ProjectStatus.ACTIVE), "paused": str(ProjectStatus.PAUSED),
        }  # fmt: skip


Figures = Mapping[str, Mapping[str, Figure]]
"""By rate, by group ("" alone where nothing is split)."""


def figures(conn: Connection[Any], asked: Asked, by: str = "none") -> Figures:
    """Every rate that can be split so; each population is read once. Raises KeyError for an unknown split."""
    found: dict[str, dict[str, Figure]] = {}
    for population in (NEGOTIATED, SIGNED, PLANNED, TAKEN):
        if by in population.by:
            found |= _of(conn, population, asked, by)
    return {name: found[name] for name in RATES if name in found}


def _of(conn: Connection[Any], population: Population, asked: Asked, by: str) -> dict[str, dict[str, Figure]]:
    rates = [rate for rate in RATES.values() if rate.of is population]
    columns = sorted({number.column for rate in rates for number in (rate.part, rate.whole)})
    sums = sql.SQL(", ").join(sql.SQL("coalesce(sum({}), 0)::bigint").format(_column(one)) for one in columns)
    query = q["sums"].format(key=q[f"by_{by}"], sums=sums, rows=_rows(population, asked.point))
    rows = conn.execute(query, asked.values(population), prepare=False).fetchall()
    groups = {key or "": dict(zip(columns, numbers, strict=True)) for key, *numbers in rows}
    if by == "none" and not groups:
        groups = {"": dict.fromkeys(columns, 0)}
    return {
        rate.name: {
            key: Figure(numbers[rate.part.column], numbers[rate.whole.column]) for key, numbers in groups.items()
        }
        for rate in rates
    }


class Behind(NamedTuple):
    """A lead, project or problem that one of the numbers counts; `adds`: 1, or an amount in 分."""

    id: UUID
    name: str
    channel: UUID | None
    day: date
    fen: int
    adds: int


class Side(NamedTuple):
    """One of the two numbers of a rate ("part" or "whole"), in all or of one `group` ("": of those that have none)."""

    rate: Rate
    side: str
    by: str = "none"
    group: str | None = None


def count(conn: Connection[Any], side: Side, asked: Asked) -> tuple[int, int]:
    """How many rows the number counts, and what they add up to: the number itself."""
    query = q["count"].format(rows=_rows(side.rate.of, asked.point), **_parts(side))
    values = {**asked.values(side.rate.of), "group": side.group}
    rows, added = conn.execute(query, values, prepare=False).fetchone() or (0, 0)
    return rows, added


def behind(
    conn: Connection[Any], side: Side, asked: Asked, *, after: str | None = None, limit: int = 50
) -> Page[Behind]:
    """A page of what the number counts, the latest first. Raises BadCursor."""
    day, last = place(after, ("date", "uuid"))
    query = q["behind"].format(rows=_rows(side.rate.of, asked.point), **_parts(side), **direction(down=True))
    values = {**asked.values(side.rate.of), "group": side.group, "key": day, "id": last, "limit": limit + 1}
    rows = conn.execute(query, values, prepare=False).fetchall()
    return paged(rows, limit, 2, Behind._make, after=after, before=None)


def _parts(side: Side) -> dict[str, sql.Composable]:
    return {"number": _column(side.rate.number(side.side).column), "key": q[f"by_{side.by}"]}


def _column(name: str) -> sql.Identifier:
    return sql.Identifier("a", name)


def _rows(population: Population, point: Point) -> sql.Composed:
    """The query of that population."""
    return q[population.name].format(
        entered=attained.entered(point), major=attained.major(), standing=general["standing"]
    )
