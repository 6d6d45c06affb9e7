"""Problem details (RFC 9457) as they are documented; `web.errors` gives them."""

from typing import Any, Final

from pydantic import BaseModel, Field


class Fault(BaseModel):
    """What is wrong at one field; `field` is dotted (`contacts.0.name`), empty for the whole."""

    field: str
    key: str
    detail: str


class Problem(BaseModel):
    """An error: `type` identifies it for programs, `detail` says to people what to do."""

    type: str = Field(examples=["urn:landfall:stale"])
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None
    current_version: int | None = Field(None, description="412：现在的版本 · 412: the version it is at now")
    reference: str | None = None


_MEANT: Final = {
    400: "JSON 无效 · No valid JSON",
    401: "没有令牌，或令牌无效 · No token, or none that is valid",
    403: "没有权限 · No right to this",
    404: "没有这条记录，或没有这个回放 · No such record, or no such replay",
    409: "Idempotency-Key 已用于其他内容，或多人同时在改（conflict，请重试）· "
    "The key was used for something else, or many change it at once (conflict: try again)",
    412: "If-Match 的版本已过时 · The version in If-Match is no longer the last",
    413: "内容过大 · Too large",
    415: "内容类型不对 · Not the type this takes",
    422: "内容有误，逐项列出 · Something is wrong, listed by field",
    503: "数据正在更新或数据库暂不可用 · Catching up, or the database is away; Retry-After says how long",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documented error answers of a route."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _MEANT[status], "content": content} for status in statuses}


READ: Final = problems(401, 403, 404, 422, 503)
READ_ONE: Final = problems(401, 403, 404, 422, 503)
CREATE: Final = problems(400, 401, 403, 409, 413, 415, 422, 503)
COMMAND: Final = problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
