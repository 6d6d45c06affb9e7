"""Workbooks, read by calamine, after the archive has been looked through: a small file may hold an enormous one."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from crm.imports.cells import Cell
from domain.base import Refused, Text

UNPACKED_AT_MOST = 320 * 2**20
STRINGS_AT_MOST = 128 * 2**20
PARTS_AT_MOST = 2_000
CELLS_AT_MOST = 6_000_000
"""The area from A1 to the last cell: what calamine lays out in memory, however few of its cells are filled."""

_CHUNK = 1 << 20
_OVERLAP = 64  # a cell's reference may lie across two chunks
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_FORMULA_ERROR = re.compile(rb"""<(?:\w+:)?c\b[^>]*\bt\s*=\s*["']e["']""")
_LETTERS = 26

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


@dataclass
class Workbook:
    """An opened workbook; the sheet read last is kept, because it is asked for again at once."""

    book: CalamineWorkbook
    sheets: Sequence[str]
    since_1904: bool
    notices: Sequence[Text]
    _last: CalamineSheet | None = None

    def sheet(self, name: str) -> tuple[Any, int, Merged]:
        """What gives the rows of a sheet, how many there are, and its merged areas."""
        if self._last is None or self._last.name != name:
            self._last = None  # two large sheets at once are one too many
            try:
                self._last = self.book.get_sheet_by_name(name)
            except CalamineError:
                raise _damaged() from None
        found = self._last
        return (lambda: _rows(found)), found.total_height, _within(found)


def opened(data: bytes) -> Workbook:
    """The workbook in `data`. Raises Refused."""
    since_1904, notices = _looked_through(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
    except PasswordError:
        raise _damaged() from None
    except CalamineError:
        raise _damaged() from None
    if not sheets:
        raise Refused("file.no_sheets", "文件里没有可见的工作表。", "The file has no visible sheet.", field="file")
    return Workbook(book, sheets, since_1904, notices)


def _rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    # calamine gives every row from the first on, but leaves out the empty columns at the left.
    left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield left + row if left else row


def _within(sheet: CalamineSheet) -> Merged:
    """Merged areas, cut to where there are cells: a title is sometimes merged across every column there is."""
    if sheet.end is None:
        return []
    bottom, right = sheet.end
    return [
        ((top, left), (min(low, bottom), min(far, right)))
        for (top, left), (low, far) in sheet.merged_cell_ranges or ()
        if top <= bottom and left <= right
    ]


def _damaged() -> Refused:
    return Refused(
        "file.damaged",
        "这个文件打不开：不是完整的 .xlsx。请在表格软件里打开并另存为 .xlsx。",
        "This file cannot be read: it is no complete .xlsx. Please open it in a spreadsheet and save it as .xlsx.",
        field="file",
    )


def _too_big() -> Refused:
    return Refused(
        "file.bomb",
        "文件展开后过大（内容、单元格范围或部件超限），请另存为只含台账的 .xlsx，或拆分后再导入。",
        "Unpacked, this file is too large. Please save the ledger alone as .xlsx, or split it.",
        field="file",
    )


def _looked_through(data: bytes) -> tuple[bool, list[Text]]:
    """Unpack every part once without keeping it, counting what is there; never trusting the sizes it declares."""
    notices: list[Text] = []
    since_1904, unpacked = False, 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            if "xl/workbook.bin" in names or not any(name.endswith("workbook.xml") for name in names):
                raise _damaged()
            if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
                raise _too_big()
            for part in parts:
                unpacked += _examined(archive, part, unpacked, notices)
            since_1904 = _since_1904(archive, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError) as error:
        if isinstance(error, Refused):
            raise
        raise _damaged() from None
    if any(name.endswith("vbaProject.bin") for name in names):
        notices.append(
            Text(
                "文件带有宏；宏不会运行，只读取单元格里的内容。",
                "The file holds macros: they are not run, only cells are read.",
            )
        )
    return since_1904, list(dict.fromkeys(notices))


def _examined(archive: zipfile.ZipFile, part: zipfile.ZipInfo, before: int, notices: list[Text]) -> int:
    size, tail, extent = 0, b"", Extent()
    is_sheet = "worksheets/" in part.filename and part.filename.endswith(".xml")
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            if not size and b"<!DOCTYPE" in chunk[:4096].upper():
                raise _damaged()
            size += len(chunk)
            if before + size > UNPACKED_AT_MOST or ("sharedStrings" in part.filename and size > STRINGS_AT_MOST):
                raise _too_big()
            if is_sheet:
                extent.take(tail + chunk)
                if not notices and _FORMULA_ERROR.search(tail + chunk):
                    notices.append(_errors_inside())
                tail = chunk[-_OVERLAP:]
    if extent.area > CELLS_AT_MOST and _filled(archive, part).area > CELLS_AT_MOST:
        raise _too_big()
    return size


def _filled(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> "Extent":
    """How far the cells reach that hold anything: offices colour whole columns, down to the last line there is."""
    extent, tail = Extent(), b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            *cells, tail = (tail + chunk).split(b">")
            extent.take(b" ".join(cell for cell in cells if not cell.endswith(b"/")))
            tail = tail[-_CHUNK:]
    return extent


@dataclass
class Extent:
    """The area from A1 to the last cell referred to."""

    width: int = 0
    height: int = 0

    def take(self, xml: bytes) -> None:
        """Count the cells of a piece of a sheet."""
        found = _REFERENCE.findall(xml)
        for letters in {letters for letters, _ in found}:
            number = 0
            for letter in letters.upper():
                number = number * _LETTERS + letter - ord("A") + 1
            self.width = max(self.width, number)
        self.height = max(self.height, max((int(row) for row in {row for _, row in found}), default=0))

    @property
    def area(self) -> int:
        return self.width * self.height


def _errors_inside() -> Text:
    return Text(
        "表里有出错的公式（如 #REF!、#DIV/0!），这些单元格按空白处理。",
        "Some formulas ended in an error (#REF!, #DIV/0!); those cells are read as empty.",
    )


def _since_1904(archive: zipfile.ZipFile, names: Sequence[str]) -> bool:
    place = next(name for name in names if name.endswith("workbook.xml"))
    with archive.open(place) as file:
        return bool(re.search(rb"""date1904\s*=\s*["'](1|true)["']""", file.read(_CHUNK)))
