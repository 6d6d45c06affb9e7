"""Who recorded what and when, and who read it: for auditors and overseers, the latest first."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from crm import readings
from crm.readings import Filters, Reading
from domain.person import Role
from projections import activity_asked
from projections.activity import ActivityFilters, ActivityRow
from web.api.problems import READ
from web.api.reading import Answer, Paged, Plain, reading, shape
from web.pages.leads import scope_of
from web.session import Crm, Who

router = APIRouter(tags=["audit"])
Aggregate = Literal["lead", "channel", "person", "district", "meeting", "erasure"]
Row = shape("AuditEvent", ActivityRow)
Read = shape(
    "AuditReading", Reading,
    hash=Annotated[str, Field(description="与前一条相接的 SHA-256 · SHA-256, chained to the one before")],
)  # fmt: skip


class EventQuery(Paged):
    actor: UUID | None = Field(None, description="操作人 · Who recorded it")
    role: Role | None = Field(None, description="以何身份 · The role they acted in")
    aggregate: Aggregate | None = None
    topic: Plain | None = Field(None, description="事件类型，如 lead.intent_signed · Type of event")
    stream: UUID | None = Field(None, description="记录编号 · The record it is about")
    channel: UUID | None = None
    origin: UUID | None = Field(None, description="导入编号 · The import it came with")
    recorded_from: AwareDatetime | None = Field(
        None, description="录入时间，两端都算在内 · Recorded, both ends included, with an offset"
    )
    recorded_to: AwareDatetime | None = None
    occurred_from: date | None = Field(None, description="发生日期 · The day of the fact, from and up to")
    occurred_to: date | None = None
    late_over: int | None = Field(
        None, ge=0, le=100_000, description="晚录超过几天 · Entered more than so many days late"
    )
    corrections: bool = Field(False, description="只看更正 · Corrections only")
    outside: bool = Field(
        False, description="只看北京时间周一至周五 8:30–17:30 以外 · Only outside Mon–Fri 8:30–17:30 in Shanghai"
    )
    bulk: bool = Field(
        False,
        description="只看批量：导入、整体移交，或一人一分钟内满 20 条 · Only what came by import, a book handed over, or "
        "as one of 20 or more that a person entered within one minute",
    )


class EventAnswer(Answer):
    next: str | None
    events: list[Row]  # type: ignore[valid-type]


@router.get(
    "/audit/events", name="api.audit", response_model=EventAnswer, responses=READ, summary="全部事件 · Every event"
)
def events(crm: Crm, viewer: Who, query: Annotated[EventQuery, Query()]) -> dict[str, Any]:
    """一页可能不满 `limit` 条而仍有下一页，以 `next` 为准 · A page may hold fewer than `limit` and yet have a next one."""
    filters = ActivityFilters(**query.model_dump(exclude=set(Paged.model_fields)))
    with reading(crm, query) as (conn, position):
        page = activity_asked.listed(conn, filters, scope=scope_of(viewer), after=query.after, limit=query.limit)
    return {"position": position, "next": page.next, "events": [row._asdict() for row in page.rows]}


class ReadingQuery(Paged):
    person: UUID | None = Field(None, description="谁 · Who read")
    subject: UUID | None = Field(None, description="看的是哪条记录 · The record that was read")
    route: Plain | None = Field(None, description="页面或接口的名称 · Name of the page or operation")
    recorded_from: AwareDatetime | None = Field(None, description="何时，含起不含止 · When, from and before")
    recorded_to: AwareDatetime | None = None


class ReadingAnswer(Answer):
    next: str | None
    readings: list[Read]  # type: ignore[valid-type]


@router.get(
    "/audit/readings", name="api.audit.readings", response_model=ReadingAnswer, responses=READ,
    summary="查阅记录 · The log of readings",
)  # fmt: skip
def read(crm: Crm, query: Annotated[ReadingQuery, Query()]) -> dict[str, Any]:
    """审计所读、任何人所导出，逐条相接 · What auditors read and anybody took out, each chained to the one before."""
    given = query.model_dump(exclude={*Paged.model_fields, "route"})
    filters = Filters(**given, routes=None if query.route is None else [query.route])
    with reading(crm, query) as (conn, position):
        page = readings.listed(conn, filters, after=query.after, limit=query.limit)
    rows = [{**row._asdict(), "hash": row.hash.hex()} for row in page.rows]
    return {"position": position, "next": page.next, "readings": rows}
