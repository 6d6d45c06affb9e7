"""One cell of a ledger: as it was read, as text, and whether it says anything at all."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

Cell = str | int | float | bool | date | datetime | time | timedelta

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_NOTHING = frozenset(
    [
        "-",
        "--",
        "—",
        "——",
        "－",
        "/",
        "\\",
        "无",
        "暂无",
        "没有",
        "待定",
        "未定",
        "未知",
        "不详",
        "空",
        "n/a",
        "na",
        "none",
        "nil",
        "null",
        "tbd",
        "unknown",
        "?",
        "？",
        "*",
        "…",
    ]
)
_EXACT = 15  # digits that a spreadsheet keeps of a number
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def said(cell: Cell | None) -> str:  # noqa: PLR0911 - one way of showing each kind of cell
    """The cell as people see it: one line or several, without marks nobody can see; numbers without a trailing .0."""
    match cell:
        case None:
            return ""
        case str():
            if cell.startswith("'") and harmless(cell[1:]) == cell:
                return said(cell[1:])
            if cell.isprintable():  # as nearly every text is: nothing in it to be taken out
                return cell.strip()
            return cell.replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE).strip()
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < 10**_EXACT:
            return str(int(cell))
        case float() | int():
            return format(Decimal(repr(cell)), "f") if _finite(cell) else str(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def _finite(number: float) -> bool:
    return number - number == 0


def line(cell: Cell | None) -> str:
    """The same on one line: a break inside Chinese text is dropped, elsewhere it becomes a space."""
    text = said(cell)
    if "\n" in text or "\t" in text or "  " in text:
        text = re.sub(r"(?<=[^\x00-\x7f])\s*[\n\t]\s*(?=[^\x00-\x7f])", "", text)
        text = re.sub(r"[\n\t ]+", " ", text)
    return text


def nothing(text: str) -> bool:
    """Whether the text is one of the marks that offices put where there is nothing to say."""
    return not text or text.casefold() in _NOTHING


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """For comparing words: width, case, spaces and punctuation do not count."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
