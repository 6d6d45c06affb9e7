"""Forms made from their classes: `view()` draws one, `parse()` (`web.posted`) reads it back.

Names are dotted (`contacts.0.name`, `investment.amount`). Hidden beside the fields travel `command` (the id that makes
a second click do nothing), `version` (what the person saw) and `csrf`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import uuid4

from pydantic import BaseModel

from crm import clock
from domain.base import Form, Refused, Text
from domain.values import Money
from web.fields import Field, Filled, Picks, fields_of
from web.posted import Parsed, command_id, parse, seen_version

__all__ = ["FormView", "Parsed", "command_id", "flat", "parse", "refused", "seen_version", "typed_amount", "view"]


@dataclass(frozen=True)
class FormView:
    """A form on a page. `status` is what the answer that shows it should have: 200, 422 or 409."""

    kind: type[Form]
    action: str
    fields: tuple[Field, ...]
    title: Text
    command: str
    version: int | None = None
    error: Text | None = None
    status: int = 200
    restored: bool = False
    upload: bool = False

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if name in (field.name, field.name.partition(".")[0]))

    def only(self, *names: str) -> tuple[Field, ...]:
        """The fields of these names, in this order."""
        return tuple(self[name] for name in names)

    def without(self, *names: str) -> tuple[Field, ...]:
        """All fields but these."""
        return tuple(field for field in self.fields if field.name.partition(".")[0] not in names)

    def offering(self, name: str, values: Collection[str]) -> Self:
        """The form with these values alone to choose from in one of its fields, and what is chosen there."""
        fields = tuple(
            replace(one, choices=tuple(each for each in one.choices if each.value in values or each.value == one.value))
            if one.name == name
            else one
            for one in self.fields
        )
        return replace(self, fields=fields)

    @property
    def draft(self) -> str:
        """The key under which the browser keeps what was typed, until it is sent."""
        return f"{self.action}#{self.kind.noun}"


def view(
    kind: type[Form],
    action: str,
    *,
    values: object = None,
    raw: Mapping[str, str] | None = None,
    errors: Mapping[str, Text] | None = None,
    picks: Picks | None = None,
    current: object = None,
    version: int | None = None,
    command: str | None = None,
    **more: Any,
) -> FormView:
    """The form `kind`, to be posted to `action`: as typed (`raw`), or filled with `values` (an object, dict or model).

    `picks` are the lists for its references; `current` the values now in force, shown beside the typed ones when stale.
    """
    errors = dict(errors or {})
    typed = dict(raw) if raw is not None else _opening(kind, values)
    fields = tuple(fields_of(kind, Filled(typed, errors, picks or {}, flat(current))))
    stray = [text for place, text in errors.items() if not any(_within(place, field) for field in _every(fields))]
    return FormView(
        kind, action, fields, kind.title, command or str(uuid4()), version,
        more.pop("error", None) or (stray[0] if stray else None), restored=raw is not None, **more,
    )  # fmt: skip


def _opening(kind: type[Form], values: object) -> dict[str, str]:
    defaults = {
        name: info.default for name, info in kind.model_fields.items() if not info.is_required() and info.default
    }
    return {"occurred_on": clock.today().isoformat(), **flat(defaults), **flat(values)}


def _every(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _every(field.fields)
        for row in field.rows:
            yield from _every(row)


def _within(place: str, field: Field) -> bool:
    return place == field.name or (field.widget == "money" and place == field.name.removesuffix(".amount"))


def flat(values: object, prefix: str = "") -> dict[str, str]:
    """Values as the text of inputs, by dotted name."""
    if values is None:
        return {}
    if isinstance(values, BaseModel):
        values = {name: getattr(values, name) for name in type(values).model_fields}
    if not isinstance(values, Mapping):
        values = vars(values)
    found: dict[str, str] = {}
    for name, value in values.items():
        if value is not None:
            found |= _flat_value(value, f"{prefix}{name}")
    return found


def _flat_value(value: object, place: str) -> dict[str, str]:
    match value:
        case Money():
            rate = {f"{place}.rate": str(value.rate)} if value.rate else {}
            return {f"{place}.amount": typed_amount(value), **rate}
        case BaseModel() | dict():
            return flat(value, f"{place}.")
        case tuple() | list():
            return {k: v for n, one in enumerate(value) for k, v in _flat_value(one, f"{place}.{n}").items()}
        case bool():
            return {place: "true" if value else "false"}
        case date():
            return {place: value.isoformat()}
        case _:
            return {place: str(value)}


def typed_amount(money: Money) -> str:
    """An amount as one would type it, without loss: 1.2亿, 5000万, USD 10000000."""
    units = Decimal(money.minor) / 100
    for size, sign in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if money.currency == "CNY" and units >= size and units / size == round(units / size, 4):
            return f"{(units / size).normalize():f}{sign}"
    return f"{units.normalize():f}元" if money.currency == "CNY" else f"{money.currency} {units.normalize():f}"


def refused(shown: FormView, refusal: Refused) -> FormView:
    """The same form with the refusal at its field, or above the form."""
    names = {name for field in _every(shown.fields) for name in (field.name, field.name.removesuffix(".amount"))}
    if refusal.field not in names:
        return replace(shown, error=refusal.text, status=422)
    fields = tuple(_marked(field, str(refusal.field), refusal.text) for field in shown.fields)
    return replace(shown, fields=fields, status=422)


def _marked(field: Field, place: str, text: Text) -> Field:
    if _within(place, field):
        return replace(field, error=text)
    return replace(
        field,
        fields=tuple(_marked(inner, place, text) for inner in field.fields),
        rows=tuple(tuple(_marked(inner, place, text) for inner in row) for row in field.rows),
    )
