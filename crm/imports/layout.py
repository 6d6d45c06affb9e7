"""Where the ledger begins in a sheet: titles above, a header of one to three lines with merged groups, then the rows."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from crm.imports.book import Sheet
from crm.imports.cells import Cell, folded, line
from crm.imports.columns import Columns
from crm.imports.headers import Header, is_idle, once, recognised
from domain.base import Refused

LOOKED_THROUGH: Final = 40
"""How many lines from the top are looked through for the header."""
DEEPEST: Final = 3
COLUMNS_AT_MOST: Final = 300
_LONGEST_HEADER = 60
_UNIT_LINE = re.compile(r"(?:金额)?单位[:：]?\s*[(（]?(万元|亿元|元|万美元|百万元)")


@dataclass(frozen=True)
class Layout:
    """`top` and `bottom` are the first and last line of the header (from 0); `unit` is the one said above it, if any."""

    top: int
    bottom: int
    headers: Sequence[Header]
    unit: str | None = None

    @property
    def found(self) -> int:
        """How many columns were recognised."""
        return sum(1 for header in self.headers if header.key)


def layout(sheet: Sheet, columns: Columns, header_line: int | None = None) -> Layout:
    """The ledger's header: the lines whose words are recognised most, or those from `header_line` (from 1) on.

    Raises Refused where no line looks like a header.
    """
    rows = [row[:COLUMNS_AT_MOST] for row in islice(sheet.rows(), LOOKED_THROUGH + DEEPEST)]
    places = range(len(rows)) if header_line is None else [header_line - 1]
    tried = [
        _tried(rows, sheet, top, depth, columns)
        for top in places
        for depth in range(1, DEEPEST + 1)
        if top + depth <= len(rows)
    ]
    best = max(
        (one for one in tried if one), key=lambda one: (one.found, -one.bottom + one.top, -one.top), default=None
    )
    enough = header_line is not None or (best and best.found >= 2 and _named(best, columns))  # noqa: PLR2004
    if best is None or not enough:
        raise Refused(
            "file.no_header",
            "在前 {n} 行里没有找到表头（至少要有“{name}”等两个认得的栏目）。请指定表头所在的行。",
            "No header was found in the first {n} lines (at least “{name}” and one more column). Please say which line it is.",
            field="header_line",
            n=LOOKED_THROUGH,
            name=columns[columns.naming[0]].title,
        )
    return best


def _named(found: Layout, columns: Columns) -> bool:
    return any(header.key in columns.naming for header in found.headers)


def _tried(rows: Sequence[list[Cell]], sheet: Sheet, top: int, depth: int, columns: Columns) -> Layout | None:
    levels = [_filled(rows[top + n], sheet, top + n, last=n == depth - 1) for n in range(depth)]
    if depth > 1 and not _belongs(rows, sheet, top, depth):
        return None
    found = [recognised(place, text, columns) for place, text in enumerate(_joined(levels)) if text]
    headers = once(found, columns)
    if not headers or sum(len(header.text) > _LONGEST_HEADER for header in headers) > 1:
        return None
    return Layout(top, top + depth - 1, headers, _unit_above(rows[: top + 1]))


def _filled(row: Sequence[Cell], sheet: Sheet, number: int, *, last: bool) -> list[str]:
    """The texts of a line; a group's name stands over each of its columns, in every line but the last."""
    texts = [line(cell) for cell in row]
    if last:
        return texts
    for (first, left), (_, right) in sheet.merged:
        if first == number and right > left:
            texts[left : right + 1] = [texts[left]] * len(texts[left : right + 1])
    if not sheet.merged:
        for place in range(1, len(texts)):
            texts[place] = texts[place] or texts[place - 1]
    return texts


def _belongs(rows: Sequence[list[Cell]], sheet: Sheet, top: int, depth: int) -> bool:
    """Whether the lines below `top` are more of the header: they name columns where it has groups, and little else."""
    above, below = [line(cell) for cell in rows[top]], [line(cell) for cell in rows[top + depth - 1]]
    grouped = {
        place
        for (first, left), (_, right) in sheet.merged
        if top <= first < top + depth - 1 and right > left
        for place in range(left, right + 1)
    } or {place for place, text in enumerate(below) if text and (place >= len(above) or not above[place])}
    named = [place for place, text in enumerate(below) if text]
    if not named or not grouped.intersection(named):
        return False
    strangers = [
        place for place in named if place not in grouped and place - 1 not in grouped and place + 1 not in grouped
    ]
    return len(strangers) * 4 <= len(named)


def _joined(levels: Sequence[Sequence[str]]) -> list[str]:
    width = max(map(len, levels))
    names = []
    for place in range(width):
        parts = [level[place].replace("\n", "") for level in levels if place < len(level) and level[place]]
        names.append("/".join(dict.fromkeys(parts)))
    return names


def _unit_above(rows: Sequence[Sequence[Cell]]) -> str | None:
    for row in rows:
        for cell in row:
            found = _UNIT_LINE.search(unicodedata.normalize("NFKC", line(cell)).replace(" ", ""))
            if found:
                return found[1]
    return None


def unknown(headers: Sequence[Header], columns: Columns) -> list[Header]:
    """The columns that were not recognised, those that say nothing aside."""
    return [header for header in headers if header.key is None and not is_idle(header.text, columns)]


def fingerprint(headers: Sequence[Header]) -> frozenset[str]:
    """The header's words, by which its repetition on a later page is known."""
    return frozenset(folded(header.text.rpartition("/")[2]) for header in headers)
