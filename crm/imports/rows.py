"""One line of a ledger → the values it gives, column by column, with everything that is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm.imports import dates, figures
from crm.imports.book import EPOCH_1900
from crm.imports.cells import Cell, line, nothing, said
from crm.imports.columns import COLUMNS
from crm.imports.headers import Header
from crm.imports.industries import industry
from crm.imports.places import place
from domain.base import Refused, Text

_PHONE = re.compile(r"(\+?\d[\d\s()\-]{5,18}\d)")


@dataclass(frozen=True)
class Reading:
    """How a ledger's cells are to be read. `rates` are CNY for one unit, for rows that give no rate of their own."""

    headers: Sequence[Header]
    unit: str | None = None
    epoch: date = EPOCH_1900
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass
class Values:
    """What a line says, by column key, and what is wrong with it, each with the column's title."""

    given: dict[str, Any] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)
    remarks: list[Text] = field(default_factory=list)
    _complained: set[str] = field(default_factory=set)

    def complain(self, key: str | None, text: Text) -> None:
        """Note that the column (None: the line as a whole) cannot be taken as it is."""
        if key in self._complained:
            return
        if key:
            self._complained.add(key)
        title = COLUMNS[key].title if key and key in COLUMNS else None
        self.problems.append(Text(f"{title.zh}：{text.zh}", f"{title.en}: {text.en}") if title else text)


def values(cells: Sequence[Cell], reading: Reading) -> Values:
    """Read a line."""
    found = Values()
    texts: dict[str, list[tuple[str, str]]] = {}
    for header in reading.headers:
        if header.key is None or header.place >= len(cells):
            continue
        column, cell = COLUMNS[header.key], cells[header.place]
        if column.many:
            texts.setdefault(header.key, []).append((header.text, said(cell)))
            continue
        try:
            value = _read(column.key, column.kind, cell, header, found.given, reading)
        except Refused as refusal:
            found.complain(header.key, refusal.text)
        else:
            if value is not None:
                found.given[header.key] = value
    for key, parts in texts.items():
        if text := _together(parts):
            found.given[key] = text
    _with_amounts(cells, reading, found)
    _with_people(found)
    return found


def _read(key: str, kind: str, cell: Cell, header: Header, _given: Mapping[str, Any], reading: Reading) -> Any:
    if kind in _SIMPLE:
        return _SIMPLE[kind](cell, header)
    if kind == "date":
        return dates.day(cell, reading.epoch)
    if kind == "amount":
        return None  # read last: it may need the line's currency and rate
    text = line(cell)
    if key == "company" and text.isdecimal():
        raise Refused("company.number", "企业名称是一个数字，请核对。", "The company's name is a number; please check.")
    return None if nothing(text) and key != "company" else text or None


_SIMPLE: Final[Mapping[str, Callable[[Cell, Header], Any]]] = {
    "land": lambda cell, header: figures.number(cell, figures.MU, unit=header.unit),
    "space": lambda cell, header: figures.number(cell, figures.SQUARE_METRES, unit=header.unit),
    "heads": lambda cell, header: _whole(figures.number(cell, figures.HEADS, unit=header.unit)),
    "currency": lambda cell, _: figures.currency(cell),
    "rate": lambda cell, _: figures.rate(cell),
}


def _whole(number: Decimal | None) -> int | None:
    if number is not None and number != int(number):
        raise Refused("number.whole", "应为整数。", "It must be a whole number.")
    return None if number is None else int(number)


def _together(parts: Sequence[tuple[str, str]]) -> str:
    """The texts of several columns of one kind; each but a lone one under its own header."""
    filled = [(header, text) for header, text in parts if not nothing(text)]
    if len(parts) == 1:
        return filled[0][1] if filled else ""
    return "\n".join(f"{header}：{text}" for header, text in filled)


def _with_amounts(cells: Sequence[Cell], reading: Reading, found: Values) -> None:
    for header in reading.headers:
        if header.key is None or COLUMNS[header.key].kind != "amount" or header.place >= len(cells):
            continue
        named = found.given.get("currency") or header.currency
        try:
            amount = figures.amount(cells[header.place], unit=header.unit or reading.unit, money=named)
        except Refused as refusal:
            found.complain(header.key, refusal.text)
            continue
        if amount is not None and amount.currency != "CNY":
            rate = found.given.get("rate") or reading.rates.get(amount.currency)
            amount = amount.model_copy(update={"rate": rate})
        if amount is not None:
            found.given[header.key] = amount


def _with_people(found: Values) -> None:
    """`张三 13800000000` in one cell is a name and a number."""
    both = found.given.pop("contact_both", None)
    phone = found.given.get("contact_phone")
    if phone and re.search(r"[^\x00-\x7f]", unicodedata.normalize("NFKC", phone)) and "contact_name" not in found.given:
        both = found.given.pop("contact_phone")
    if both:
        number = _PHONE.search(unicodedata.normalize("NFKC", both))
        name = _PHONE.sub(" ", unicodedata.normalize("NFKC", both)).strip(" ,，;；/、:：()（）-")
        if number:
            found.given.setdefault("contact_phone", number[1].strip())
        if name:
            found.given.setdefault("contact_name", name)


def where(found: Values) -> None:
    """Turn the texts for country, region and industry into what they stand for."""
    given = found.given
    for key, meaning in (("country", place), ("industry", industry)):
        if isinstance(given.get(key), str):
            try:
                given[key] = meaning(given[key])
            except Refused as refusal:
                found.complain(key, refusal.text)
                del given[key]
    if "country" in given:
        country, region = given["country"]
        given["country"] = country
        if region:
            given.setdefault("region", region)
    elif "region" in given:
        given["country"] = _of_region(given["region"])


def _of_region(region: str) -> str:
    try:
        found = place(region)
    except Refused:
        found = None
    return found.country if found else "CN"
