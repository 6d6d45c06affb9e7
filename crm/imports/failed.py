"""The lines that could not be taken, given back as they came, each with its reason in a last column."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from crm.imports.cells import Cell, said
from crm.imports.choices import Source
from crm.imports.headers import REASON_HEADER
from domain.base import Text

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def failed_file(source: Source, reasons: Mapping[int, Text], language: str = "zh") -> bytes:
    """A file of the same kind with the header, the failed lines, and why."""
    rows = _rows(source, reasons, language)
    return _workbook(rows) if source.book.kind == "xlsx" else _csv(rows)


def failed_name(source_name: str, kind: str) -> str:
    """`台账.xlsx` → `台账-failed.xlsx`."""
    stem = source_name.replace("\\", "/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    return f"{stem}-failed.{kind}"


def _rows(source: Source, reasons: Mapping[int, Text], language: str) -> Iterator[Sequence[Cell]]:
    width = max((header.place for header in source.headers), default=0) + 1
    names: list[Cell] = [""] * width
    for header in source.layout.headers:
        names[header.place] = header.text
    if source.reading.unit and source.layout.unit:
        yield [f"单位：{source.layout.unit}"]
    yield [*names, REASON_HEADER[language == "en"]]
    for one in source.lines:
        if one.number in reasons:
            cells = [*one.cells[:width], *[""] * (width - len(one.cells))]
            yield [*cells, reasons[one.number].said(language)]


def harmless(text: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _csv(rows: Iterator[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[harmless(said(cell)) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _workbook(rows: Iterator[Sequence[Cell]]) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, day)
    return out.getvalue()


def _write(sheet: object, row: int, place: int, cell: Cell, day: object) -> None:
    write = sheet.write_string  # type: ignore[attr-defined]
    match cell:
        case datetime() | date():
            sheet.write_datetime(row, place, cell, day)  # type: ignore[attr-defined]
        case bool():
            sheet.write_boolean(row, place, cell)  # type: ignore[attr-defined]
        case int() | float() if cell - cell == 0:
            sheet.write_number(row, place, cell)  # type: ignore[attr-defined]
        case str() if not cell:
            return
        case _:
            write(row, place, said(cell))
