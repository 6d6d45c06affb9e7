"""What a form points at: its references, however deep, by the kind of list they are chosen from."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel


def references(form: BaseModel, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """(dotted field, kind of list, value) of every reference that was given."""
    for name in form.model_fields_set:
        value, extra = getattr(form, name), type(form).model_fields[name].json_schema_extra
        if isinstance(value, BaseModel):
            yield from references(value, f"{prefix}{name}.")
        elif isinstance(value, tuple):
            for place, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from references(one, f"{prefix}{name}.{place}.")
        elif value is not None and isinstance(extra, dict) and "pick" in extra:
            yield f"{prefix}{name}", str(extra["pick"]), value
