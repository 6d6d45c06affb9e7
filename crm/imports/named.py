"""Firms and projects by the names that ledgers use for them, asked for as lines name them and remembered."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.base import Refused, Text
from domain.values import normalised_name
from projections import companies, projects

Find = Callable[[Connection[Any], Iterable[str]], Iterator[tuple[str, UUID]]]
"""Of these names (each, whose)."""


class Named:
    """Records of one kind by name."""

    def __init__(self, what: Text, find: Find) -> None:
        self._what = what
        self._find = find
        self._found: dict[str, set[UUID]] = {}

    def look_up(self, conn: Connection[Any], names: Iterable[str]) -> None:
        """Find those whose names were not asked for before."""
        new = [name for name in names if name not in self._found]
        self._found |= {name: set() for name in new}
        for name, one in self._find(conn, new) if new else ():
            self._found[name].add(one)

    def get(self, name: str) -> UUID | None:
        """The one record of that name, if there is one and no other."""
        found = self._found.get(name, set())
        return next(iter(found)) if len(found) == 1 else None

    def one(self, name: str) -> UUID:
        """The record of that name. Raises Refused where there is none, or more than one."""
        found = self.get(name)
        if found is not None:
            return found
        zh, en = (
            (
                "叫「{name}」的{what}不止一个，请先改名区分。",
                "More than one {what} is called “{name}”; tell them apart first.",
            )
            if self._found.get(name)
            else (
                "没有叫「{name}」的{what}，请先登记或导入。",
                "There is no {what} “{name}”; register or import it first.",
            )
        )
        raise Refused("record.unknown", zh, en, name=name[:60], what=self._what)


def named() -> Mapping[str, Named]:
    """What lines may refer to by name, nothing looked up yet."""
    return {
        "company": Named(Text("企业", "firm"), _companies),
        "project": Named(Text("项目", "project"), _projects),
    }


def _companies(conn: Connection[Any], names: Iterable[str]) -> Iterator[tuple[str, UUID]]:
    """By the name a firm goes or went by, or by its credit code."""
    wanted: dict[str, list[str]] = {}
    for name in names:
        for key in {normalised_name(name), name.upper()}:
            wanted.setdefault(key, []).append(name)
    rows = companies.alike(conn, wanted, list(wanted), at_most=None)
    for row in rows:
        for key in {*map(normalised_name, (row.name, *row.former_names)), row.credit_code or ""}:
            yield from ((name, row.id) for name in wanted.get(key, ()))


def _projects(conn: Connection[Any], names: Iterable[str]) -> Iterator[tuple[str, UUID]]:
    for row in projects.LIST.named(conn, list(names)):
        yield row.name, row.id


def parted(text: str) -> list[str]:
    """The names in a cell that holds several."""
    return [name for name in re.split(r"\s*[、,，;；\n/]\s*", text) if name]
