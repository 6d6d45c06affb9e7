"""The lines that could not be taken, given back as they came, each with its reason in a last column."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from crm.imports.cells import Cell, harmless, said
from crm.imports.choices import Source
from crm.imports.columns import REASON_HEADER
from domain.base import Text


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


def _csv(rows: Iterator[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[harmless(said(cell)) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _workbook(rows: Iterator[Sequence[Cell]]) -> bytes:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    out = io.BytesIO()
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        day, quoted = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"quote_prefix": True})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                _write(sheet, (number, place), cell, day, quoted)
    return out.getvalue()


def _write(sheet: Any, at: tuple[int, int], cell: Cell, day: Any, quoted: Any) -> None:
    match cell:
        case datetime() | date():
            sheet.write_datetime(*at, cell, day)
        case bool():
            sheet.write_boolean(*at, cell)
        case int() | float() if cell - cell == 0:
            sheet.write_number(*at, cell)
        case str() if not cell:
            return
        case _:
            text = said(cell)
            sheet.write_string(*at, text, None if harmless(text) == text else quoted)
