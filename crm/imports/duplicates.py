"""Is a line a record that is there already? Each kind of ledger says by what keys they are alike, and what keeps them apart."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from crm.imports.entry import Entry
from domain.base import Text


class Twin(NamedTuple):
    """What a line looks like."""

    text: Text


class Other(NamedTuple):
    """A record that is there: `apart` is what another one differs in, though it is found under the same key."""

    apart: str
    text: Text


class Likeness(NamedTuple):
    """`keys` under which an entry may be found, what keeps it `apart`; `there` finds records by those of many entries.

    `same` says in words what two lines of one file have in common; `unnamed` what is said of a record to whom it is not
    shown, where there is anybody like that.
    """

    keys: Callable[[Entry], Iterable[str]]
    apart: Callable[[Entry], str]
    there: Callable[[Connection[Any], Sequence[Entry]], Iterator[tuple[str, Other]]]
    same: Text
    unnamed: Text | None = None


class Twins:
    """Remembers the lines that went before, and asks for records that are there.

    `allowed`: the lines that are taken all the same; None: all of them.
    """

    def __init__(self, likeness: Likeness, allowed: Collection[int] | None, *, names_others: bool = True) -> None:
        self._likeness = likeness
        self._allowed = allowed
        self._names_others = names_others
        self._before: dict[str, list[Other]] = {}

    def of(self, conn: Connection[Any], entries: Sequence[tuple[int, Entry]]) -> dict[int, Twin]:
        """By line number the lines that look like another record. Those allowed are not among them."""
        sound = [(line, entry) for line, entry in entries if not entry.problems]
        there = self._there(conn, [entry for _, entry in sound])
        found: dict[int, Twin] = {}
        for line, entry in sound:
            twin = self._twin(entry, there)
            if twin is not None and self._allowed is not None and line not in self._allowed:
                found[line] = twin
            else:
                self._remember(line, entry)
        return found

    def _there(self, conn: Connection[Any], entries: Sequence[Entry]) -> dict[str, list[Other]]:
        found: dict[str, list[Other]] = {}
        for key, other in self._likeness.there(conn, entries) if entries else ():
            unnamed = None if self._names_others else self._likeness.unnamed
            found.setdefault(key, []).append(other._replace(text=unnamed) if unnamed else other)
        return found

    def _twin(self, entry: Entry, there: dict[str, list[Other]]) -> Twin | None:
        apart = self._likeness.apart(entry)
        for key in self._likeness.keys(entry):
            for other in (*self._before.get(key, ()), *there.get(key, ())):
                if not apart or not other.apart or apart == other.apart:
                    return Twin(other.text)
        return None

    def _remember(self, line: int, entry: Entry) -> None:
        same = self._likeness.same
        text = Text(f"与本表第 {line} 行是{same.zh}", f"{same.en} as line {line} of this file")
        one = Other(self._likeness.apart(entry), text)
        for key in self._likeness.keys(entry):
            self._before.setdefault(key, []).append(one)
