"""What a person decided about a ledger: the sheet, the reading of its headers, what holds where lines are silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from crm.imports.book import Book, Sheet, open_book
from crm.imports.headers import Header, mapped
from crm.imports.kind import Kind
from crm.imports.kinds import USUAL, kind_of
from crm.imports.layout import Layout, layout, unknown
from crm.imports.lines import Lines
from crm.imports.rows import Reading
from domain.base import Payload, Refused
from domain.values import Industry


class Choices(Payload):
    """`of`: which kind of ledger it is; `mapping`: header → column key ("-" leaves it out); `rates`: CNY for one unit of a currency; `allowed`: the lines
    that are imported though they look like leads there are already (`allow_duplicates`: all of them).
    `unit` is that of amounts whose header names none (万元, 亿元, 元).
    """

    of: str = USUAL
    sheet: str | None = None
    header_line: int | None = None
    mapping: Mapping[str, str] = {}
    unit: str | None = None
    rates: Mapping[str, Decimal] = {}
    channel: UUID | None = None
    industry: Industry | None = None
    owner: UUID | None = None
    undated: bool = False
    allow_duplicates: bool = False
    allowed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Source:
    """A ledger's file and how it is to be read. Whatever is wrong with either raises Refused when it is looked at."""

    data: bytes
    name: str
    choices: Choices = field(default_factory=Choices)
    limit_mb: int = 200

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self.choices.of)

    @cached_property
    def book(self) -> Book:
        return open_book(self.data, self.name, limit_mb=self.limit_mb)

    @cached_property
    def _found(self) -> tuple[Sheet, Layout]:
        """The sheet chosen, or the one in which most columns are recognised."""
        line = self.choices.header_line
        if self.choices.sheet is not None or len(self.book.sheets) == 1:
            sheet = self.book.sheet(self.choices.sheet)
            return sheet, layout(sheet, self.kind.columns, line)
        found = [(sheet, at) for sheet in map(self.book.sheet, self.book.sheets) if (at := self._layout(sheet, line))]
        if not found:
            return self.book.sheet(), layout(self.book.sheet(), self.kind.columns, line)
        return max(found, key=lambda one: one[1].found)

    def _layout(self, sheet: Sheet, line: int | None) -> Layout | None:
        try:
            return layout(sheet, self.kind.columns, line)
        except Refused:
            return None

    @property
    def sheet(self) -> Sheet:
        return self._found[0]

    @property
    def layout(self) -> Layout:
        return self._found[1]

    @cached_property
    def headers(self) -> Sequence[Header]:
        return mapped(self.layout.headers, self.choices.mapping, self.kind.columns)

    @property
    def unknown(self) -> Sequence[Header]:
        """The columns that will be left out."""
        return unknown(self.headers, self.kind.columns)

    @property
    def reading(self) -> Reading:
        unit = self.choices.unit or self.layout.unit
        return Reading(self.kind.columns, self.headers, unit, self.book.epoch, self.choices.rates)

    @property
    def lines(self) -> Lines:
        return Lines(self.sheet, self.layout, self.headers, self.kind.columns)
