"""The funnel as a file: one row a group and stage, every rate beside its two numbers, every row with the day it is of."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock, exports
from domain.base import Text
from projections import funnel
from web.pages.files import FileForm, file_of
from web.pages.funnel import asked_of, ordered, partial
from web.pages.funnel_labels import Label, labels
from web.pages.funnel_question import GROUPS, NAMES, Question, demand_understood, read_question
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
COLUMNS: Final = (
    Text("阶段", "Stage"), Text("曾到达", "Reached"), Text("曾到达金额（万元）", "Reached (CNY 10k)"), Text("现处于", "Standing"),
    Text("现处于金额（万元）", "Standing (CNY 10k)"), Text("暂缓", "On hold"), Text("流失", "Lost"),
    Text("到达下一阶段", "Reached the next stage"), Text("转化率", "Conversion"), Text("登记总数", "Registered"),
    Text("已合并", "Merged"), Text("截至", "As at"), Text("按何时所知", "As known at"), Text("依据至第几号记录", "Rests on records up to no."),
    Text("条件", "Conditions"),
)  # fmt: skip
ALL: Final = Text("合计", "All")


@router.get("/funnel/export.{form}", name="funnel.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the page shows with these conditions."""
    question = read_question(request.query_params, clock.today())
    demand_understood(question, NAMES)
    words: Words = request.state.words
    with crm.pool.connection() as conn:
        found = funnel.funnel(
            conn, group_by=question.group_by, filters=question.filters, **asked_of(conn, question, viewer)
        )
        table = list(_table(question, found, labels(conn, words), words, partial=partial(viewer)))
    return file_of("funnel", form, table, question.as_at)


def _table(
    question: Question, found: funnel.Funnel, label: Label, words: Words, *, partial: bool
) -> Iterator[list[Any]]:
    grouped = question.group_by != "none"
    said = words.t
    yield [*([said(GROUPS[question.group_by])] if grouped else []), *map(said, COLUMNS)]
    basis = [
        question.as_at or clock.today(),
        words.moment(min(question.known_at or clock.now(), clock.now())),
        int(found.position),
        said("；", "; ").join(conditions(question, label, words, partial=partial)),
    ]
    if grouped:
        for group in ordered(question.group_by, found.groups):
            for row in _rows(group, words, basis):
                yield [label(question.group_by, group.key), *row]
    for row in _rows(found.total, words, basis):
        yield [*([said(ALL)] if grouped else []), *row]


def conditions(question: Question, label: Label, words: Words, *, partial: bool) -> Iterator[str]:
    """What the figures are narrowed to, a sentence each."""
    for name in question.narrowed:
        yield f"{words.t(GROUPS[name])}{words.t('：', ': ')}{label(name, question.raw[name])}"
    if partial:
        yield words.t("只统计可见的线索", "only leads that may be seen")


def _rows(group: funnel.Group, words: Words, basis: list[Any]) -> Iterator[list[Any]]:
    following: list[funnel.Figures | None] = [*group.stages[1:], None]
    for at, after in zip(group.stages, following, strict=True):
        went_on = [after.reached, words.percent(after.reached, at.reached)] if after else [None, None]
        yield [
            words.term(at.stage), at.reached, at.reached_fen / exports.FEN_IN_WAN, at.standing,
            at.amount_fen / exports.FEN_IN_WAN, at.on_hold, at.lost, *went_on, group.registered, group.merged, *basis,
        ]  # fmt: skip
