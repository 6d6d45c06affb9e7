"""What a line tells, its words taken for what they stand for: terms, days, people and records by name.

What cannot be taken so is complained of at its column.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from crm.imports.cells import folded
from crm.imports.directory import Directory
from crm.imports.entry import Defaults, Entry, looked_up
from crm.imports.industries import industry
from crm.imports.named import parted
from crm.imports.rows import Values
from domain.base import Form, Term, Text
from domain.responsibility import Officer, TakeResponsibility
from domain.values import Industry

Some = TypeVar("Some", bound=Term)
_LATER: Final = Text("不能晚于今天。", "It cannot be in the future.")


class Told:
    """One line; `entry` gathers the forms that record it."""

    def __init__(self, found: Values, directory: Directory, defaults: Defaults) -> None:
        self.given = found.given
        self.entry = Entry(found)
        self.defaults = defaults
        self._directory = directory

    def get(self, *keys: str) -> dict[str, Any]:
        """What these columns say, of those that say anything: fields of a form that are named as they are."""
        return {key: self.given[key] for key in keys if key in self.given}

    def has(self, *keys: str) -> bool:
        return any(key in self.given for key in keys)

    def term(self, key: str, kind: type[Some]) -> Some | None:
        """The term that a column's word stands for."""
        text = self.given.get(key)
        found = self.entry.values.columns.terms[key].get(folded(text)) if text else None
        if text and found is None:
            zh, en = "、".join(term.text.zh for term in kind), ", ".join(term.text.en for term in kind)
            self.complain(key, Text(f"「{text}」不在可填范围内：{zh}。", f"“{text[:40]}” is none of these: {en}."))
        return kind(found) if found is not None else None

    def industry(self, key: str = "industry") -> Industry | None:
        """The section that a column's words stand for; that chosen for the whole ledger where it says nothing."""
        found: Industry | None = looked_up(self.entry.values, key, industry)
        return found or (None if key in self.given else self.defaults.industry)

    def person(self, key: str) -> UUID | None:
        found: UUID | None = looked_up(self.entry.values, key, self._directory.person)
        return found

    def people(self, key: str) -> Sequence[UUID]:
        """Everybody whom a column names."""
        found: Sequence[UUID] | None = looked_up(
            self.entry.values, key, lambda text: [self._directory.person(name) for name in parted(text)]
        )
        return list(dict.fromkeys(found or ()))

    def channel(self, key: str = "channel") -> UUID | None:
        row = looked_up(self.entry.values, key, self._directory.channel_of)
        return row.id if row else None

    def record(self, key: str) -> UUID | None:
        """The record that a column names; complained of where there is none."""
        kind = self.entry.values.columns[key].refers
        found: UUID | None = looked_up(self.entry.values, key, self._directory.records[kind].one)
        return found

    def known(self, key: str) -> UUID | None:
        """The same where there is one, and no complaint where there is none."""
        text = self.given.get(key)
        return self._directory.records[self.entry.values.columns[key].refers].get(text) if text else None

    def past(self, *keys: str) -> dict[str, date]:
        """The days that these columns give, of things that have happened."""
        found = self.get(*keys)
        for key, day in found.items():
            if day > self.defaults.day:
                self.complain(key, _LATER)
        return found

    def answering(self, day: date) -> TakeResponsibility | None:
        """Who answers since that day, where the line says so."""
        wanted = self.get("task_force", "departments")
        leader, officers = self.person("leader"), self.people("officers")
        if "leader" not in self.given:
            for key in (*wanted, *(["officers"] if officers else [])):
                self.complain(key, Text("填了这一栏的，须填包保领导。", "Where this is given, the leader is needed."))
            return None
        if leader is None:
            return None
        named = tuple(Officer(person=one) for one in officers)
        return TakeResponsibility(leader=leader, officers=named, occurred_on=day, **wanted)

    def undated(self, key: str, needed: str, last: date) -> date | None:
        """The day of what a state says and no column dates: the last of the line if that is allowed, else complained of."""
        if needed in self.given:
            day: date = self.given[needed]
            return day
        if self.defaults.undated:
            return last
        title = self.entry.values.columns[needed].title
        said = self.given[key]
        self.complain(
            key, Text(f"写的是「{said}」，但没有「{title.zh}」。", f"It says “{said}”, yet gives no “{title.en}”.")
        )
        return None

    def assume(self, zh: str, en: str) -> None:
        """Remark on what was taken for granted."""
        self.entry.values.remarks.append(Text(zh, en))

    def complain(self, key: str, text: Text) -> None:
        self.entry.values.complain(key, text)

    def make(self, make: Callable[[], Form | None]) -> None:
        self.entry.make(make)
