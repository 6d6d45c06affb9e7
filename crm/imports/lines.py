"""The lines below a header: records, and what is none though it stands there: totals, notes, titles, headers again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from crm.imports.book import Sheet
from crm.imports.cells import Cell, folded, line
from crm.imports.columns import Columns
from crm.imports.headers import Header, is_idle
from crm.imports.layout import Layout, fingerprint
from domain.base import Text

_FIRST: Final = 8
"""In how many cells from the left a line says what it is."""

_TOTAL = re.compile(
    r"^(总?合计|总计|小计|共计|累计|本页小?合?计|grandtotal|total|subtotal|sum)([:：(（\d共].*|万元|个|项)?$"
)
_NOTE = re.compile(
    r"^(注|备注|说明|填表说明|填表人|填报人|填报单位|制表人?|制表单位|审核人?|复核人?|单位负责人|负责人签字|分管领导|联系人及电话|"
    r"打印日期|数据截至|截至|note|notes|remark|prepared ?by|source)\s*(\d|[:：、.．(（]|$)"
)
_EXAMPLE = re.compile(r"^(示例|样例|填写示例|例|example|e\.g\.?)[:：]?$")
_SECTION = re.compile(
    r"^([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+(部分|类|批))"
)

LEFT_OUT: Final[Mapping[str, Text]] = {
    "total": Text("像是合计行，未导入", "looks like a total and was left out"),
    "note": Text("像是表下的说明，未导入", "looks like a note and was left out"),
    "title": Text("像是小标题，未导入", "looks like a heading and was left out"),
    "header": Text("是重复的表头，未导入", "is the header again and was left out"),
    "example": Text("是示例，未导入", "is an example and was left out"),
}
"""Why a line below the header is not taken for a record."""


class Line(NamedTuple):
    """A line of the sheet by its number there (from 1); `kind` is "record" or a key of LEFT_OUT."""

    number: int
    kind: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Lines:
    """The lines of a sheet below its header, as often as they are asked for. Blank ones are not given."""

    sheet: Sheet
    layout: Layout
    headers: Sequence[Header]
    columns: Columns

    def __iter__(self) -> Iterator[Line]:
        spread = _Spread(self.sheet, self.layout.bottom)
        words = fingerprint(self.layout.headers)
        telling = [header.place for header in self.headers if not is_idle(header.text, self.columns)]
        first = self.columns.naming[0]
        naming = next((header.place for header in self.headers if header.key == first), None)
        for number, row in enumerate(self.sheet.rows()):
            if number <= self.layout.bottom:
                continue
            kind = _kind(row, telling, naming, words)
            if kind:
                yield Line(number + 1, kind, spread.over(number, row) if kind == "record" else row)


def _kind(row: Sequence[Cell], telling: Sequence[int], naming: int | None, words: frozenset[str]) -> str | None:  # noqa: PLR0911 - one line for each kind there is
    """What a line is; None for one that says nothing about anything."""
    named = line(row[naming]) if naming is not None and naming < len(row) else ""
    first = next((text for cell in row[:_FIRST] if (text := line(cell))), "")
    if _EXAMPLE.match(first.casefold()):
        return "example"
    if named and (not first or first == named or first.isdecimal()) and not _looks_odd(named):
        return "header" if folded(named) in words else "record"
    texts = [text for place in telling if place < len(row) and (text := line(row[place]))]
    if not texts and not first:
        return None
    first = first or texts[0]
    compact = first.replace(" ", "").replace("\u3000", "").casefold()
    if _TOTAL.match(compact) or (named and _TOTAL.match(named.replace(" ", "").replace("\u3000", "").casefold())):
        return "total"
    if len(texts) > 2 and sum(folded(text) in words for text in texts) * 2 > len(texts):  # noqa: PLR2004
        return "header"
    everything = [text for cell in row if (text := line(cell))]
    if _NOTE.match(first.casefold()) and len(everything) <= max(3, len(telling) // 2):
        return "note"
    if len(everything) == 1 and not named:
        return None if first.isdecimal() else "title" if _SECTION.match(first) or len(first) < 30 else "note"  # noqa: PLR2004
    if len(everything) == 1 and _SECTION.match(first):
        return "title"
    return "record" if texts else None


def _looks_odd(text: str) -> bool:
    compact = text.replace(" ", "").replace("\u3000", "").casefold()
    return bool(_TOTAL.match(compact) or _NOTE.match(compact) or _SECTION.match(compact))


class _Spread:
    """Cells merged downwards: their text holds for every line they cover."""

    def __init__(self, sheet: Sheet, bottom: int) -> None:
        self._starts: dict[int, list[tuple[int, int, int]]] = {}
        for (top, left), (low, right) in sheet.merged:
            if low > top and low > bottom:
                self._starts.setdefault(max(top, bottom + 1), []).append((low, left, right))
        self._open: list[tuple[int, int, Cell]] = []

    def over(self, number: int, row: Sequence[Cell]) -> Sequence[Cell]:
        """The line's cells with what is merged down over them. Lines are to be asked for in order."""
        for start in [start for start in self._starts if start <= number]:
            for low, left, _ in self._starts.pop(start):
                if start == number and left < len(row):
                    self._open.append((low, left, row[left]))
        self._open = [merged for merged in self._open if merged[0] >= number]
        if not self._open:
            return row
        filled = list(row)
        for _, left, cell in self._open:
            if left < len(filled) and line(filled[left]) == "":
                filled[left] = cell
        return filled
