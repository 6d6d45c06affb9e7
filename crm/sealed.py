"""Which fields of an event the domain has marked `Sealed`, found once per class from its types."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, Protocol, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from domain.base import Event
from domain.values import Sealed

Marked = Literal["person", "stream"] | dict[str, "Marked"] | tuple["Marked"]
"""Where the sealed texts of a value are: here, in fields by name (`*`: in every value), or in each element."""

Seal = Callable[[UUID, str, str], str]
"""(subject, path, text) -> what stands in its place."""


ERASED: Final = "[已删除]"
"""What stands where a sealed text was, once its key is gone."""


class Sealer(Protocol):
    """Whoever holds the keys."""

    def prepare(self, subjects: Iterable[UUID]) -> object: ...

    def seal(self, subject: UUID, stream: UUID, version: int, field: str, text: str) -> str: ...


def sealed_payloads(events: Sequence[Event], keys: Sealer) -> list[bytes]:
    """The JSON of events' data as it is stored: compact UTF-8, with sealed fields as ciphertext."""
    written = [(event, _payload(event)) if sealed_fields(type(event)) else (event, None) for event in events]
    keys.prepare(subject for event, values in written if values for subject in _subjects(event, values))
    return [_sealed(event, values, keys) if values else _plain(event) for event, values in written]


def _subjects(event: Event, values: dict[str, Any]) -> set[UUID]:
    """Whose keys sealing this event takes."""
    subjects: set[UUID] = set()

    def note(subject: UUID, _path: str, text: str) -> str:
        if text != ERASED:
            subjects.add(subject)
        return text

    walk(values, sealed_fields(type(event)), event.originator_id, note)
    return subjects


def _sealed(event: Event, values: dict[str, Any], keys: Sealer) -> bytes:
    def seal(subject: UUID, path: str, text: str) -> str:
        return keys.seal(subject, event.originator_id, event.originator_version, path, text)

    return to_json(walk(values, sealed_fields(type(event)), event.originator_id, seal))


def _plain(event: Event) -> bytes:
    return event.__pydantic_serializer__.to_json(event, include=payload_names(type(event)))


def _payload(event: Event) -> dict[str, Any]:
    return event.__pydantic_serializer__.to_python(event, mode="json", include=payload_names(type(event)))  # type: ignore[no-any-return]


@cache
def payload_names(kind: type[Event]) -> set[str]:
    """The names of the fields that are the event's data."""
    return set(kind.payload_fields())


@cache
def sealed_fields(kind: type[Event]) -> Mapping[str, "Marked"]:
    """Of the event's data, the fields that hold sealed texts."""
    marked = _in_model(kind)
    return {name: mark for name, mark in marked.items() if name in payload_names(kind)}


def walk(values: dict[str, Any], fields: Mapping[str, "Marked"], stream: UUID, seal: Seal) -> dict[str, Any]:
    """A copy of `values` with `seal` applied to every sealed text in it."""
    return _in_dict(values, fields, stream, stream, "", seal)


def _in_dict(
    values: dict[str, Any], fields: Mapping[str, "Marked"], stream: UUID, person: UUID, path: str, seal: Seal
) -> dict[str, Any]:
    subject = UUID(values["id"]) if path and "id" in values else person
    return {
        name: _in_value(value, mark, stream, subject, f"{path}{name}", seal)
        if (mark := fields.get(name) or fields.get("*"))
        else value
        for name, value in values.items()
    }


def _in_value(value: Any, mark: "Marked", stream: UUID, person: UUID, path: str, seal: Seal) -> Any:
    if value is None:
        return None
    if isinstance(mark, tuple):
        return [_in_value(item, mark[0], stream, person, f"{path}.{n}", seal) for n, item in enumerate(value)]
    if isinstance(mark, dict):
        return _in_dict(value, mark, stream, person, f"{path}.", seal)
    return seal(stream if mark == "stream" else person, path, value)


def _in_model(model: type[BaseModel]) -> dict[str, "Marked"]:
    found = {name: _mark(field.annotation, field.metadata) for name, field in model.model_fields.items()}
    return {name: mark for name, mark in found.items() if mark}


def _mark(annotation: Any, metadata: Any = ()) -> "Marked | None":
    marker = next((entry for entry in metadata if isinstance(entry, Sealed)), None)
    if marker is not None:
        return marker.subject
    origin, inner = get_origin(annotation), get_args(annotation)
    mark: Marked | None = None
    if origin is Annotated:
        mark = _mark(inner[0], inner[1:])
    elif origin in (Union, UnionType):
        mark = next((found for part in inner if (found := _mark(part))), None)
    elif origin is dict and (found := _mark(inner[1])):
        mark = {"*": found}
    elif origin in (tuple, list) and (found := _mark(inner[0])):
        mark = (found,)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        mark = _in_model(annotation) or None
    return mark
