"""A posted form, read back: the form its class makes of it, what is wrong by field, and the text as it was typed."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid4, uuid5

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from domain.base import Form, Patch, Text
from domain.values import Money
from web.complaints import complaints
from web.fields import kind_of, rows_in

_COMMAND, _VERSION = "command", "version"
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
F = TypeVar("F", bound=Form)


class Parsed(NamedTuple, Generic[F]):
    """A posted form: the form (None when something is wrong), complaints by field, the text as typed by field."""

    form: F | None
    errors: dict[str, Text]
    raw: dict[str, str]


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
    """In a patch, or where a usual value was filled in, an input that was shown and is empty clears its value."""
    return place in raw and (issubclass(model, Patch) or _usual(model, place.rpartition(".")[2]))


def _usual(model: type[BaseModel], name: str) -> bool:
    """Whether the field opens with a value and may yet be empty."""
    info = model.model_fields.get(name)
    return (
        info is not None and not info.is_required() and info.default is not None and kind_of(info.annotation).optional
    )


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
