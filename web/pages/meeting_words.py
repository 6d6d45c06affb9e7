"""What is said of a meeting's document: its figures as the funnel's own, the way from meeting to meeting, lead by lead."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from domain.funnel import STAGES, Stage, Status
from projections.changes import KINDS, Move, Side
from projections.changes_behind import Slot, counts
from projections.funnel import Cell, Figures, Group
from projections.pack import Document
from web.pages.comparison_words import PARTS

Word = Stage | Status


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


class Way(NamedTuple):
    """From where to where a lead went: only what differs. Without a side: it was not counted there."""

    before: tuple[Word, ...]
    after: tuple[Word, ...]


def way_of(lead: Document) -> Way:
    """The way of a lead in a document: stages; and the status, for it alone where the stage stayed the same."""
    was, is_ = _standing(lead["from"]), _standing(lead["to"])
    if was and is_ and was == is_:
        return Way(_words(*was), ())
    if was and is_ and was[0] is is_[0]:
        return Way(_status(*was), _status(*is_))
    return Way(_words(*was) if was else (), _words(*is_) if is_ else ())


def _standing(side: Document | None) -> tuple[Stage | None, Status] | None:
    if side is None:
        return None
    return Stage(side["stage"]) if side["stage"] else None, Status(side["status"])


def _status(stage: Stage | None, status: Status) -> tuple[Word, ...]:
    """What is worth saying of two standings at the same stage: the stage of the open one, the status of the other."""
    return _words(stage, status) if status is Status.OPEN else (status,)


def _words(stage: Stage | None, status: Status) -> tuple[Word, ...]:
    return tuple(word for word in (stage, None if status is Status.OPEN else status) if word)
