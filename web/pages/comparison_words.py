"""What moves, their causes and the parts of a comparison are called."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from babel import dates

from domain.base import Text
from projections.changes import CAUSES, KINDS
from web.words import Words

HAPPENED: Final[Mapping[str, Text]] = {
    "entered": Text("新增", "Entered"),
    "advanced": Text("推进", "Advanced"),
    "reopened": Text("重启", "Reopened"),
    "resumed": Text("恢复推进", "Resumed"),
    "unmerged": Text("撤销合并", "Unmerged"),
    "came_in": Text("转入统计范围", "Came within the conditions"),
    "fell_back": Text("回退", "Fell back"),
    "held": Text("暂缓", "Put on hold"),
    "lost": Text("流失", "Lost"),
    "merged": Text("合并", "Merged"),
    "voided": Text("作废", "Voided"),
    "deferred": Text("登记日期后移", "Registration dated later"),
    "went_out": Text("转出统计范围", "Left the conditions"),
    "reached": Text("曾到达的阶段有变", "Stage once reached differs"),
    "amount": Text("金额变化", "Amount changed"),
    "reattributed": Text("归属变化", "Re-attributed"),
}
"""What a lead did between two days."""
LEARNED: Final[Mapping[str, Text]] = {
    **HAPPENED,
    "entered": Text("补登记", "Registered late"),
    "advanced": Text("阶段调高", "Stage raised"),
    "reopened": Text("不再算流失", "No longer lost"),
    "resumed": Text("不再算暂缓", "No longer on hold"),
    "fell_back": Text("阶段调低", "Stage lowered"),
    "held": Text("改算暂缓", "On hold after all"),
    "lost": Text("改算流失", "Lost after all"),
    "amount": Text("金额更改", "Amount restated"),
}
"""How one and the same day was seen otherwise afterwards."""
CAUSE_TEXTS: Final[Mapping[str, Text]] = {
    "late": Text("补录", "entered late"),
    "corrected": Text("更正", "corrected"),
    "retracted": Text("撤销", "retracted"),
    "reinstated": Text("恢复", "reinstated"),
    "merged": Text("合并", "merged"),
    "unmerged": Text("撤销合并", "unmerged"),
}
PARTS: Final[Mapping[str, Text]] = {
    "happened": Text("其间发生", "Happened meanwhile"),
    "learned": Text("事后得知", "Learned afterwards"),
}
SIDE_TEXTS: Final[Mapping[str, Text]] = {
    "came": Text("增加", "Came"),
    "left": Text("减少", "Left"),
    "stayed": Text("金额变化", "Worth differs"),
}


def kind_text(kind: str, part: str) -> Text:
    """What a kind of move is called in that part of a comparison."""
    return (LEARNED if part == "learned" else HAPPENED)[kind]


def spoken_day(words: Words, day: date, beside: Iterable[date] = ()) -> str:
    """A day as people say it in a sentence: 6月30日, with its year where it, or one named `beside` it, is not of this one."""
    year = any(one.year != words.today.year for one in (day, *beside))
    if words.language == "zh":
        return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"
    return str(dates.format_date(day, "d MMMM y" if year else "d MMMM", locale="en_GB"))


def _complete(texts: Mapping[str, Text], names: tuple[str, ...]) -> None:
    if missing := set(names) - texts.keys():
        raise TypeError(f"without words: {sorted(missing)}")


_complete(HAPPENED, KINDS)
_complete(CAUSE_TEXTS, CAUSES)
