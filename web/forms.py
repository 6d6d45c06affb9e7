"""Forms made from their classes: `view()` draws one, `parse()` reads it back, with what was typed and what is wrong.

Names are dotted (`contacts.0.name`, `investment.amount`). Hidden beside the fields travel `command` (the id that makes
a second click do nothing), `version` (what the person saw) and `csrf`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid4, uuid5

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from crm import clock
from domain.base import Form, Patch, Refused, Text
from domain.values import Money
from web.complaints import complaints
from web.fields import Field, Filled, Picks, fields_of, kind_of, rows_in

_COMMAND, _VERSION = "command", "version"
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
F = TypeVar("F", bound=Form)


class Parsed(NamedTuple, Generic[F]):
    """A posted form: the form (None when something is wrong), complaints by field, the text as typed by field."""

    form: F | None
    errors: dict[str, Text]
    raw: dict[str, str]


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


def parse(kind: type[F], posted: FormData | Mapping[str, str], command: UUID | None = None) -> Parsed[F]:
    """Read a posted form back. New rows get ids derived from `command`, so that a second click posts the same."""
    raw = _raw(kind, posted)
    nested = _nested(kind, raw, "", command or uuid4())
    try:
        return Parsed(kind.model_validate(nested), {}, raw)
    except ValidationError as problem:
        return Parsed(None, complaints(problem), raw)


def _raw(kind: type[Form], posted: FormData | Mapping[str, str]) -> dict[str, str]:
    """The text of the form's own inputs, as typed; rows of lists renumbered, empty ones left out."""
    known = {
        name: value for name, value in posted.items()
        if isinstance(value, str) and name.partition(".")[0] in kind.model_fields
    }  # fmt: skip
    for place in _lists(kind, ""):
        known = _renumbered(known, place)
    return known


def _lists(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """Where `model` has lists, its nested models' included."""
    for name, info in model.model_fields.items():
        kind = kind_of(info.annotation, info.metadata)
        if kind.many:
            yield prefix + name
        elif isinstance(kind.type, type) and issubclass(kind.type, BaseModel):
            yield from _lists(kind.type, f"{prefix}{name}.")


def _renumbered(raw: dict[str, str], place: str) -> dict[str, str]:
    kept = {name: value for name, value in raw.items() if not name.startswith(f"{place}.")}
    filled = 0
    for row in rows_in(raw, place):
        start = f"{place}.{row}."
        inputs = {name[len(start) :]: value for name, value in raw.items() if name.startswith(start)}
        if any(value.strip() for name, value in inputs.items() if name != "id"):
            kept |= {f"{place}.{filled}.{name}": value for name, value in inputs.items()}
            filled += 1
    return kept


def _nested(model: type[BaseModel], raw: Mapping[str, str], prefix: str, command: UUID) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        kind, place = kind_of(info.annotation, info.metadata), prefix + name
        inner = kind.type if isinstance(kind.type, type) and issubclass(kind.type, BaseModel) else None
        rows = rows_in(raw, place) if kind.many else []
        if inner is not None and kind.many and (rows or _shown(model, raw, place)):
            found[name] = [_nested(inner, raw, f"{place}.{row}.", command) for row in rows]
        elif kind.many:
            continue
        elif inner is Money:
            _put(found, name, _money(raw, place), clears=_clears(model, raw, f"{place}.amount"))
        elif inner is not None:
            found[name] = _nested(inner, raw, f"{place}.", command)
        elif name == "id" and kind.type is UUID and not raw.get(place):
            found[name] = uuid5(command, place)
        else:
            _put(found, name, _typed(kind.type, raw.get(place, "")), clears=_clears(model, raw, place))
    return found


def _shown(model: type[BaseModel], raw: Mapping[str, str], place: str) -> bool:
    """Whether a list was on the page, so that an empty one means nobody; a patch may be without it."""
    return place in raw or not issubclass(model, Patch)


def _clears(model: type[BaseModel], raw: Mapping[str, str], place: str) -> bool:
    """In a patch an input that was shown and is empty clears its value; elsewhere it is simply left out."""
    return issubclass(model, Patch) and place in raw


def _put(found: dict[str, Any], name: str, value: Any, *, clears: bool) -> None:
    if value not in (None, ""):
        found[name] = value
    elif clears:
        found[name] = None


def _money(raw: Mapping[str, str], place: str) -> dict[str, str] | None:
    amount = raw.get(f"{place}.amount", raw.get(place, ""))
    return {"amount": amount, "rate": raw.get(f"{place}.rate", "")} if amount.strip() else None


def _typed(kind: Any, text: str) -> str:
    """What was typed, in the form pydantic reads: full-width signs, 1,200 and 2023年6月5日 are understood."""
    if kind is date:
        day = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
        return "{:0>4}-{:0>2}-{:0>2}".format(*day.groups()) if day else text.strip()
    if kind in (int, Decimal):
        return re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", text))
    return text if text.strip() else ""


def command_id(posted: FormData | Mapping[str, str]) -> UUID:
    """The command id the form carried; a fresh one where there is none."""
    try:
        return UUID(str(posted.get(_COMMAND)))
    except ValueError:
        return uuid4()


def seen_version(posted: FormData | Mapping[str, str]) -> int | None:
    """The version of the aggregate that the person saw when the form was drawn."""
    text = str(posted.get(_VERSION) or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004


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


NO_FORM: Final = Text("表单内容不完整，请重新填写。", "The form is incomplete; please fill it in again.")
