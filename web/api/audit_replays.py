"""The replays there are: what `?replay=` may name."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from projections import replay
from web.api.problems import READ
from web.api.reading import Answer, Read, reading
from web.pages.audit_replays import State, state_of
from web.session import Crm

router = APIRouter(tags=["audit"])


class ReplayRow(BaseModel):
    """Everything as it stood when the ledger had come to `position`; pages show it as on `day`."""

    name: str
    position: int
    day: date
    recorded_at: datetime = Field(description="最后一条记录写入的时间 · When the last of its records was written")
    made_at: datetime | None
    bytes: int
    state: State


class ReplaysAnswer(Answer):
    replays: list[ReplayRow]


@router.get(
    "/audit/replays", name="api.audit.replays", response_model=ReplaysAnswer, responses=READ, summary="回放 · Replays"
)
def listed(crm: Crm, query: Annotated[Read, Query()]) -> dict[str, Any]:
    """由 crm replay 生成 · They are made by `crm replay`."""
    with reading(crm, query) as (conn, position):
        found = replay.listed(conn, crm.schema)
    return {"position": position, "replays": [{**one._asdict(), "state": state_of(one)} for one in found]}
