"""Recognising a header: `计划总投资（万美元）` is the planned investment, in 万 of US dollars."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from crm.imports.cells import folded
from crm.imports.columns import Columns
from crm.imports.figures import currency
from domain.base import Refused

IGNORED: Final = "-"
"""What a person maps a column to that is to be left out."""

_BARE = frozenset(["时间", "日期", "年月", "金额", "名称", "情况", "地点", "单位", "date", "time", "name", "amount"])
_MONEY = r"(人民币|美元|美金|欧元|港元|港币|日元|英镑|韩元|澳门元|新台币|瑞士法郎|新加坡元|rmb|cny|usd|eur|hkd|jpy|gbp|krw|mop|twd|chf|sgd)"
_AMOUNT_UNIT = re.compile(
    rf"(?P<before>{_MONEY})?\s*(?P<unit>千万元?|百万元?|万元?|亿元?|元|10k|m|mn|million|millions|bn|billion|k)?\s*(?P<after>{_MONEY})?"
)
_LATIN = {"10k": "万", "millions": "million"}
_OTHER_UNITS = re.compile(r"万?(亩|公顷|平方公里|平方米|平米|㎡|m2|sqm|mu|ha|hectares?|人|名|个)")


class Header(NamedTuple):
    """A column of this ledger: where, as it is headed, what it is (None: not recognised), and its unit."""

    place: int
    text: str
    key: str | None = None
    unit: str | None = None
    currency: str | None = None


def recognised(place: int, text: str, columns: Columns) -> Header:
    """What the header `text` (levels parted by `/`, groups first) says."""
    for wording in _wordings(text):
        name, inside = _apart(wording)
        key = _key(name, columns)
        if key:
            unit, money = _unit(columns[key].kind, [*inside, wording])
            return Header(place, text, key, unit, money)
    return Header(place, text)


def once(headers: Sequence[Header], columns: Columns) -> list[Header]:
    """The same, each kind of column once: of two the better worded, else the first, is taken."""
    taken: dict[str, Header] = {}
    for header in headers:
        if header.key and not columns[header.key].many:
            known = taken.get(header.key)
            if known is None or (_exact(header, columns) and not _exact(known, columns)):
                taken[header.key] = header
    return [
        header
        if not header.key or columns[header.key].many or taken[header.key] is header
        else header._replace(key=None)
        for header in headers
    ]


def mapped(headers: Sequence[Header], mapping: Mapping[str, str], columns: Columns) -> list[Header]:
    """The headers with a person's own reading of them: header text → column key, or IGNORED. Raises Refused."""
    wanted = {folded(text): key for text, key in mapping.items()}
    there = {folded(header.text) for header in headers}
    for text, key in mapping.items():
        if key not in columns and key not in {IGNORED, ""}:
            raise Refused(
                "mapping.column",
                "没有「{name}」这一栏。可用的有：{known}。",
                "There is no column “{name}”. There are: {known}.",
                field="mapping",
                name=key,
                known=", ".join(columns),
            )
        if folded(text) not in there:
            raise Refused(
                "mapping.header",
                "表里没有表头「{text}」。",
                "The ledger has no header “{text}”.",
                field="mapping",
                text=text,
            )
    claimed = {key for key in wanted.values() if key in columns and not columns[key].many}
    return [_as_mapped(header, wanted, claimed, columns) for header in headers]


def _as_mapped(header: Header, wanted: Mapping[str, str], claimed: set[str], columns: Columns) -> Header:
    key = wanted.get(folded(header.text))
    if key is None:
        return header._replace(key=None) if header.key in claimed else header
    if key not in columns:
        return header._replace(key=None)
    unit, money = _unit(columns[key].kind, [*_apart(header.text)[1], header.text])
    return Header(header.place, header.text, key, unit, money)


def is_idle(text: str, columns: Columns) -> bool:
    """Whether the header is of a column that says nothing of its own: a serial number, a reason added by us."""
    return columns.unsaid(folded(_apart(text.rpartition("/")[2])[0]))


def _exact(header: Header, columns: Columns) -> bool:
    return header.key is not None and folded(_apart(header.text.rpartition("/")[2])[0]) in {
        folded(name) for name in columns[header.key].title
    }


def _wordings(text: str) -> list[str]:
    """The header with all its groups, with fewer of them, alone, then as it is; a bare 时间 under an unknown group says nothing."""
    levels = [re.sub("(情况|信息|基本)+$", "", level.strip()) or level for level in text.split("/") if level.strip()]
    found = ["".join(levels[start:]) for start in range(len(levels))]
    bare = len(levels) > 1 and folded(levels[-1]) in _BARE
    return found[:-1] if bare else [*found, text.rpartition("/")[2]]


def _apart(text: str) -> tuple[str, list[str]]:
    """The header without what stands in brackets, and what stands in them."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[(\[【].*?[)\]】]", "", plain).strip(" *:#"), re.findall(r"[(\[【](.*?)[)\]】]", plain)


def _key(name: str, columns: Columns) -> str | None:
    known, tidy = columns.words, folded(name)
    if columns.unsaid(tidy):
        return None
    without_unit = re.sub(r"(亿元?|万元?|亩|平方米|万平方米|万?m2|人民币|美元|cny|rmb|usd|eur|万)+$", "", tidy)
    return (
        known.get(tidy)
        or known.get(without_unit)
        or known.get(re.sub("^(是否|拟|预计|企业|项目|客商)", "", without_unit))
    )


def _unit(kind: str, texts: Sequence[str]) -> tuple[str | None, str | None]:
    if kind == "amount":
        return _amount_unit(texts)
    if kind in {"land", "space", "heads"}:
        found = (_OTHER_UNITS.search(unicodedata.normalize("NFKC", text).lower()) for text in texts)
        return next((unit[0] for unit in found if unit), None), None
    if kind == "percent":
        return ("%" if any("%" in unicodedata.normalize("NFKC", text) for text in texts) else None), None
    return None, None


def _amount_unit(texts: Sequence[str]) -> tuple[str | None, str | None]:
    """`万元`, `亿`, `USD m`, `10k CNY`: in brackets as they are, else at the end of the header's text."""
    *inside, whole = texts
    last = re.search(rf"((千万|百万|万|亿)(元|{_MONEY})?|{_MONEY})$", unicodedata.normalize("NFKC", whole).lower())
    for text in [*inside, last[0] if last else ""]:
        plain = unicodedata.normalize("NFKC", text).lower().replace("单位", "").strip(" :,")
        found = _AMOUNT_UNIT.fullmatch(plain)
        if plain and found:
            named = found["before"] or found["after"]
            unit = _LATIN.get(found["unit"] or "", found["unit"])
            return unit or ("元" if named else None), currency(named) if named else None
    return None, None
