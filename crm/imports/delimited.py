"""CSV as offices save it: UTF-8 with or without a mark, GB18030, or Excel's UTF-16 “Unicode text”; comma, ; or tab."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator

from crm.imports.cells import Cell
from domain.base import Refused

FIELD_AT_MOST = 2**20
_SEEN = 64 * 1024  # enough of a file to tell what parts its columns


def decoded(data: bytes) -> str:
    """The text of `data`. Raises Refused when it is no text in an encoding offices use."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return _strictly(data, encoding)
    if b"\0" in data[:_SEEN]:
        raise _no_text()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(data, "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _no_text() from None


def _no_text() -> Refused:
    return Refused(
        "file.encoding",
        "看不懂这个文件：应为 .xlsx，或 UTF-8、GB18030 编码的 CSV。",
        "This file is neither .xlsx nor CSV in UTF-8 or GB18030.",
        field="file",
    )


def delimiter(text: str) -> str:
    """What parts the columns: of comma, semicolon and tab the one that stands in most lines, most often."""
    lines = [line for line in text[:_SEEN].splitlines() if line.strip()]
    counts = Counter({sign: sum(min(line.count(sign), 200) for line in lines) for sign in ",\t;"})
    return counts.most_common(1)[0][0]


def rows(text: str) -> Iterator[list[Cell]]:
    """The rows, blank ones included. Raises Refused where quotes do not close."""
    csv.field_size_limit(FIELD_AT_MOST)
    reader = csv.reader(_lines(text), delimiter=delimiter(text), strict=False)
    try:
        for row in reader:
            yield list(row)
    except csv.Error:
        raise Refused(
            "file.csv",
            "第 {line} 行附近的引号没有配对，或单元格过长，无法读下去。",
            "Near line {line} a quotation mark is not closed, or a cell is too long to read on.",
            field="file",
            line=reader.line_num,
        ) from None


def _lines(text: str) -> Iterator[str]:
    """Lines by their line feeds, or lone carriage returns: splitlines would also part at marks inside cells."""
    start = 0
    if "\n" not in text:
        text = text.replace("\r", "\n")
    while (end := text.find("\n", start)) >= 0:
        yield text[start : end + 1]
        start = end + 1
    if start < len(text):
        yield text[start:]
