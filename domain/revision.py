"""Details revised: of what was filled in only what differs from what is in force is recorded."""

from collections.abc import Collection
from typing import Any, TypeVar

from domain.base import Patch, Refused

Some = TypeVar("Some", bound=Patch)


def differing(details: Some, state: Any, required: Collection[str] = ()) -> Some:
    """The details that differ from the state's. Refused where one that is `required` is emptied, or none differs."""
    given = {name: value for name, value in details.given().items() if value != getattr(state, name)}
    for name in required:
        if name in given and given[name] is None:
            raise Refused("details.required", "这一项不能为空。", "This cannot be empty.", field=f"details.{name}")
    if not given:
        raise Refused("details.unchanged", "没有改动任何内容。", "Nothing was changed.")
    return type(details).model_validate(given, from_attributes=True)


def said(details: Patch) -> tuple[str, str]:
    """What was revised, by the titles of the fields, in both languages."""
    titles = [(type(details).model_fields[name].title or name).partition("|") for name in details.given()]
    return "、".join(zh for zh, _, _ in titles), ", ".join((en or zh).lower() for zh, _, en in titles)
