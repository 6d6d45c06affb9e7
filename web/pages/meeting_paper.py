"""A meeting on paper: the A4 pack in Chinese, and its figures as a file."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock, exports
from crm.exports import Sheet
from crm.meetings import one_state
from domain.channel import ChannelKind
from domain.funnel import Stage
from projections import pack
from projections.pack import LISTED_AT_MOST, Document
from web.html import page
from web.pages.comparison_words import CAUSE_TEXTS, PARTS, kind_text
from web.pages.files import XLSX
from web.pages.meeting import MEASURED, looked_at
from web.pages.meeting_words import group_of, kinds_of, steps, way_of
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
WAN: Final = exports.FEN_IN_WAN


@router.get("/meetings/{id}/pack", name="meeting.pack")
def paper(request: Request, crm: Crm, viewer: Who, id: UUID) -> Response:
    """The paper, in Chinese whoever looks: it is the district's."""
    with crm.pool.connection() as conn, one_state(conn):
        row, figures = looked_at(conn, viewer, id)
    document = figures.document
    since = document["since"]
    return page(
        request, "meetings/pack.html", row=row, figures=figures, document=document, zh=Words("zh", clock.today()),
        total=group_of(document["total"]), Kind=ChannelKind, Stage=Stage, kind_text=kind_text, CAUSES=CAUSE_TEXTS,
        parts=[(part, PARTS[part], kinds_of(since[part])) for part in ("happened", "learned")] if since else [],
        closing=[(measure, steps(document, measure)) for measure in MEASURED] if since else [], way=_way,
        most=LISTED_AT_MOST, recorded=_moment(document), said=_day,
    )  # fmt: skip


@router.get("/meetings/{id}/figures.{form}", name="meeting.figures")
def figures(form: Literal["json", "xlsx"], crm: Crm, viewer: Who, id: UUID) -> Response:
    """The figures as they are hashed, byte for byte; or as a workbook."""
    with crm.pool.connection() as conn, one_state(conn):
        row, found = looked_at(conn, viewer, id)
    headers = {"Content-Disposition": f"attachment; filename=meeting-{row.as_at}-{row.known_at}.{form}"}
    if form == "json":
        headers["X-Content-Digest"] = found.digest
        return Response(pack.written(found.document), media_type="application/json", headers=headers)
    return Response(exports.workbook(sheets(found.document)), media_type=XLSX, headers=headers)


def sheets(document: Document) -> Iterator[Sheet]:
    """The figures as tables."""
    yield Sheet("漏斗", _stages(document), (12, *[14] * 9))
    yield Sheet("渠道", _channels(document), (32, 14, *[12] * 11))
    if document["since"]:
        yield Sheet("变化", _changes(document), (12, *[14] * 7))
        yield Sheet("变化的线索", _moved(document), (12, 14, 10, 32, 28, 18, 22, 14, 14))


def _stages(document: Document) -> Iterator[list[Any]]:
    yield [
        "阶段",
        "曾到达",
        "曾到达金额（万元）",
        "现处于",
        "现处于金额（万元）",
        "暂缓",
        "流失",
        "到达下一阶段",
        "数据截至",
        "依据至第几号记录",
    ]
    for stage in document["total"]["stages"]:
        yield [
            Stage(stage["stage"]).text.zh, stage["reached"], stage["reached_fen"] / WAN, stage["standing"],
            stage["amount_fen"] / WAN, stage["on_hold"], stage["lost"], stage["went_on"], document["as_at"],
            document["ledger"]["position"],
        ]  # fmt: skip


def _channels(document: Document) -> Iterator[list[Any]]:
    reached = [f"曾到达{stage.text.zh}" for stage in Stage]
    yield ["渠道", "类别", "登记总数", *reached, "推进中", "推进中金额（万元）", "暂缓", "流失", "已合并"]
    for row in document["channels"]:
        yield [
            row["name"], ChannelKind(row["kind"]).text.zh if row["kind"] else None, row["registered"],
            *(stage["reached"] for stage in row["stages"]), row["standing"], row["amount_fen"] / WAN, row["on_hold"],
            row["lost"], row["merged"],
        ]  # fmt: skip


def _changes(document: Document) -> Iterator[list[Any]]:
    yield ["阶段", "口径", "上次会议", "事后得知：增", "事后得知：减", "其间发生：增", "其间发生：减", "本次会议"]
    for measure, said in (("standing", "现处于"), ("reached", "曾到达")):
        for step in steps(document, measure):
            yield [step.stage.text.zh, said, step.before, *step.learned, *step.happened, step.now]


def _moved(document: Document) -> Iterator[list[Any]]:
    yield ["部分", "变化", "原因", "企业", "渠道", "负责人", "由何到何", "原金额（万元）", "现金额（万元）"]
    for part, said in PARTS.items():
        for kind in kinds_of(document["since"][part]):
            for lead in kind.listed:
                yield [
                    said.zh, kind_text(kind.kind, part).zh, CAUSE_TEXTS[lead["cause"]].zh if lead["cause"] else None,
                    lead["company"], lead["channel"], lead["owner"], _way(lead),
                    lead["before_fen"] / WAN, lead["after_fen"] / WAN,
                ]  # fmt: skip


def _way(lead: Document) -> str:
    """From where to where, in Chinese: 接洽 → 在谈, 在谈 → 流失."""
    return " → ".join("、".join(word.text.zh for word in words) for words in way_of(lead) if words)


def _moment(document: Document) -> str:
    said = document["ledger"]["recorded_at"]
    return Words("zh", clock.today()).moment(datetime.fromisoformat(said)) if said else ""


def _day(text: str) -> str:
    """A day as a Chinese paper says it."""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"
