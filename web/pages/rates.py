"""The rates of the district with both their numbers, their cohort and cut-off; what each number counts; the same as a file."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock, exports
from crm.application import Unknown
from crm.rate_table import Told, rate_table
from domain.base import Text
from domain.target import OwnerKind
from projections import rates, targets
from projections.paging import BadCursor
from projections.rates import RATES, Figures, Side
from projections.targets import TargetFilters
from web.fields import Choice
from web.html import page, url_for
from web.pages.facts import names_of
from web.pages.files import FileForm, file_of
from web.pages.funnel_labels import Label, labels
from web.pages.funnel_question import NAMES, demand_understood
from web.pages.rates_question import BY_TEXTS, FILTERS, NO_GROUP, Question, read
from web.pages.record_list import numbers
from web.pages.targets import Line, lines, owner_name
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
YEARS_BACK: Final = 6


@router.get("/rates", name="rates")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """All of them for a period, and split by channel or month; htmx asks for `#results` alone."""
    with crm.pool.connection() as conn:
        question = read(conn, request.query_params, viewer)
        found = rates.figures(conn, question.asked)
        split = rates.figures(conn, question.asked, question.by) if question.by != "none" else {}
        met = list(goals(conn, question))
        label, names = labels(conn, request.state.words), names_of(conn)
    years = {clock.today().year - back for back in range(YEARS_BACK)} | {question.asked.last.year}
    return page(
        request, "rates/rates.html", asked=question.typed, question=question.moment.question, period=question, found=found,
        split=split, groups=groups(split), met=met, owner_name=owner_name, names=names, label=label, RATES=RATES,
        NAMES=NAMES, partial=not question.asked.scope.all, href=links(request, question), kept=question.carried,
        lists={"year": numbers(years), "by": [Choice(key, text) for key, text in BY_TEXTS.items() if key != "none"]},
    )  # fmt: skip


def groups(split: Figures) -> list[str]:
    """Every group that any rate has, in order; those without one last."""
    return sorted({key for figures in split.values() for key in figures}, key=lambda key: (not key, key))


def goals(conn: Connection[Any], question: Question) -> Iterator[Line]:
    """目标完成率: every target of the period's last year, the district's own or, split by channel, theirs."""
    kind = OwnerKind.CHANNEL if question.by == "channel" else OwnerKind.DISTRICT
    wanted = TargetFilters(year=question.asked.last.year, owner_kind=str(kind))
    rows = list(targets.LIST.every(conn, wanted.asked(), question.asked.point))
    return lines(conn, rows, question.moment, clock.today(), question.asked.scope)


def links(request: Request, question: Question) -> Callable[..., str]:
    """`href(rate, side, group)`: where what a number counts is listed."""

    def href(rate: str, side: str, group: str | None = None) -> str:
        grouped = {} if group is None else {"by": question.by, "group": group or NO_GROUP}
        return url_for(request, "rates.behind", rate=rate, side=side, **{**question.carried, **grouped})

    return href


@router.get("/rates/export.{form}", name="rates.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the page shows, every rate beside its two numbers, its cohort and its cut-off."""
    with crm.pool.connection() as conn:
        question = read(conn, request.query_params, viewer)
        demand_understood(question.moment.question, NAMES)
        found = rates.figures(conn, question.asked, question.by)
        words: Words = request.state.words
        told = list(_told(found, question, labels(conn, words)))
        names = names_of(conn)
        told += [_goal(one, owner_name(one.row, names).said(words.language)) for one in goals(conn, question)]
    return file_of("rates", form, _table(told, question, words), question.cut_off)


def _told(found: Figures, question: Question, label: Label) -> Iterator[Told]:
    for name, by_group in found.items():
        rate = RATES[name]
        for key, figure in by_group.items():
            group = None if question.by == "none" else label(question.by, key)
            yield Told(
                rate.text, group, rate.part.text, rate.whole.text, figure.part, figure.whole, rate.money, rate.of.cohort
            )


def _goal(one: Line, owner: str) -> Told:
    text = Text(f"目标完成率（{one.metric.text.zh}）", f"Target attained ({one.metric.text.en})")
    return Told(text, owner, ACTUAL, DUE, one.actual, one.due, one.metric.money, OF_TARGET)


ACTUAL: Final = Text("实际完成", "actual")
DUE: Final = Text("截止日应完成", "due by the cut-off")
OF_TARGET: Final = Text("期末所在年度的目标", "the targets of the year in which the period ends")


def _table(told: list[Told], question: Question, words: Words) -> Iterator[list[exports.Value]]:
    known_at = question.moment.question.known_at
    period, known = (question.asked.first, question.asked.last), words.moment(known_at) if known_at else None
    return rate_table(told, period, question.cut_off, known, words.language)


# ── what a number counts ────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/rates/{rate}", name="rates.behind")
def behind(
    request: Request, rate: str, crm: Crm, viewer: Who,
    side: Annotated[str, Query()] = "whole", group: Annotated[str, Query()] = "", after: Annotated[str, Query()] = "",
) -> Response:  # fmt: skip
    """The leads, projects or problems behind one number; htmx asks for `#results` alone."""
    with crm.pool.connection() as conn:
        question = read(conn, request.query_params, viewer)
        demand_understood(question.moment.question, NAMES)
        demand_understood(Typed(question), {name: one.label for name, one in FILTERS.items()})
        wanted = side_of(rate, side, question.by, group)
        counted, total = rates.count(conn, wanted, question.asked)
        try:
            rows = rates.behind(conn, wanted, question.asked, after=after or None)
        except BadCursor:
            rows, after = rates.behind(conn, wanted, question.asked), ""
        label = labels(conn, request.state.words)
    return page(
        request, "rates/behind.html", rate=wanted.rate, number_of=wanted.rate.number(side), rows=rows, counted=counted,
        total=total, period=question, question=question.moment.question, label=label, after=after, kept=question.carried,
        of=None if wanted.group is None else label(question.by, wanted.group), partial=not question.asked.scope.all,
    )  # fmt: skip


class Typed:
    """What was typed and not understood, as lists complain of it."""

    def __init__(self, question: Question) -> None:
        self.raw, self.errors = question.typed.typed, question.typed.errors


def side_of(rate: str, side: str, by: str, group: str) -> Side:
    """The number that an address names. Raises Unknown."""
    known = rate in RATES and side in ("part", "whole") and "\0" not in group
    if not known or (group and by not in RATES[rate].of.by):
        raise Unknown
    return Side(RATES[rate], side, by if group else "none", None if not group else "" if group == NO_GROUP else group)
