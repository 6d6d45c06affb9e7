"""What is known of anything, in words: the values of facts with their labels, as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from psycopg import Connection
from pydantic import BaseModel

from domain.base import Patch, Text, field_text
from domain.values import ContactPerson, Money
from projections import channels, people
from web.words import Words


class Names(NamedTuple):
    """The names of what facts and filters point at; `records` those of projects, firms and the like."""

    channels: Mapping[UUID, str]
    people: Mapping[UUID, str]
    records: Mapping[UUID, str] = MappingProxyType({})

    def of(self, id: UUID) -> str:
        """What it is called; empty where that is not known."""
        return self.people.get(id) or self.channels.get(id) or self.records.get(id, "")


def names_of(conn: Connection[Any], records: Mapping[UUID, str] | None = None) -> Names:
    """The names of every channel and person of the district, and of whatever else is pointed at."""
    return Names(channels.names(conn), people.names(conn), records or {})


class Change(NamedTuple):
    """One attribute before and after a fact."""

    name: str
    label: Text
    before: str
    after: str


@dataclass(frozen=True)
class Facts:
    """Says values in the viewer's language. `contacts`: whether what may speak of private persons is shown."""

    words: Words
    names: Names
    contacts: bool = True

    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    LABELS: ClassVar[Mapping[str, Text]] = MappingProxyType({})

    def said(self, name: str, value: Any) -> str:
        """A value in words; empty where there is none."""
        if value is None or value in ((), ""):
            return ""
        if name in self.PERSONAL and not self.contacts:
            return self.words.t("（不可见）", "(hidden)")
        return self._plain(name, value)

    def _plain(self, name: str, value: Any) -> str:  # noqa: PLR0911 - one line per kind of value
        match value:
            case Money():
                return self.amount(value)
            case Enum():
                return self.words.term(value)
            case UUID():
                return self.names.of(value)
            case date():
                return value.isoformat()
            case tuple() | list():
                return self.words.t("、", ", ").join(filter(None, (self._one(one) for one in value)))
            case str() if name == "country":
                return self.words.country(value)
            case int() if name.endswith("year"):
                return str(value)
            case int() | Decimal() if not isinstance(value, bool):
                return self.words.number(value)
        return str(value)

    def _one(self, value: Any) -> str:
        """One of several: a person's name, or what it is made of in a row."""
        if isinstance(value, ContactPerson):
            return value.name
        if isinstance(value, BaseModel):
            return " ".join(filter(None, (self.said(name, getattr(value, name)) for name in type(value).model_fields)))
        return str(value)

    def amount(self, money: Money) -> str:
        """An amount in its own currency, with its worth in CNY where that is another."""
        own = self.words.foreign(money.minor, money.currency)
        if money.currency == "CNY":
            return own
        return self.words.t("{own}（折 {worth}）", "{own} ({worth})", own=own, worth=self.words.amount(money.fen))

    def payload(self, values: Any, *, besides: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
        """(label, value) of everything an event or a form carries."""
        fields = type(values).model_fields
        given = values.given() if isinstance(values, Patch) else {name: getattr(values, name) for name in fields}
        found: list[tuple[str, str]] = []
        for name, value in given.items():
            if name in besides or value in (None, (), "") or isinstance(value, dict):
                continue
            if isinstance(value, Patch):
                found += self.payload(value)
            elif name in self.LABELS or fields[name].title:
                label = field_text(type(values), name)
                found.append((self.words.t(label), self.said(name, value)))
        return [(label, text) for label, text in found if text]


class NoteFacts(Facts):
    """Says what is known of something whose note may name a person: that to those alone who work on it or oversee it."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"note"})
