"""A comparison as lines that add up: before, what came and what left by kind, after. Every number with its address."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from domain.base import Text
from domain.funnel import STAGES, Stage, Status
from projections.changes import CAUSES, KINDS, Comparison
from projections.changes_behind import SIDES, Slot, tallies, tally
from projections.funnel import Cell, Funnel
from projections.paging import Totals
from web.pages.comparison_points import Compared
from web.pages.comparison_words import CAUSE_TEXTS, kind_text

Href = Callable[[str, Slot], str]
"""(part, slot) → where the leads are listed that moved so."""

BESIDE: Final = ("on_hold", "lost", "merged", "registered")
"""The lines under the stages, which are not split by them."""
BESIDE_TEXTS: Final[Mapping[str, Text]] = {
    "standing": Text("推进中合计", "Standing, all"),
    "on_hold": Text("暂缓", "On hold"),
    "lost": Text("流失", "Lost"),
    "merged": Text("已合并", "Merged"),
    "registered": Text("登记总数", "Registered"),
}


class Chip(NamedTuple):
    """Leads that moved alike, by the `name` of their kind or cause; `amount_fen`: by how much the line is worth more."""

    name: str
    text: Text
    leads: int
    amount_fen: int
    href: str


class Step(NamedTuple):
    """What came into a line, what left it, and what stayed in it worth something else; then how the line stands."""

    part: str
    came: list[Chip]
    left: list[Chip]
    stayed: list[Chip]
    leads: int
    amount_fen: int


class Line(NamedTuple):
    """One number from point to point: where it stood first, then step by step."""

    cell: Cell
    stage: Stage | None
    text: Text
    leads: int
    amount_fen: int
    steps: list[Step]

    @property
    def moved(self) -> bool:
        return any(step.came or step.left or step.stayed for step in self.steps)


def lines(parts: Sequence[Compared], show: str, href: Href) -> list[Line]:
    """A line a stage, of what stands there, what it is worth or what ever reached it; those beside the stages below."""
    measure = "reached" if show == "reached" else "standing"
    cells = [Cell(measure, str(stage)) for stage in STAGES]
    beside = {"standing": ("standing", *BESIDE), "amount": ("standing",), "reached": ()}[show]
    return [_line(parts, cell, href) for cell in [*cells, *(Cell(name) for name in beside)]]


def _line(parts: Sequence[Compared], cell: Cell, href: Href) -> Line:
    stage = Stage(cell.stage) if cell.stage else None
    text = stage.text if stage else BESIDE_TEXTS[cell.measure]
    steps = [_step(part, cell, href) for part in parts]
    return Line(cell, stage, text, *figure(parts[0].found.old, cell), steps)


def _step(part: Compared, cell: Cell, href: Href) -> Step:
    came, left, stayed = (_by_kind(part, Slot(cell, side), href) for side in SIDES)
    return Step(part.leg.part, came, left, stayed, *figure(part.found.new, cell))


def figure(found: Funnel, cell: Cell) -> tuple[int, int]:
    """How many leads a cell counts, and what they are worth where that is said of it."""
    total = found.total
    if cell.stage:
        at = total.stages[Stage(cell.stage).order - 1]
        return (at.reached, at.reached_fen) if cell.measure == "reached" else (at.standing, at.amount_fen)
    return int(getattr(total, cell.measure)), total.amount_fen if cell.measure == "standing" else 0


def _by_kind(part: Compared, slot: Slot, href: Href) -> list[Chip]:
    found = tallies(part.moves, slot, lambda move: move.kind)
    return [
        Chip(kind, kind_text(kind, part.leg.part), *_both(found[kind]), href(part.leg.part, slot._replace(kind=kind)))
        for kind in KINDS
        if kind in found
    ]


def _both(totals: Totals) -> tuple[int, int]:
    return totals.count, totals.amount_fen


# ── in all ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def everything(part: Compared, href: Href) -> Chip:
    """All leads that moved in a step."""
    return Chip("", Text("", ""), *_both(tally(part.moves, Slot())), href(part.leg.part, Slot()))


def kinds(part: Compared, href: Href) -> list[Chip]:
    """Every move of a step, kind by kind; the amounts are by how much what those standing are worth differs."""
    worth: Counter[str] = Counter()
    for side in SIDES:
        for kind, totals in tallies(part.moves, Slot(Cell("standing"), side), lambda move: move.kind).items():
            worth[kind] += totals.amount_fen
    return [chip._replace(amount_fen=worth[chip.name]) for chip in _by_kind(part, Slot(), href)]


def causes(part: Compared, href: Href, slot: Slot = Slot()) -> list[Chip]:  # noqa: B008 - a value
    """What was learned, cause by cause: in all, or of what came into a cell or left it."""
    found = tallies(part.moves, slot, lambda move: move.cause)
    return [
        Chip(cause, CAUSE_TEXTS[cause], *_both(found[cause]), href(part.leg.part, slot._replace(cause=cause)))
        for cause in CAUSES
        if cause in found
    ]


def reached_stages(part: Compared, href: Href) -> list[Chip]:
    """How many leads came as far as each stage beyond the first in a step that had not come so far before."""
    slots = [(stage, Slot(Cell("reached", str(stage)), "came")) for stage in STAGES[1:]]
    found = [(stage, slot, tally(part.moves, slot)) for stage, slot in slots]
    return [
        Chip(str(stage), stage.text, *_both(totals), href(part.leg.part, slot))
        for stage, slot, totals in found
        if totals.count
    ]


class Story(NamedTuple):
    """How one stage of a day came to be seen otherwise, in a sentence: `more` and `fewer` by cause."""

    stage: Stage
    old: int
    new: int
    more: list[Chip]
    fewer: list[Chip]


def stories(part: Compared, href: Href) -> list[Story]:
    """A sentence for each stage whose number standing was restated."""
    found = []
    for before, after in zip(part.found.old.total.stages, part.found.new.total.stages, strict=True):
        cell = Cell("standing", str(before.stage))
        more, fewer = (causes(part, href, Slot(cell, side)) for side in ("came", "left"))
        if more or fewer:
            found.append(Story(before.stage, before.standing, after.standing, more, fewer))
    return found


# ── by groups ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Share(NamedTuple):
    """The leads of one group that stand, from point to point: first, then (came, left, how many then) a step."""

    key: str | None
    leads: int
    steps: list[tuple[Chip, Chip, int]]


def shares(parts: Sequence[Compared], group_by: str, href: Href) -> list[Share]:
    """A line a group, the largest first; those that nothing stands in or moved through are left out."""
    tallies = [_through(part.found) for part in parts]
    funnels = [parts[0].found.old, *(part.found.new for part in parts)]
    standing = [{group.key: group.standing for group in found.groups} for found in funnels]
    keys = {key for one in standing for key in one} | {key for came, left in tallies for key in (*came, *left)}
    found = [
        Share(key, standing[0].get(key, 0), [
            (*_sides(part.leg.part, came[key], left[key], Cell("standing", None, group_by, key or ""), href), after.get(key, 0))
            for part, (came, left), after in zip(parts, tallies, standing[1:], strict=True)
        ])
        for key in keys
    ]  # fmt: skip
    shown = [one for one in found if one.leads or any(came.leads or left.leads for came, left, _ in one.steps)]
    return sorted(shown, key=lambda one: (one.key is None, -max(one.leads, one.steps[-1][2]), one.key or ""))


def _through(found: Comparison) -> tuple[Counter[str | None], Counter[str | None]]:
    """How many leads came to stand in each group, and how many stopped to."""
    came: Counter[str | None] = Counter()
    left: Counter[str | None] = Counter()
    for move in found.moves:
        before, after = (
            side.key if side and side.status == Status.OPEN else _NOWHERE for side in (move.before, move.after)
        )
        if before != after:
            if after is not _NOWHERE:
                came[after] += move.leads
            if before is not _NOWHERE:
                left[before] += move.leads
    return came, left


_NOWHERE: Final = "\0"


def _sides(part: str, came: int, left: int, cell: Cell, href: Href) -> tuple[Chip, Chip]:
    nameless = Text("", "")
    return (
        Chip("", nameless, came, 0, href(part, Slot(cell, "came"))),
        Chip("", nameless, left, 0, href(part, Slot(cell, "left"))),
    )
