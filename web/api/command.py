"""What every command of the API shares: its id from `Idempotency-Key`, the version in `If-Match`, what it answers."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from fastapi import Depends, Header, Response
from pydantic import BaseModel, Field

from crm.application import CRM, By, Done, Stale
from domain.base import Aggregate, Form
from web.session import Who

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=200,
        description="同一个值重复提交只执行一次 · The same key twice is carried out once; a retry answers as the first did.",
    ),
]  # fmt: skip
Match = Annotated[
    str | None,
    Header(
        alias="If-Match", pattern=r'^((W/)?"[0-9]{1,9}"|[0-9]{1,9}|\*)$',
        description='您所见的版本，如 "3" · The version you saw, as in "3"; 412 when it is no longer the last.',
    ),
]  # fmt: skip


class Recorded(BaseModel):
    """What a command answers: the record, its version now, and the position that shows it (`?wait_for=`)."""

    id: UUID = Field(examples=["7f0c1a52-3b7e-4f60-9d3a-1f4f3c1b2a10"])
    position: int = Field(
        description="读取时用 wait_for 带上 · Pass it as wait_for to read what you wrote.", examples=[3428]
    )
    version: int = Field(examples=[2])
    repeated: bool = Field(description="此前已执行过 · It had been carried out before.", examples=[False])


def _acting(viewer: Who, key: Key = None) -> By:
    return By(viewer.id, viewer.acting, uuid5(viewer.id, key) if key else uuid4())


def _seen(match: Match = None) -> int | None:
    digits = (match or "").removeprefix("W/").strip('"')
    return int(digits) if digits.isdecimal() else None


Acting = Annotated[By, Depends(_acting)]
Seen = Annotated[int | None, Depends(_seen)]


def once(crm: CRM, who: By, kind: type[Aggregate], id: UUID | None, form: Form, act: Callable[[], Done]) -> Done:
    """The answer the command gave before; else what `act` answers now.

    Asked first, so that a retry is answered even where its sender may no longer do it a second time.
    """
    return crm.done(who.command, crm.request(kind, id, form)) or act()


def unchanged(aggregate: Aggregate, seen: int | None) -> None:
    """Raise Stale unless the aggregate is at the version that was seen."""
    if seen is not None and aggregate.version != seen:
        raise Stale(aggregate.version)


def recorded(crm: CRM, response: Response, done: Done) -> dict[str, Any]:
    """The body of the answer; the version also as its ETag, to be sent back in If-Match."""
    version = crm.version_at(done.id, done.position)
    response.headers["ETag"] = f'"{version}"'
    return {"id": done.id, "position": done.position, "version": version, "repeated": done.repeated}
