"""How names are found and sorted: fragments of one and two signs, the initials of their pinyin, a key in pinyin order."""

import os
import unicodedata
from collections.abc import Iterable
from functools import cache

# Names are read sign by sign (see below): the dictionary of phrases would take 40 MB and two thirds of a second.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import lazy_pinyin

LONGEST_SEARCH = 100

# In the names of firms and places these signs are read otherwise than most often elsewhere; where the next sign
# decides, the pair is given. (Cutting a name into words and looking those up takes fifty times as long, and reads
# 吉林省长春 as 省长.)
_READ = {
    "长": "chang",
    "行": "hang",
    "重庆": "chong",
    "厦门": "xia",
    "乐清": "yue",
    "六安": "lu",
    "蚌埠": "beng",
    "朝阳": "chao",
}


@cache
def _read(sign: str) -> str:
    return _READ.get(sign) or lazy_pinyin(sign)[0].casefold()


def syllables(name: str) -> list[str]:
    """How a name is read, sign by sign; what is no Han character stays as it is."""
    plain = folded(name)
    return [
        _READ.get(plain[place : place + 2]) or (sign if sign.isascii() else _read(sign))
        for place, sign in enumerate(plain)
    ]


def sort_key(name: str) -> str:
    """Sorts names as a Chinese directory does: by pinyin, then by the name itself."""
    return f"{' '.join(syllables(name))[:200]}\t{name[:100]}"


def initials(name: str) -> str:
    """The initials of a name's pinyin: 长春一汽 → ccyq."""
    return "".join(syllable[:1] for syllable in syllables(name) if syllable[:1].isalnum())


def folded(text: str) -> str:
    """Text for comparing: width, case and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def grams(lines: Iterable[str]) -> set[str]:
    """Every sign and every pair of neighbouring signs."""
    lines = list(lines)
    return {line[place : place + size] for line in lines for size in (1, 2) for place in range(len(line) - size + 1)}


def terms(search: str) -> list[str]:
    """What somebody searches for: each of these is to be found somewhere in the name."""
    return [term for term in map(folded, printable(search).split()) if term]


def printable(text: str) -> str:
    """What can be looked for in `text`: no control characters, and an end to it."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_SEARCH])


def needed_grams(term: str) -> set[str]:
    """The grams that whatever holds `term` must have."""
    return {term} if len(term) == 1 else {term[place : place + 2] for place in range(len(term) - 1)}


def pattern(term: str) -> str:
    """`term` anywhere, for LIKE."""
    return f"%{term.replace(chr(92), chr(92) * 2).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%"
