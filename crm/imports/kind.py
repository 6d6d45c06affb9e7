"""What a ledger is about: its columns, what a line implies, when two are alike. One file each in `kinds`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from crm.imports.columns import NOTHING_SAID, Columns
from crm.imports.directory import Directory
from crm.imports.duplicates import Likeness
from crm.imports.entry import Defaults, Entry
from crm.imports.rows import Values
from domain.base import Text
from domain.correctable import Correctable

Imply = Callable[[Values, UUID, Directory, Defaults], Entry]
"""(what the line says, the record's id, whom it may name, what holds where it is silent) → its forms."""


class Words(NamedTuple):
    """What the records are called: `one` as it is counted (条线索), several of them, and the ledger's own name."""

    one: Text
    many: Text
    measure: str = "条"


class Look(NamedTuple):
    """A record in the preview: what it is called, more of that, whose or where it is (by id or in words), its amount."""

    name: str
    under: str = ""
    where: UUID | str | None = None
    amount: Text = NOTHING_SAID


@dataclass(frozen=True)
class Kind:
    """A kind of ledger. `key` is its name in addresses and on the command line, `route` the route by which people make one.

    `called`: the field of the first event that says what the record is called. `where`, `amount`: how these parts of its
    look are headed. `asks`: what is to be said for lines that are silent. `assumed`: topics of which a column, if it is
    not there, is assumed, with what (`{n}` of them). `named_rows`: what its lines were called when ids were first made of
    them; never to be changed.
    """

    key: str
    aggregate: type[Correctable]
    words: Words
    columns: Columns
    imply: Imply
    likeness: Likeness
    look: Callable[[Entry], Look]
    route: str
    called: str = "name"
    where: Text = NOTHING_SAID
    amount: Text = NOTHING_SAID
    asks: frozenset[str] = frozenset()
    assumed: tuple[tuple[str, str, Text], ...] = ()
    named_rows: str = ""
    help: Text = NOTHING_SAID

    @property
    def amounts(self) -> list[str]:
        """The columns that hold amounts of money."""
        return [key for key, column in self.columns.items() if column.kind == "amount"]
