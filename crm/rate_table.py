"""Rates as a table for spreadsheets: never one without both its numbers, its cohort and its cut-off."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from crm.exports import FEN_IN_WAN, Value
from crm.target_table import rate
from domain.base import Text

HEAD: Final = (
    Text("比率", "Rate"), Text("分列", "Of"), Text("百分比（%）", "Per cent"), Text("分子", "Numerator"), Text("分子口径", "What it counts"),
    Text("分母", "Denominator"), Text("分母口径", "What it counts"), Text("单位", "Unit"), Text("统计对象", "Cohort"),
    Text("期间起", "Period from"), Text("期间止", "Period to"), Text("截止日", "Cut-off"), Text("按何时所知", "As known at"),
)  # fmt: skip
_WAN, _ONE = Text("万元", "CNY 10k"), Text("个", "count")


class Told(NamedTuple):
    """A rate in words, with its numbers; amounts in 分 where it is `money`."""

    text: Text
    group: str | None
    part_text: Text
    whole_text: Text
    part: int
    whole: int
    money: bool
    cohort: Text


def rate_table(
    told: Iterable[Told], period: tuple[date, date], cut_off: date, known_at: str | None, language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each rate, of each group where they are split."""
    yield [title.said(language) for title in HEAD]
    for one in told:
        part, whole = (number / FEN_IN_WAN if one.money else number for number in (one.part, one.whole))
        yield [
            one.text.said(language), one.group, rate(one.part, one.whole), part, one.part_text.said(language),
            whole, one.whole_text.said(language), (_WAN if one.money else _ONE).said(language),
            one.cohort.said(language), *period, cut_off, known_at,
        ]  # fmt: skip
