"""An answer about the funnel as rows, for spreadsheets and for the terminal."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from domain.base import Text
from domain.funnel import Stage, Status

FEN_IN_WAN = 10**6
OF_FUNNEL = (
    Text("阶段", "Stage"), Text("曾到达", "Reached"), Text("现处于", "Standing"), Text("金额（万元）", "Amount (CNY 10k)"),
    Text("暂缓", "On hold"), Text("流失", "Lost"), Text("已合并", "Merged"), Text("登记总数", "Registered"),
    Text("依据至第几号记录", "Rests on records up to no."),
)  # fmt: skip
OF_MOVES = (
    Text("哪一步", "Step"), Text("变动", "Change"), Text("因为", "Because"), Text("之前", "Before"), Text("之后", "After"),
    Text("项数", "Leads"), Text("之前金额（万元）", "Amount before (CNY 10k)"), Text("之后金额（万元）", "Amount after (CNY 10k)"),
    Text("依据至第几号记录", "Rests on records up to no."),
)  # fmt: skip
OF_LEADS = (
    Text("哪一步", "Step"), Text("线索编号", "Lead id"), Text("企业", "Company"), Text("变动", "Change"), Text("因为", "Because"),
    Text("之前", "Before"), Text("之后", "After"), Text("记录号", "Record no."),
    Text("依据至第几号记录", "Rests on records up to no."),
)  # fmt: skip
GROUP, ALL = Text("分组", "Group"), Text("合计", "All")
NOT_COUNTED = Text("不在统计中", "not counted")
STEPS = {"learned": Text("事后得知", "Learned afterwards"), "happened": Text("其间发生", "Happened meanwhile")}
"""By the name of the part of an answer."""


def funnel_table(found: dict[str, Any], language: str) -> list[list[Any]]:
    """A row a stage; with groups, a row a group and stage, and those of all together last."""
    grouped = found["group_by"] != "none"
    heads = [text.said(language) for text in ((GROUP, *OF_FUNNEL) if grouped else OF_FUNNEL)]
    rows = [row for group in found["groups"] for row in _stages(group, group["label"], found["position"], language)]
    rows += _stages(found["total"], ALL.said(language), found["position"], language)
    return [heads, *(row if grouped else row[1:] for row in rows)]


def _stages(group: dict[str, Any], label: str | None, position: int, language: str) -> Iterator[list[Any]]:
    for at in group["stages"]:
        yield [
            label, Stage(at["stage"]).text.said(language), at["reached"], at["standing"], at["amount"]["fen"] / FEN_IN_WAN,
            at["on_hold"], at["lost"], group["merged"], group["registered"], position,
        ]  # fmt: skip


def moves_table(found: dict[str, Any], language: str) -> list[list[Any]]:
    """A row for leads that moved alike, step by step."""
    rows = [
        [
            step.said(language), move["label"], move["cause_label"],
            _side(move["before"], language), _side(move["after"], language), move["leads"],
            move["before_amount"]["fen"] / FEN_IN_WAN, move["after_amount"]["fen"] / FEN_IN_WAN, found["position"],
        ]
        for name, step in STEPS.items()
        for move in found.get(name, ())
    ]  # fmt: skip
    return [[text.said(language) for text in OF_MOVES], *rows]


def leads_table(found: dict[str, Any], language: str) -> list[list[Any]]:
    """A row a lead that moved, step by step; the numbers of the records by which it was learned stand together."""
    rows = [
        [
            step.said(language), lead["id"], lead["company"], lead["label"], lead["cause_label"],
            _place(lead["before"], language), _place(lead["after"], language),
            " ".join(str(one["position"]) for one in lead["because"]), found["position"],
        ]
        for name, step in STEPS.items()
        for lead in found.get(name, ())
    ]  # fmt: skip
    return [[text.said(language) for text in OF_LEADS], *rows]


def _place(place: dict[str, Any] | None, language: str) -> str:
    return _side(place and {**place, "key": None}, language)


def _side(side: dict[str, Any] | None, language: str) -> str:
    if side is None:
        return NOT_COUNTED.said(language)
    stage = Stage(side["stage"]).text.said(language) if side["stage"] else ""
    status = "" if side["status"] == Status.OPEN else Status(side["status"]).text.said(language)
    return " ".join(word for word in (stage, status, side["key"] or "") if word)


def aligned(table: list[list[Any]]) -> Iterator[str]:
    """The rows in columns, numbers to the right; a Chinese character is two places wide."""
    texts = [[_text(value) for value in row] for row in table]
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    right = [all(isinstance(value, int | float) for value in column) for column in zip(*table[1:], strict=True)]
    for row in texts:
        cells = zip(row, widths, right or [False] * len(row), strict=True)
        yield "  ".join(_padded(*cell) for cell in cells).rstrip() + "\n"


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,.2f}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int, right: bool) -> str:  # noqa: FBT001 - a column's own
    space = " " * (width - _width(text))
    return space + text if right else text + space
