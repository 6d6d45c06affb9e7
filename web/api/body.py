"""The body of a command: JSON in, the form out. Nothing is guessed: a number in quotes is no number, a day is ISO 8601."""

import re
from typing import Any, Final, TypeVar
from uuid import uuid5

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import from_json, to_json
from starlette.exceptions import HTTPException

from crm.application import By
from domain.base import Form, Text
from web.api.command import Acting

F = TypeVar("F", bound=Form)
MOST: Final = 1 << 20
"""The bytes of a body; a lead with twenty contact persons has ten thousand."""
JSON: Final = re.compile(r"application/([\w.+-]+\+)?json\s*(;.*)?", re.IGNORECASE)


class Malformed(HTTPException):
    """A body that cannot be read as JSON at all."""

    key = "json"
    text = Text("内容不是有效的 JSON。", "The body is no valid JSON.")

    def __init__(self) -> None:
        super().__init__(400)


class TooLong(HTTPException):
    """More JSON than any command has."""

    key = "too_large"
    text = Text("内容超过 1 MB。", "More than 1 MB was sent.")

    def __init__(self) -> None:
        super().__init__(413)


def reads(kind: type[F]) -> Any:
    """A dependency that gives the form of that kind, read after the door and the rule of the route."""

    async def read(request: Request, who: Acting) -> F:
        return parsed(kind, await _json(request), who)

    return Depends(read)


def parsed(kind: type[F], given: Any, who: By) -> F:
    """The form in what was given. Raises RequestValidationError with every complaint."""
    for people in _contact_lists(given):
        _identify(people, who)
    try:
        return kind.model_validate_json(to_json(given), strict=True)
    except ValidationError as problem:
        wrong = problem.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in wrong]) from None


async def _json(request: Request) -> Any:
    if not JSON.fullmatch(request.headers.get("content-type", "")):
        raise HTTPException(415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise TooLong
    try:
        return from_json(bytes(body), allow_inf_nan=False)
    except ValueError:
        raise Malformed from None


def _contact_lists(given: Any) -> list[Any]:
    if not isinstance(given, dict):
        return []
    details = given.get("details")
    return [given.get("contacts"), details.get("contacts") if isinstance(details, dict) else None]


def _identify(people: Any, who: By) -> None:
    """Contact persons sent without an id get one that a repeated command finds again."""
    for place, person in enumerate(people if isinstance(people, list) else ()):
        if isinstance(person, dict):
            person.setdefault("id", str(uuid5(who.command, f"contact {place}")))
