"""The district's channels, people, firms and projects by the names that ledgers use for them."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import Connection

from crm.imports.cells import folded
from crm.imports.named import Named, named
from crm.imports.rows import Values
from domain.base import Refused, Text
from domain.person import Role
from projections import channels, people
from projections.channels import ChannelRow
from projections.people import PersonRow

_WORKERS = frozenset({Role.STAFF.value, Role.MANAGER.value})
_NEAR = 0.5


@dataclass(frozen=True)
class Directory:
    """Whom and what a ledger may name. `may_bring` says through which channels its importer may bring leads in;
    `records` are asked for as lines name them.
    """

    channels: Mapping[str, Sequence[ChannelRow]]
    people: Mapping[str, Sequence[PersonRow]]
    may_bring: Callable[[UUID], bool]
    records: Mapping[str, Named] = field(default_factory=named)

    def look_up(self, conn: Connection[Any], lines: Iterable[Values]) -> None:
        """Find the records that these lines name, all of one kind at once."""
        wanted: dict[str, set[str]] = {}
        for found in lines:
            for key, refers in found.columns.referring.items():
                if refers in self.records and key in found.given:
                    wanted.setdefault(refers, set()).add(found.given[key])
        for kind, names in wanted.items():
            self.records[kind].look_up(conn, names)

    def channel_of(self, name: str) -> ChannelRow:
        """The channel of that name, id or unmistakable part of a name. Raises Refused, naming near ones."""
        found = self._channels(name)
        if len(found) != 1:
            raise _unknown(
                "channel", Text("渠道", "channel"), name, found or self._every_channel(), twice=len(found) > 1
            )
        return found[0]

    def channel(self, name: str) -> ChannelRow:
        """The same, through which its importer may bring leads in. Raises Refused."""
        found = self.channel_of(name)
        if found.closed:
            raise Refused(
                "channel.closed", "渠道「{name}」已停用。", "The channel “{name}” is closed.", name=found.name
            )
        if not self.may_bring(found.id):
            raise Refused(
                "channel.not_yours",
                "您不能通过渠道「{name}」导入线索。",
                "You may not bring leads in through “{name}”.",
                name=found.name,
            )
        return found

    def occasion(self, name: str) -> ChannelRow:
        """The mission, trip or event of that name. Raises Refused."""
        found = [row for row in self._channels(name) if row.occasion]
        if len(found) != 1:
            there = [row for row in self._every_channel() if row.occasion]
            raise _unknown("occasion", Text("活动", "occasion"), name, found or there, twice=len(found) > 1)
        return found[0]

    def person(self, name: str) -> UUID:
        """The staff member or manager of that name or login. Raises Refused, naming near ones."""
        found = self.people.get(folded(name), ())
        if len(found) != 1:
            everyone = {row.id: row for rows in self.people.values() for row in rows}.values()
            raise _unknown("person", Text("人员", "person"), name, found or everyone, twice=len(found) > 1)
        return found[0].id

    def _every_channel(self) -> list[ChannelRow]:
        every = {row.id: row for rows in self.channels.values() for row in rows}
        return [row for row in every.values() if not row.closed and self.may_bring(row.id)]

    def _channels(self, name: str) -> Sequence[ChannelRow]:
        key = folded(name)
        exact = self.channels.get(key)
        if exact:
            return exact
        short = re.sub("(招商)?(联络中心|联络处|中心|办事处|专班)$", "", key)
        near = {row.id: row for known, rows in self.channels.items() for row in rows if short and short in known}
        return list(near.values()) if len(short) > 1 else []


def directory(conn: Connection[Any], may_bring: Callable[[UUID], bool] = lambda _: True) -> Directory:
    """The channels and people there are now."""
    by_name: dict[str, list[ChannelRow]] = {}
    for row in channels.listed(conn):
        for key in {folded(row.name), folded(str(row.id))}:
            by_name.setdefault(key, []).append(row)
    persons: dict[str, list[PersonRow]] = {}
    for person in people.listed(conn):
        if _WORKERS & set(person.roles):
            for key in {folded(person.name), folded(person.login)}:
                persons.setdefault(key, []).append(person)
    return Directory(by_name, persons, may_bring)


def _unknown(
    key: str, what: Text, name: str, there: Iterable[ChannelRow | PersonRow], *, twice: bool = False
) -> Refused:
    names = list(dict.fromkeys(row.name for row in there))
    near = names if twice else difflib.get_close_matches(name, names, n=3, cutoff=_NEAR)
    shown = Text("、".join(near[:3]), ", ".join(near[:3]))
    if twice:
        zh, en = (
            "「{name}」对应不止一个{what}：{near}。请写全名。",
            "“{name}” may be more than one {what}: {near}. Write the full name.",
        )
    elif near:
        zh, en = "没有叫「{name}」的{what}，相近的有：{near}。", "There is no {what} “{name}”; near it: {near}."
    else:
        zh, en = "没有叫「{name}」的{what}。", "There is no {what} “{name}”."
    return Refused(f"{key}.unknown", zh, en, name=name[:60], what=what, near=shown)
