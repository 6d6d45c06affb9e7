"""Amounts and numbers as ledgers hold them: bare numbers in the unit of their header, `约120亩`, `USD 10m`."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from crm.imports.cells import Cell, nothing, said
from domain.base import Refused
from domain.values import CURRENCIES, Money, parse_amount

_ROUGHLY = re.compile(r"^(约为?|大约|预计|计划|共|近|总)\s*|\s*(左右|上下|余|多)$")
_RANGE = re.compile(r"\d\s*[亿万千百]?元?\s*(-{1,2}|—|–|~|～|至|到)\s*\d")
_NUMBER = re.compile(r"([+-]?[\d,，]*\.?\d+(?:e[+-]?\d+)?)\s*(万|千)?\s*([^\d\s].*)?", re.IGNORECASE)

MU: Final[Mapping[str, Decimal]] = {
    "亩": Decimal(1), "mu": Decimal(1), "公顷": Decimal(15), "ha": Decimal(15), "hectare": Decimal(15),
    "hectares": Decimal(15), "㎡": Decimal("0.0015"), "m2": Decimal("0.0015"), "平方米": Decimal("0.0015"),
    "平米": Decimal("0.0015"), "平": Decimal("0.0015"), "sqm": Decimal("0.0015"), "平方公里": Decimal(1500),
}  # fmt: skip
"""How many 亩 one of each unit of land is."""

SQUARE_METRES: Final[Mapping[str, Decimal]] = {
    "㎡": Decimal(1), "m2": Decimal(1), "平方米": Decimal(1), "平米": Decimal(1), "平": Decimal(1), "sqm": Decimal(1),
    "sq.m": Decimal(1), "亩": Decimal("666.67"), "公顷": Decimal(10_000),
}  # fmt: skip

HEADS: Final[Mapping[str, Decimal]] = {
    unit: Decimal(1) for unit in ("人", "名", "个", "位", "people", "jobs", "persons")
}

PLAIN: Final[Mapping[str, Decimal]] = {
    unit: Decimal(1)
    for unit in (
        "%",
        "年",
        "年度",
        "吨/㎡",
        "吨/m2",
        "t/㎡",
        "t/m2",
        "吨",
        "t",
        "米",
        "m",
        "kva",
        "kVA",
        "KVA",
        "千伏安",
    )
}
"""Units that say nothing that the column does not."""

_CURRENCY_WORDS = {
    "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "元": "CNY", "¥": "CNY", "美元": "USD", "美金": "USD", "usd": "USD",
    "us$": "USD", "$": "USD", "欧元": "EUR", "eur": "EUR", "euro": "EUR", "€": "EUR", "港元": "HKD", "港币": "HKD",
    "hkd": "HKD", "日元": "JPY", "jpy": "JPY", "英镑": "GBP", "gbp": "GBP", "韩元": "KRW", "krw": "KRW",
    "澳门元": "MOP", "澳门币": "MOP", "mop": "MOP", "新台币": "TWD", "台币": "TWD", "twd": "TWD", "瑞士法郎": "CHF",
    "chf": "CHF", "新加坡元": "SGD", "新币": "SGD", "sgd": "SGD",
}  # fmt: skip


def currency(cell: Cell | None) -> str | None:
    """The ISO code of a currency by its name, sign or code. Raises Refused for one that is not known."""
    text = unicodedata.normalize("NFKC", said(cell)).casefold().strip()
    if nothing(text):
        return None
    found = _CURRENCY_WORDS.get(text) or _CURRENCY_WORDS.get(re.sub(r"[(（].*|万|亿|[^\w$€¥]", "", text))
    if found is None or found not in CURRENCIES:
        raise Refused(
            "money.currency",
            "不认识货币「{text}」。",
            "“{text}” is no currency known here.",
            text=text[:20],
        )
    return found


def amount(
    cell: Cell | None, *, unit: str | None = None, money: str | None = None, rate: Decimal | None = None
) -> Money | None:
    """The amount of a cell; a bare number counts in `unit` of currency `money`. None where it says nothing.

    Zero says nothing: ledgers fill empty amounts with it. Raises Refused.
    """
    text = unicodedata.normalize("NFKC", said(cell)).strip()
    if nothing(text) or isinstance(cell, bool):
        return None
    if _RANGE.search(text):
        raise _range(text)
    tidy = _ROUGHLY.sub("", _ROUGHLY.sub("", text))
    bare = re.fullmatch(r"[+-]?[\d,， ]*\.?\d+(?:e[+-]?\d+)?", tidy, re.IGNORECASE)
    if bare and _decimal(tidy.replace(" ", "")) == 0:
        return None
    if bare:
        tidy = tidy.replace(" ", "")
        tidy = f"{money} {tidy}{unit or ''}" if money and money != "CNY" else tidy
    elif money and money != "CNY" and not re.search(r"[a-z$€£¥元币]", tidy.casefold().replace("m", "")):
        tidy = f"{money} {tidy}"
    return parse_amount(tidy, unit=unit, rate=rate)


def number(cell: Cell | None, units: Mapping[str, Decimal], *, unit: str | None = None) -> Decimal | None:
    """A number in the first of `units`; one that a cell names is converted, a bare one counts in `unit`."""
    text = unicodedata.normalize("NFKC", said(cell)).strip()
    if nothing(text) or isinstance(cell, bool):
        return None
    if _RANGE.search(text):
        raise _range(text)
    found = _NUMBER.fullmatch(_ROUGHLY.sub("", _ROUGHLY.sub("", text)))
    named = (found[3] or unit or "").strip("()（）。.") if found else ""
    scale, named = (10_000, named[1:]) if named.startswith("万") else (1, named)
    factor = units.get(named, None) if named else Decimal(1)
    if not found or factor is None:
        raise Refused(
            "number.form",
            "看不懂数字「{text}」。",
            "“{text}” is no number in a known unit.",
            text=text[:40],
        )
    many = {"万": 10_000, "千": 1_000}.get(found[2] or "", 1)
    return _decimal(found[1]) * many * scale * factor


def percent(cell: Cell | None, *, in_percent: bool = False) -> Decimal | None:
    """A share in per cent: `60%`, 60; a cell that is a number up to 1 is a fraction, unless its header says per cent."""
    found = number(cell, PLAIN)
    fraction = not in_percent and isinstance(cell, int | float) and found is not None and 0 < found <= 1
    return found * 100 if found is not None and fraction else found


def rate(cell: Cell | None) -> Decimal | None:
    """An exchange rate: CNY for one unit. None where the cell says nothing."""
    text = unicodedata.normalize("NFKC", said(cell)).strip()
    if nothing(text):
        return None
    found = re.fullmatch(r"(?:1\s*[:：]\s*|1\D{1,4}=\s*)?(\d+(?:\.\d+)?)\D{0,4}", text)
    given = _decimal(found[1]) if found else Decimal(0)
    if not 0 < given < 10**6:
        raise Refused("money.rate", "看不懂汇率「{text}」。", "“{text}” is no exchange rate.", text=text[:20])
    return given


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(re.sub("[,，]", "", text))
    except InvalidOperation:
        return Decimal(0)


def _range(text: str) -> Refused:
    return Refused(
        "number.range_given",
        "「{text}」是一个范围，请只写一个数。",
        "“{text}” is a range; please give one number.",
        text=text[:40],
    )
