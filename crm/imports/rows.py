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
from crm.imports.columns import Column, Columns
from crm.imports.headers import Header
from domain.base import Refused, Text

_PHONE = re.compile(r"(\+?\d[\d\s()\-]{5,18}\d)")


@dataclass(frozen=True)
class Reading:
    """How a ledger's cells are to be read. `rates` are CNY for one unit, for rows that give no rate of their own."""

    columns: Columns
    headers: Sequence[Header]
    unit: str | None = None
    epoch: date = EPOCH_1900
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass
class Values:
    """What a line says, by column key, and what is wrong with it, each with the column's title."""

    columns: Columns
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
        title = self.columns[key].title if key and key in self.columns else None
        self.problems.append(Text(f"{title.zh}：{text.zh}", f"{title.en}: {text.en}") if title else text)


def values(cells: Sequence[Cell], reading: Reading) -> Values:
    """Read a line."""
    found = Values(reading.columns)
    texts: dict[str, list[tuple[str, str]]] = {}
    for header in reading.headers:
        if header.key is None or header.place >= len(cells):
            continue
        column, cell = reading.columns[header.key], cells[header.place]
        if column.many:
            texts.setdefault(header.key, []).append((header.text, said(cell)))
            continue
        try:
            value = _read(column, cell, header, reading)
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


def _read(column: Column, cell: Cell, header: Header, reading: Reading) -> Any:
    if column.kind in _SIMPLE:
        return _SIMPLE[column.kind](cell, header)
    if column.kind == "date":
        return dates.day(cell, reading.epoch)
    if column.kind == "amount":
        return None  # read last: it may need the line's currency and rate
    text = line(cell)
    if column.kind == "name":
        return _name(text)
    return None if nothing(text) else text


def _name(text: str) -> str | None:
    """What something is called: whatever is there, but a number."""
    if text.isdecimal():
        raise Refused("name.number", "这一格是一个数字，请核对。", "It is a number; please check.")
    return text or None


_SIMPLE: Final[Mapping[str, Callable[[Cell, Header], Any]]] = {
    "land": lambda cell, header: figures.number(cell, figures.MU, unit=header.unit),
    "space": lambda cell, header: figures.number(cell, figures.SQUARE_METRES, unit=header.unit),
    "heads": lambda cell, header: _whole(figures.number(cell, figures.HEADS, unit=header.unit)),
    "number": lambda cell, _: figures.number(cell, figures.PLAIN),
    "year": lambda cell, _: _whole(figures.number(cell, figures.PLAIN)),
    "percent": lambda cell, header: _whole(figures.percent(cell, in_percent=header.unit == "%")),
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
        if header.key is None or reading.columns[header.key].kind != "amount" or header.place >= len(cells):
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
