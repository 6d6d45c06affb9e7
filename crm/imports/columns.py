"""The columns that a kind of ledger may have: what each says, and the words by which offices head it."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple

from crm.imports.cells import folded
from domain.base import Term, Text

__all__ = ["NOTHING_SAID", "REASON_HEADER", "Column", "Columns"]

Refers = Literal["", "person", "people", "channel", "occasion", "company", "project"]

REASON_HEADER: Final = ("未导入原因", "Why not imported")
"""The last column of the file of failed rows; left out when that file comes back mended."""

_SERIAL: Final = ("序号", "编号", "no", "number", "id", "序", "行号", "项次", *REASON_HEADER)
NOTHING_SAID: Final = Text("", "")


class Column(NamedTuple):
    """One kind of column. `kind` says how its cells are read (`rows`), `terms` which words it may hold, `also` what else
    people write for them; `refers` of what its text is a name. `many` may stand over several columns, whose texts are
    joined. `example`: a cell of it; of `terms` the value of one.
    """

    key: str
    title: Text
    words: str = ""
    kind: str = "text"
    many: bool = False
    required: bool = False
    terms: type[Term] | None = None
    also: Mapping[str, Term] = {}
    refers: Refers = ""
    example: str = ""
    help: Text = NOTHING_SAID


class Columns(dict[str, Column]):
    """Every column of a kind of ledger by its key, in the order in which an export or a template writes them.

    `naming`: a header with none of these is none, by the first of them a line is known. `unread`: what else exports head
    and nobody reads back, because it follows from the rest. `field_of`: which column a form's field comes from, if the
    names differ.
    """

    def __init__(
        self,
        every: Sequence[Column],
        naming: Sequence[str],
        *,
        unread: Sequence[str] = (),
        column_of: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__({column.key: column for column in every})
        self.naming = naming
        self.column_of = column_of or {}
        self._unread = frozenset(map(_word, (*_SERIAL, *unread)))

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Every word for a column, folded → its key."""
        found: dict[str, str] = {}
        for column in self.values():
            for word in (*column.title, column.key, *column.words.split()):
                found.setdefault(_word(word), column.key)
        return found

    @cached_property
    def referring(self) -> Mapping[str, str]:
        """For each column whose text is a name, of what."""
        return {column.key: column.refers for column in self.values() if column.refers}

    @cached_property
    def terms(self) -> Mapping[str, Mapping[str, Term]]:
        """For each column of terms every word for one, folded → the term."""
        return {column.key: _words_for(column) for column in self.values() if column.terms}

    def unsaid(self, name: str) -> bool:
        """Whether a column of that (folded) name says nothing: a serial number, a reason added by us, what follows from others."""
        return name in self._unread and name not in self.words

    def field(self, name: str) -> str | None:
        """The column that a form's field comes from."""
        key = self.column_of.get(name, name)
        return key if key in self else None


def _words_for(column: Column) -> Mapping[str, Term]:
    known = {folded(word): term for term in column.terms or () for word in (*term.text, str(term))}
    return known | {folded(word): term for words, term in column.also.items() for word in words.split()}


def _word(text: str) -> str:
    return folded(re.sub(r"[（(].*?[）)]", "", text))
