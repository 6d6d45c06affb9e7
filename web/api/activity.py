"""Who recorded what and when, the latest first: for auditors and administrators."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from projections import activity_asked
from projections.activity import ActivityFilters, ActivityRow
from web.api.problems import READ
from web.api.reading import Answer, Paged, Plain, reading, shape
from web.pages.leads import scope_of
from web.session import Crm, Who

router = APIRouter(tags=["activity"])
Aggregate = Literal["lead", "channel", "person", "district"]
Row = shape("ActivityEntry", ActivityRow)


class ActivityQuery(Paged):
    actor: UUID | None = Field(None, description="操作人 · Who recorded it")
    aggregate: Aggregate | None = None
    topic: Plain | None = Field(None, description="事件类型，如 lead.intent_signed · Type of event")
    stream: UUID | None = Field(None, description="记录编号 · The record it is about")
    channel: UUID | None = None
    origin: UUID | None = Field(None, description="导入编号 · The import it came with")
    recorded_from: AwareDatetime | None = Field(
        None, description="录入时间 · Recorded, from and before, with an offset"
    )
    recorded_to: AwareDatetime | None = None
    occurred_from: date | None = Field(None, description="发生日期 · The day of the fact, from and up to")
    occurred_to: date | None = None
    late_over: int | None = Field(
        None, ge=0, le=100_000, description="晚录超过几天 · Entered more than so many days late"
    )
    corrections: bool = Field(False, description="只看更正 · Corrections only")


class ActivityAnswer(Answer):
    next: str | None
    events: list[Row]  # type: ignore[valid-type]


@router.get(
    "/activity", name="api.admin.activity", response_model=ActivityAnswer, responses=READ, summary="操作记录 · Activity"
)
def listed(crm: Crm, viewer: Who, query: Annotated[ActivityQuery, Query()]) -> dict[str, Any]:
    filters = ActivityFilters(**query.model_dump(exclude=set(Paged.model_fields)))
    with reading(crm, query) as (conn, position):
        page = activity_asked.listed(conn, filters, scope=scope_of(viewer), after=query.after, limit=query.limit)
    return {"position": position, "next": page.next, "events": [row._asdict() for row in page.rows]}
