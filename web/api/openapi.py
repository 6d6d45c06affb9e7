"""The description of the API: FastAPI's of the routes, with the forms as bodies, their examples, and the bearer token."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final, get_args

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from crm.access import PUBLIC, rule
from domain import FORMS
from domain.base import Form
from domain.lead import DetailsChanged
from domain.values import ContactPerson, Line, Note, Personal, Prose, Word
from web.api.examples import example
from web.api.problems import Problem
from web.fields import kind_of
from web.pages.hand_over import HandOver

router = APIRouter()
REF: Final = "#/components/schemas/{model}"
BODIES: Final[tuple[type[Form], ...]] = (*dict.fromkeys(FORMS.values()), HandOver)
LIMITS: Final = {
    get_args(text)[1]: limit for text, limit in ((Word, 60), (Line, 200), (Personal, 100), (Prose, 5000), (Note, 5000))
}
"""The domain's kinds of text, by the check that makes them, and how long they may be."""
TYPED_AMOUNT: Final = {
    "title": "金额 · Amount",
    "description": "金额连同单位或币种；外币要写当日汇率 · An amount with its unit or currency; a foreign one with the rate of its day.",
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": 60, "examples": ["1.2亿", "5000万", "CNY 50m"]},
        {
            "type": "object", "required": ["amount"], "additionalProperties": False,
            "properties": {"amount": {"type": "string", "examples": ["USD 10m"]}, "rate": {"type": "string", "examples": ["7.1"]}},
        },
        {
            "type": "object", "required": ["minor"], "additionalProperties": False,
            "properties": {
                "minor": {"type": "integer", "minimum": 1, "maximum": 10**17, "description": "百分之一单位 · hundredths"},
                "currency": {"type": "string", "default": "CNY"},
                "rate": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
        },
    ],
}  # fmt: skip
ABOUT: Final = """\
招商线索的登记、推进与查询，规则与页面相同。令牌在“管理 › 令牌”中创建。
Register, advance and read leads, by the same rules as the pages. Tokens are made in Admin › Tokens.

- `Authorization: Bearer <token>`
- `Idempotency-Key`：同一个值只执行一次 · the same key is carried out once
- `If-Match: "<version>"`：版本已变则 412 · 412 when the record has changed
- `?wait_for=<position>`：读到自己刚写的 · read what you have just written
- `?replay=<name>`：读某个回放，只读 · read from a replay, as everything stood then
- `Accept-Language: zh | en`
- 错误为 `application/problem+json` (RFC 9457)
"""


@router.get("/api/openapi.json", name="api.openapi", include_in_schema=False)
def openapi(request: Request) -> JSONResponse:
    found = getattr(request.app.state, "openapi", None)
    if found is None:
        found = request.app.state.openapi = described(request.app.routes)
    return JSONResponse(found)


def described(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the routes under /api/v1."""
    from web.api import api

    ours = [route for route in routes if getattr(route, "original_router", None) is api]
    document = get_openapi(title="Landfall", version="1", description=ABOUT, routes=ours)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _bodies()
    document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for operation in _operations(document):
        operation["security"] = [] if rule(operation["operationId"]) == PUBLIC else [{"token": []}]
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in document["paths"].values():
        yield from operations.values()


@cache
def _bodies() -> dict[str, Any]:
    """The forms and what they are made of, as one writes them; and the shape of a problem."""
    models: list[type[BaseModel]] = [*BODIES, Problem]
    _, found = models_json_schema([(one, "validation") for one in models], ref_template=REF)
    schemas: dict[str, Any] = {name: _readable(schema) for name, schema in found["$defs"].items()}
    schemas["Money"] = TYPED_AMOUNT
    # An id may be left out: a command gives its contact persons ids of its own, the same ones when it is repeated.
    schemas["ContactPerson"]["required"].remove("id")
    limited: list[type[BaseModel]] = [*BODIES, DetailsChanged, ContactPerson]
    for model in limited:
        _limit(schemas[model.__name__]["properties"], model)
    for form in BODIES:
        schemas[form.__name__]["examples"] = [example(form)]
    return schemas


def _limit(properties: dict[str, Any], model: type[BaseModel]) -> None:
    """Say how long a text may be; the domain's types check it in a way JSON Schema does not see."""
    for name, info in model.model_fields.items():
        kind = kind_of(info.annotation, info.metadata)
        longest = next(
            (LIMITS[marker] for marker in kind.markers if isinstance(marker, AfterValidator) and marker in LIMITS), None
        )
        if longest is not None:
            schema = properties[name]
            schema.get("anyOf", [schema])[0] |= {"minLength": 1, "maxLength": longest}


def _readable(schema: Any) -> Any:
    """The titles of fields hold both languages; the domain divides them by a bar."""
    if isinstance(schema, dict):
        return {
            key: value.replace("|", " · ") if key == "title" and isinstance(value, str) else _readable(value)
            for key, value in schema.items() if key not in ("pick", "widget")
        }  # fmt: skip
    return [_readable(one) for one in schema] if isinstance(schema, list) else schema
