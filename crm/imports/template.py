"""An empty ledger to fill in: its headers, an example, the words that may be chosen, and a sheet that explains each column."""

import io
from typing import Any, Final

from crm.imports.columns import Column
from crm.imports.kind import Kind
from domain.base import Text

_EXAMPLE: Final = Text("示例", "Example")
_NEEDED: Final = Text("必填", "needed")
_ROWS: Final = 1000
"""So many rows offer their words to choose from."""
_LISTED_AT_MOST: Final = 255
"""Signs of a list, with a comma after each word, that a spreadsheet takes."""
_WIDEST, _PER_SIGN = 40, 2
_SHEETS: Final = (Text("填写", "Fill in"), Text("填写说明", "How to fill it in"))
_HEADS: Final = (
    Text("栏目", "Column"), Text("是否必填", "Needed"), Text("说明", "Remarks"), Text("可填内容", "Choices"), Text("也写作", "Also headed"),
)  # fmt: skip
_DAYS: Final = Text("日期，如 2026-03-05", "a day, as 2026-03-05")
_MONEY: Final = Text("表头已写单位的只写数字，也可写 1.2亿、5000万", "a number in the header's unit, or 1.2亿, 5000万")


def template_name(kind: Kind) -> str:
    return f"{kind.words.many.zh}台账模板.xlsx"


def template(kind: Kind, language: str = "zh") -> bytes:
    """The workbook. The example stands in a line that is never imported."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        looks = {
            "needed": book.add_format({"bold": True, "bg_color": "#FCE8D5"}),
            "plain": book.add_format({"bold": True, "bg_color": "#EAF0F6"}),
            "quiet": book.add_format({"italic": True, "font_color": "#6B7785"}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _fill(book.add_worksheet(_SHEETS[0].said(language)), kind, looks, language)
        _explain(book.add_worksheet(_SHEETS[1].said(language)), kind, looks, language)
    return out.getvalue()


def _fill(sheet: Any, kind: Kind, looks: dict[str, Any], language: str) -> None:
    sheet.freeze_panes(1, 0)
    sheet.write_string(0, 0, Text("序号", "No").said(language), looks["plain"])
    sheet.write_string(1, 0, _EXAMPLE.said(language), looks["quiet"])
    for place, column in enumerate(kind.columns.values(), start=1):
        title = column.title.said(language)
        sheet.write_string(0, place, title, looks["needed" if column.required else "plain"])
        sheet.write_string(1, place, _example(column, language), looks["quiet"])
        sheet.set_column(place, place, min(_WIDEST, max(10, _PER_SIGN * len(title) + 2)))
        words = _choices(column, language)
        if words and len("".join(words)) + len(words) <= _LISTED_AT_MOST and not any("," in word for word in words):
            sheet.data_validation(
                2, place, _ROWS, place, {"validate": "list", "source": words, "error_type": "warning"}
            )


def _explain(sheet: Any, kind: Kind, looks: dict[str, Any], language: str) -> None:
    sheet.write_string(0, 0, kind.help.said(language))
    for place, (head, width) in enumerate(zip(_HEADS, (24, 10, 44, 44, 60), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(2, place, head.said(language), looks["plain"])
    for row, column in enumerate(kind.columns.values(), start=3):
        said = (
            column.title.said(language),
            _NEEDED.said(language) if column.required else "",
            remarks(column).said(language),
            Text("、", ", ").said(language).join(_choices(column, language)),
            "、".join(column.words.split()[:6]),
        )
        for place, text in enumerate(said):
            sheet.write_string(row, place, text, looks["wrapped"])


def remarks(column: Column) -> Text:
    """What is to be known of a column, beside its title."""
    usual = {"date": _DAYS, "amount": _MONEY}.get(column.kind, Text("", ""))
    return Text(
        "；".join(filter(None, (column.help.zh, usual.zh))), "; ".join(filter(None, (column.help.en, usual.en)))
    )


def _choices(column: Column, language: str) -> list[str]:
    return [term.text.said(language) for term in column.terms or ()]


def _example(column: Column, language: str) -> str:
    return column.terms(column.example).text.said(language) if column.terms and column.example else column.example
