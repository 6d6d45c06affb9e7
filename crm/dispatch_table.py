"""A dispatch as a workbook: what moved, the red lights, who has which problems, the tasks."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from crm.exports import FEN_IN_WAN, Sheet, Value
from domain.base import Text
from domain.problem import ProblemStatus, ProblemWay
from domain.project import Milestone
from domain.task import TaskKind, TaskStatus
from projections.dispatch import Document

Kinds = Mapping[str, Mapping[str, Text]]


def sheets(document: Document, kinds: Kinds) -> Iterator[Sheet]:
    """The tables of a dispatch, in Chinese as the offices pass them on."""
    yield Sheet("项目变化", _projects(document, kinds["projects"]), (14, 32, 14, 14, 26, 44))
    yield Sheet("红灯项目", _red(document), (32, 14, 14, 26, 60, 12))
    yield Sheet("问题变化", _problems(document, kinds["problems"]), (14, 40, 26, 22, 12, 18, 30, 12, 12, 30))
    yield Sheet("未办结问题", _answering(document), (28, 12, 12, 12, 12))
    yield Sheet("督办事项", _tasks(document), (40, 12, 14, 26, 14, 12, 12, 40, 30, 12))


def _projects(document: Document, kinds: Mapping[str, Text]) -> Iterator[list[Value]]:
    yield ["变化", "项目名称", "总投资（万元）", "包保领导", "责任部门", "具体情况"]
    for kind, title in kinds.items():
        for one in document["projects"].get(kind, {"listed": ()})["listed"]:
            yield [
                title.zh,
                one["name"],
                _wan(one["investment_fen"]),
                _person(document, one["leader"]),
                one["departments"],
                change_said(one),
            ]


def change_said(one: Mapping[str, Any]) -> str:
    """What became otherwise with a project, in Chinese."""
    if "replanned" in one:
        return "；".join(
            f"{Milestone(m['milestone']).text.zh} {m['from']} → {m['to'] or '取消'}" for m in one["replanned"]
        )
    if "invested_fen" in one:
        built = f"{_percent(one['was'])} → {_percent(one['physical'])}"
        return f"形象进度 {built}，累计完成投资 {_amount(one['invested_was_fen'])} → {_amount(one['invested_fen'])}"
    late = f"（计划 {one['planned']}）" if one.get("planned") else ""
    return f"{one['on'] or ''}{late}"


def _red(document: Document) -> Iterator[list[Value]]:
    yield ["项目名称", "总投资（万元）", "包保领导", "责任部门", "亮灯原因", "本次新增"]
    for one in document["lights"]["red"]:
        causes = "；".join(cause_said(cause) for cause in one["causes"])
        yield [
            one["name"],
            _wan(one["investment_fen"]),
            _person(document, one["leader"]),
            one["departments"],
            causes,
            "是" if one["fresh"] else None,
        ]


def cause_said(cause: Mapping[str, Any]) -> str:
    """Why a project is lit, in Chinese."""
    if cause["milestone"]:
        return f"{Milestone(cause['milestone']).text.zh}计划 {cause['planned']}，尚未完成"
    gap = cause["asked"] - cause["physical"]
    return f"形象进度 {cause['physical']}%，计划 {cause['asked']}%，落后 {gap} 个百分点"


def _problems(document: Document, kinds: Mapping[str, Text]) -> Iterator[list[Value]]:
    yield ["变化", "问题", "所属项目", "责任单位", "责任人", "办理路径", "办理措施", "办结期限", "状态", "办理结果"]
    for kind, title in kinds.items():
        for one in document["problems"]["moves"].get(kind, {"listed": ()})["listed"]:
            yield [
                title.zh, one["name"], document["called"].get(one["project"]), one["department"],
                _person(document, one["person"]), ProblemWay(one["way"]).text.zh if one["way"] else None, one["plan"],
                _day(one["due_on"]), ProblemStatus(one["status"]).text.zh, one["result"],
            ]  # fmt: skip


def _answering(document: Document) -> Iterator[list[Value]]:
    yield ["责任人或责任单位", "未办结", "已逾期", "三日内到期", "已提级"]
    for one in document["problems"]["answering"]:
        who = _person(document, one["person"]) or one["department"] or "未交办"
        yield [who, one["open"], one["overdue"], one["soon"], one["escalated"]]


def _tasks(document: Document) -> Iterator[list[Value]]:
    yield ["督办事项", "来源", "交办领导", "责任单位", "责任人", "交办日期", "办结期限", "办理进展", "办理结果", "状态"]
    for one in [*document["tasks"]["listed"], *document["tasks"]["finished"]]:
        yield [
            one["name"], TaskKind(one["kind"]).text.zh, _person(document, one["given_by"]), one["department"],
            _person(document, one["person"]), _day(one["given_on"]), _day(one["due_on"]), one["progress"], one["result"],
            TaskStatus(one["status"]).text.zh,
        ]  # fmt: skip


def _person(document: Document, one: str | None) -> str | None:
    return document["people"].get(one, "—") if one else None


def _wan(fen: int | None) -> float | None:
    return fen / FEN_IN_WAN if fen else None


def _amount(fen: int | None) -> str:
    return f"{fen / FEN_IN_WAN:,.0f}万元" if fen else "—"


def _percent(value: int | None) -> str:
    return "—" if value is None else f"{value}%"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
