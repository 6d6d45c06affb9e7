"""Details revised: only what is given and differs is recorded. One way for every aggregate that has details."""

from collections.abc import Collection
from typing import Any, TypeVar

from domain.base import Patch, Refused, Text, field_text

Some = TypeVar("Some", bound=Patch)


def differing(details: Some, state: Any, required: Collection[str] = ()) -> Some:
    """Of the details given those that are otherwise in `state`. Refused where none is, or one that is needed is emptied."""
    changed = {name: value for name, value in details.given().items() if value != getattr(state, name)}
    for name in required:
        if name in changed and changed[name] is None:
            raise Refused("details.required", "这一项不能为空。", "This cannot be empty.", field=f"details.{name}")
    if not changed:
        raise Refused("details.unchanged", "没有改动任何内容。", "Nothing was changed.")
    return type(details).model_validate(changed, from_attributes=True)


def revised(details: Patch, zh: str = "修改了", en: str = "Revised: ") -> Text:
    """Which details were changed, in words after `zh` and `en`."""
    titles = [field_text(type(details), name) for name in details.given()]
    return Text(
        zh + "、".join(title.zh for title in titles),
        en + ", ".join(title.en.lower() for title in titles),
    )
