"""Services: the list by both clocks with its counts by kind, filtered as on the page, and one of them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from domain.service import Service, possible
from projections import services
from projections.paging import Totals
from projections.services import ServiceRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, caught_up, shape
from web.api.record_reads import Listed, RecordRead, commands, fields_of, head, reading_list
from web.pages.answering import workable
from web.pages.service_filters import SERVICES, service_filters
from web.session import Crm, Who

router = APIRouter(tags=["services"])
_filter = fields_of(service_filters)


class ServicesQuery(Listed):
    """The filters of the services' page, by the same names and values."""

    q: Plain | None = _filter("q", "：事项片段 · part of what it was about")
    kind: Plain | None = _filter("kind")
    outcome: Plain | None = _filter("outcome")
    by: Plain | None = _filter("by", "：编号，或 me · an id, or me")
    company: UUID | None = _filter("company")
    lead: UUID | None = _filter("lead")
    project: UUID | None = _filter("project")
    since: Plain | None = _filter("from", alias="from")
    to: Plain | None = _filter("to")


Row = shape("ListedService", ServiceRow)


class Number(BaseModel):
    """How many; with `more`, counting stopped at that many."""

    count: int
    more: bool


class ServicesAnswer(Answer):
    """`kinds`: by kind, whatever kind was asked for; `solved`: those that solved a problem."""

    totals: Counted
    kinds: dict[str, Number]
    solved: Number
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    services: list[Row]  # type: ignore[valid-type]


@router.get(
    "/services", name="api.services", response_model=ServicesAnswer, responses=READ, summary="服务记录 · Services"
)
def services_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[ServicesQuery, Query()]
) -> dict[str, Any]:
    with reading_list(crm, query, SERVICES, viewer) as found:
        page, totals = found.read()
        counts = services.counts(found.conn, found.wanted.filters.asked(), found.asked.point)
    position = found.position
    return {
        "position": position, "totals": counted(request.state.words, totals), "next": page.next,
        "kinds": {kind: _number(count) for kind, count in counts.kinds.items()}, "solved": _number(counts.solved),
        "services": [row._asdict() for row in page.rows],
    }  # fmt: skip


def _number(totals: Totals) -> dict[str, Any]:
    return {"count": totals.count, "more": totals.more}


class ServiceAnswer(Answer):
    """One service. A void one has no kind; the note is null to those who may not see it."""

    id: UUID
    version: int
    kind: str | None
    subject: str
    served_on: date | None
    company: UUID | None
    lead: UUID | None
    project: UUID | None
    served: str | None
    handled_by: UUID | None
    outcome: str | None
    result: str | None
    solved_on: date | None
    note: str | None
    commands: list[str]


_SAME = (
    "kind", "subject", "served_on", "company", "lead", "project", "served", "outcome", "result", "solved_on",
)  # fmt: skip


@router.get(
    "/services/{id}",
    name="api.service",
    response_model=ServiceAnswer,
    responses=READ_ONE,
    summary="一条服务记录 · One service",
)
def service_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    service = crm.aggregate(Service, id)
    state = service.at(query.as_at) if query.as_at else service.state
    return {
        **head(response, service),
        **{name: getattr(state, name) for name in _SAME},
        "handled_by": state.handled_by or crm.begun_by(id),
        "note": state.note if viewer.sees_all or workable(crm, viewer, service) else None,
        "commands": commands(crm, viewer, service, possible(service)) if query.as_at is None else [],
    }
