"""What moves between two meetings are called, why something was only learned later, and the figures of a document."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from domain.base import Text
from domain.funnel import STAGES, Stage, Status
from projections.changes import CAUSES, KINDS, Move, Side
from projections.changes_behind import Slot, counts
from projections.funnel import Cell, Figures, Group
from projections.pack import Document

MOVES: Final[Mapping[str, Text]] = {
    "entered": Text("新增线索", "New leads"),
    "advanced": Text("向前推进", "Advanced"),
    "reopened": Text("重新启动", "Reopened"),
    "resumed": Text("恢复推进", "Resumed"),
    "unmerged": Text("取消合并", "Mergers undone"),
    "came_in": Text("划入统计", "Came in"),
    "fell_back": Text("阶段回退", "Fell back"),
    "held": Text("转为暂缓", "Put on hold"),
    "lost": Text("流失", "Lost"),
    "merged": Text("合并", "Merged"),
    "voided": Text("登记作废", "Registration retracted"),
    "deferred": Text("登记日期后移", "Registration dated later"),
    "went_out": Text("划出统计", "Went out"),
    "reached": Text("曾到达阶段更正", "Stage reached corrected"),
    "amount": Text("金额调整", "Amount changed"),
    "reattributed": Text("归属调整", "Credited elsewhere"),
}
CAUSE_WORDS: Final[Mapping[str, Text]] = {
    "late": Text("会后补录", "entered late"),
    "corrected": Text("更正", "corrected"),
    "retracted": Text("撤回", "retracted"),
    "reinstated": Text("恢复", "reinstated"),
    "merged": Text("合并", "merged"),
    "unmerged": Text("取消合并", "unmerged"),
}
PARTS: Final[Mapping[str, Text]] = {
    "happened": Text("两次会议之间发生", "Happened between the meetings"),
    "learned": Text("上次会议的数据后来有变", "Learned later of the meeting before"),
}


class Kind(NamedTuple):
    """The moves of one kind: how many leads, by how much they differ in amount, and those of them that are listed."""

    kind: str
    leads: int
    amount_fen: int
    listed: list[Document]


def kinds_of(part: Document) -> list[Kind]:
    """The moves of a part of a document, kind by kind."""
    found: list[Kind] = []
    for kind in KINDS:
        moves = [move for move in part["moves"] if move["kind"] == kind]
        if moves:
            change = sum(move["after_fen"] - move["before_fen"] for move in moves)
            listed = [lead for lead in part["leads"] if lead["kind"] == kind]
            found.append(Kind(kind, sum(move["leads"] for move in moves), change, listed))
    return found


def group_of(document: Document, key: str | None = None) -> Group:
    """The figures of a document as the funnel's own."""
    stages = [Figures(**{**_without(stage, "went_on"), "stage": Stage(stage["stage"])}) for stage in document["stages"]]
    return Group(key, stages, document["merged"])


def _without(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


class Change(NamedTuple):
    """How many leads came into a number and how many left it."""

    came: int
    left: int


class Step(NamedTuple):
    """One number of a stage from meeting to meeting: before + what came − what left, learned and happened, = now."""

    stage: Stage
    before: int
    learned: Change
    happened: Change
    now: int


def steps(document: Document, measure: str) -> list[Step]:
    """How `measure` ("standing", "reached") of every stage went from the meeting before to this one."""
    since, now = document["since"], document["total"]["stages"]
    moves = {part: [_move(move) for move in since[part]["moves"]] for part in PARTS}
    return [
        Step(
            stage, since["before"]["stages"][place][measure], _change(moves["learned"], measure, stage),
            _change(moves["happened"], measure, stage), now[place][measure],
        )
        for place, stage in enumerate(STAGES)
    ]  # fmt: skip


def _change(moves: Iterable[Move], measure: str, stage: Stage) -> Change:
    moves, cell = list(moves), Cell(measure, stage)
    return Change(*(sum(move.leads for move in moves if counts(move, Slot(cell, side))) for side in ("came", "left")))


def _move(move: Document) -> Move:
    return Move(
        move["kind"], move["cause"], _side(move["from"]), _side(move["to"]), move["leads"], move["before_fen"],
        move["after_fen"], move["revalued"],
    )  # fmt: skip


def _side(side: Document | None) -> Side | None:
    return None if side is None else Side(side["status"], _order(side["stage"]), _order(side["reached"]), None)


def _order(stage: str | None) -> int:
    return Stage(stage).order if stage else 0


def standing(side: Document | None) -> tuple[Stage | None, Status] | None:
    """A lead's stage and status in a document; None where it was not counted."""
    if side is None:
        return None
    return Stage(side["stage"]) if side["stage"] else None, Status(side["status"])


def _complete(words: Mapping[str, Text], names: Iterable[str]) -> None:
    if missing := set(names) - words.keys():
        raise TypeError(f"without words: {sorted(missing)}")


_complete(MOVES, KINDS)
_complete(CAUSE_WORDS, CAUSES)
