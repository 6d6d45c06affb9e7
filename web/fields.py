"""A pydantic class as inputs: one `Field` per value, by its type; nested models and lists of them become groups."""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from inspect import get_annotations
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.base import Text, field_text
from domain.values import CURRENCIES, Money, Prose, Sealed
from web.words import country_names

_LINES: Final = get_args(Prose)[1]
YES_NO: Final = (("true", Text("是", "Yes")), ("false", Text("否", "No")))


class Choice(NamedTuple):
    """One entry of a list: the value posted, the words shown, and a second line where words alone are not clear."""

    value: str
    text: Text
    note: str = ""


Picks = Mapping[str, Sequence[Choice]]
"""What a page offers for `pick` fields: {"channel": [Choice(str(id), Text(name, name)), …], …}."""


class Kind(NamedTuple):
    """What is known of a field's type: the bare type, its markers, whether it may be empty, whether it is a list."""

    type: Any
    markers: tuple[Any, ...]
    optional: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One input, or a group of them (`fields` of a nested model, `rows` of a list and the `blank` row to add)."""

    name: str
    label: Text
    widget: str
    required: bool = False
    value: str = ""
    error: Text | None = None
    help: Text | None = None
    choices: tuple[Choice, ...] = ()
    fields: tuple["Field", ...] = ()
    rows: tuple[tuple["Field", ...], ...] = ()
    blank: tuple["Field", ...] = ()
    current: str | None = None

    @property
    def id(self) -> str:
        """The element's id."""
        return f"f-{self.name.replace('.', '-')}"

    @property
    def shown(self) -> Text:
        """The value as people read it: the words of a choice, the text as typed."""
        return next(
            (choice.text for choice in self.choices if choice.value == self.value), Text(self.value, self.value)
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """What the inputs show: text by dotted name, errors by dotted name, lists to pick from, values now in force."""

    raw: Mapping[str, str]
    errors: Mapping[str, Text]
    picks: Picks
    current: Mapping[str, str]


def kind_of(annotation: Any, markers: Sequence[Any] = ()) -> Kind:
    """Look through `Annotated`, `| None` and `tuple[…, ...]`."""
    found, optional, many = list(markers), False, False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            found += more
        elif origin in (Union, types.UnionType):
            parts = [part for part in get_args(annotation) if part is not type(None)]
            optional, annotation = True, parts[0]
        elif origin in (tuple, list, frozenset):
            many, annotation = True, get_args(annotation)[0]
        else:
            return Kind(annotation, tuple(found), optional, many)


def fields_of(model: type[BaseModel], filled: Filled, prefix: str = "") -> Iterator[Field]:
    """The inputs for every field of `model`: the day first, then its own fields, then those of the classes it is of."""
    own = get_annotations(model)
    ranked = sorted(model.model_fields, key=lambda name: (name != "occurred_on", name not in own))
    for name in ranked:
        yield _field(model, name, model.model_fields[name], filled, prefix + name)


def _field(model: type[BaseModel], name: str, info: FieldInfo, filled: Filled, place: str) -> Field:
    kind = kind_of(info.annotation, info.metadata)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    label, required = field_text(model, name), info.is_required()
    error = filled.errors.get(place)
    if isinstance(kind.type, type) and issubclass(kind.type, Money):
        return _money(label, required, filled, place)
    if isinstance(kind.type, type) and issubclass(kind.type, BaseModel):
        return replace(_group(kind, label, required, filled, place), help=_help(info.description))
    choices = _choices(kind, filled.picks.get(str(extra.get("pick")), ()), extra)
    return Field(
        place,
        label,
        str(extra.get("widget") or _widget(kind, choices, name)),
        required,
        filled.raw.get(place, ""),
        error,
        _help(info.description),
        choices,
        current=_differing(filled, place),
    )


def _differing(filled: Filled, place: str) -> str | None:
    current = filled.current.get(place)
    return current if current is not None and current != filled.raw.get(place, "") else None


def _help(description: str | None) -> Text | None:
    if not description:
        return None
    zh, _, en = description.partition("|")
    return Text(zh, en or zh)


def _widget(kind: Kind, choices: Sequence[Choice], name: str) -> str:
    if choices:
        return "select"
    if kind.type is UUID:
        return "hidden" if name == "id" else "select"
    if kind.type is str and (Sealed("stream") in kind.markers or _LINES in kind.markers):
        return "area"
    plain = {bool: "check", date: "date", int: "whole", Decimal: "decimal"}
    return plain.get(kind.type, "text")


def _choices(kind: Kind, picked: Sequence[Choice], extra: Mapping[str, Any]) -> tuple[Choice, ...]:
    if extra.get("pick") == "country" and not picked:
        english = country_names("en")
        return tuple(Choice(code, Text(name, english[code])) for code, name in country_names("zh").items())
    if picked:
        return tuple(picked)
    if get_origin(kind.type) is Literal:
        return tuple(Choice(str(value), Text(str(value), str(value))) for value in get_args(kind.type))
    if isinstance(kind.type, type) and issubclass(kind.type, Enum):
        return tuple(Choice(str(member.value), getattr(member, "text", Text(member.name, member.name)))
                     for member in kind.type)  # fmt: skip
    if kind.type is bool and kind.optional:
        return tuple(Choice(*pair) for pair in YES_NO)
    return ()


def _money(label: Text, required: bool, filled: Filled, place: str) -> Field:  # noqa: FBT001
    errors = filled.errors
    rate = Field(
        f"{place}.rate",
        Text("汇率（1 单位外币折人民币）", "Rate (CNY for one)"),
        "decimal",
        value=filled.raw.get(f"{place}.rate", ""),
        error=errors.get(f"{place}.rate"),
    )
    return Field(
        f"{place}.amount",
        label,
        "money",
        required,
        filled.raw.get(f"{place}.amount", filled.raw.get(place, "")),
        errors.get(place) or errors.get(f"{place}.amount") or errors.get(f"{place}.currency"),
        Text("可写 5000万、1.2亿、USD 10m", "Like 5000万, 1.2亿, CNY 50m, USD 10m"),
        tuple(Choice(code, Text(code, code)) for code in CURRENCIES),
        (rate,),
        current=_differing(filled, f"{place}.amount"),
    )


def _group(kind: Kind, label: Text, required: bool, filled: Filled, place: str) -> Field:  # noqa: FBT001
    error = filled.errors.get(place)
    if not kind.many:
        inner = tuple(fields_of(kind.type, filled, f"{place}."))
        return Field(place, label, "group", required, error=error, fields=inner)
    rows = tuple(tuple(fields_of(kind.type, filled, f"{place}.{row}.")) for row in rows_in(filled.raw, place))
    blank = tuple(fields_of(kind.type, Filled({}, {}, filled.picks, {}), f"{place}.__row__."))
    return Field(place, label, "rows", required, error=error, rows=rows, blank=blank)


def rows_in(raw: Mapping[str, str], place: str) -> list[int]:
    """The numbers of the rows that `raw` has of the list at `place`, in order."""
    start = f"{place}."
    numbers = {name[len(start) :].partition(".")[0] for name in raw if name.startswith(start)}
    return sorted(int(number) for number in numbers if number.isdecimal() and len(number) < 5)  # noqa: PLR2004
