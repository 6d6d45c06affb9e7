"""Days as people write them. A day is a calendar day in Shanghai; nothing here passes through midnight elsewhere."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from crm.clock import SHANGHAI
from crm.imports.book import EPOCH_1900
from crm.imports.cells import Cell, nothing, said
from domain.base import Refused

EARLIEST, LATEST = 1949, 2100
_LONGEST_MONTH = 11
_SERIALS = range(10_000, 80_000)  # 1927 to 2119
_MONTHS = {
    name: n
    for n, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_HAN = {sign: str(n) for n, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "Ｏ": "0"}
_YEAR_FIRST = re.compile(r"(\d{4})\s*(?P<sign>[-./、,])\s*(\d{1,2})(?:\s*(?P=sign)\s*(\d{1,2}))?")
_NAMED = re.compile(r"(\d{4})\s*年\s*(\d{1,2})(?:\s*[月.]\s*(\d{1,2})\s*[日号]?|\s*月)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_SHORT_YEAR = re.compile(r"(\d{2})年(\d{1,2})月(\d{1,2})[日号]?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]*([a-z]{3,9})[ .,-]*(\d{4})")
_MONTH_DAY = re.compile(r"([a-z]{3,9})[ .-]*(\d{1,2})(?:st|nd|rd|th)?[ ,.-]+(\d{4})")
_TIME = re.compile(r"[T ]*(上午|下午|[AaPp][Mm])?\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp][Mm])?$")
_WEEKDAY = re.compile(r"[（(]?(星期|周)[一二三四五六日天][)）]?$")
_TWO_DAYS = re.compile(r"\d\s*[日号]?\s*(-{1,2}|—|–|~|～|至|到|、|;|；|/|和|\n)\s*\d")


def day(cell: Cell | None, epoch: date = EPOCH_1900) -> date | None:
    """The day a cell names; None where it says nothing. `epoch` is the day of serial number 0. Raises Refused."""
    match cell:
        case datetime():
            return _likely(cell.date(), cell)
        case date():
            return _likely(cell, cell)
        case bool() | time() | timedelta():
            raise _no_day(cell)
        case float() | int():
            return _numbered(cell, epoch)
        case _:
            text = unicodedata.normalize("NFKC", said(cell)).strip().strip("'\"“”。.,")
            return None if nothing(text) else _likely(_written(text, epoch), text)


def month_only(cell: Cell | None) -> bool:
    """Whether the cell names a month and no day (the first of it is taken)."""
    if not isinstance(cell, str) or len(cell) > _LONGEST_MONTH:
        return False
    return re.fullmatch(r"\d{4}\s*[-./年]\s*\d{1,2}\s*月?", unicodedata.normalize("NFKC", said(cell))) is not None


def _numbered(number: float, epoch: date) -> date | None:
    if number == 0:
        return None
    if number != number or abs(number) > 10**9:  # noqa: PLR0124 - not a number
        raise _no_day(number)
    if int(number) in _SERIALS:
        return epoch + timedelta(days=int(number))
    return _likely(_written(said(float(number)), epoch), number)


def _written(text: str, epoch: date) -> date:  # noqa: PLR0911 - one line for each way a day is written
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})", text):
        return _moment(text)
    tidy = _WEEKDAY.sub("", _TIME.sub("", text).strip()).strip()
    tidy = _chinese(tidy) if re.match("[〇零○一二]", tidy) else tidy
    if found := _YEAR_FIRST.fullmatch(tidy):
        return _made(text, found[1], found[3], found[4])
    if found := _NAMED.fullmatch(tidy) or _COMPACT.fullmatch(tidy):
        return _made(text, *found.groups())
    if found := _SHORT_YEAR.fullmatch(tidy):
        return _made(text, f"20{found[1]}", found[2], found[3])
    if found := _YEAR_LAST.fullmatch(tidy):
        return _day_or_month_first(text, *found.groups())
    if found := _DAY_MONTH.fullmatch(tidy.lower()):
        return _made(text, found[3], _month(text, found[2]), found[1])
    if found := _MONTH_DAY.fullmatch(tidy.lower()):
        return _made(text, found[3], _month(text, found[1]), found[2])
    if re.fullmatch(r"\d{5}(\.\d+)?", tidy) and int(float(tidy)) in _SERIALS:
        return epoch + timedelta(days=int(float(tidy)))
    raise _range(text) if _TWO_DAYS.search(tidy) else _no_day(text)


def _moment(text: str) -> date:
    try:
        return datetime.fromisoformat(text).astimezone(SHANGHAI).date()
    except (ValueError, OverflowError):
        raise _no_day(text) from None


def _made(text: str, year: str, month: str, day_of_month: str | None) -> date:
    try:
        return date(int(year), int(month), int(day_of_month or 1))
    except ValueError:
        raise Refused(
            "date.impossible",
            "没有「{text}」这一天。",
            "There is no such day as “{text}”.",
            text=_shown(text),
        ) from None


def _day_or_month_first(text: str, first: str, second: str, year: str) -> date:
    """13/06/2023 and 06/13/2023 can be told apart, 05/06/2023 cannot (05/05/2023 need not be)."""
    last_month = 12
    if int(first) > last_month or first == second:
        return _made(text, year, second, first)
    if int(second) > last_month:
        return _made(text, year, first, second)
    raise Refused(
        "date.ambiguous",
        "「{text}」分不清哪个是月、哪个是日，请写成 {year}-月-日。",
        "“{text}” may be read in two ways; write it as {year}-month-day.",
        text=_shown(text),
        year=year,
    )


def _month(text: str, name: str) -> str:
    month = _MONTHS.get(name[:3])
    if month is None:
        raise _no_day(text)
    return str(month)


def _chinese(text: str) -> str:
    """二〇二三年六月十五日 in figures."""

    def figures(found: re.Match[str]) -> str:
        signs = found[0]
        if "十" not in signs:
            return "".join(_HAN[sign] for sign in signs)
        tens, _, ones = signs.partition("十")
        return f"{_HAN.get(tens, '1')}{_HAN.get(ones, '0')}"

    return re.sub("[〇零○一二三四五六七八九十]+", figures, text)


def _likely(found: date, cell: object) -> date:
    if not EARLIEST <= found.year <= LATEST:
        raise Refused(
            "date.year",
            "「{text}」的年份不对，请核对。",
            "The year of “{text}” cannot be right; please check it.",
            text=_shown(cell),
        )
    return found


def _range(text: str) -> Refused:
    return Refused(
        "date.range",
        "「{text}」不止一天，请只写一天（例如开始的那天）。",
        "“{text}” is more than one day; please write one (the first, say).",
        text=_shown(text),
    )


def _no_day(cell: object) -> Refused:
    return Refused(
        "date.form",
        "看不懂日期「{text}」。可以写成 2023-06-05、2023.6.5 或 2023年6月5日。",
        "“{text}” is no date. Write 2023-06-05, 2023.6.5 or 2023年6月5日.",
        text=_shown(cell),
    )


def _shown(cell: object) -> str:
    return str(cell)[:40]
