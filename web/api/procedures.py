"""Procedures: the list by both clocks, filtered and sorted as on the page, and one of them with all that is known."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from domain.procedure import Procedure
from domain.procedure.possible import possible
from projections.procedures import ProcedureRow
from web.api.leads import Counted, counted
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Plain, caught_up, shape
from web.api.record_reads import Listed, RecordRead, commands, fields_of, head, reading_list
from web.pages.procedure_filters import PROCEDURES, procedure_filters
from web.session import Crm, Who

router = APIRouter(tags=["procedures"])
_filter = fields_of(procedure_filters)


class ProceduresQuery(Listed):
    """The filters of the procedures' page, by the same names and values."""

    q: Plain | None = _filter("q", more="：名称片段、拼音首字母、编号 · part of a name, pinyin initials, a number")
    status: Plain | None = _filter("status")
    open: bool = _filter("open", default=False)
    kind: Plain | None = _filter("kind")
    department: Plain | None = _filter("department")
    handler: UUID | None = _filter("handler")
    way: Plain | None = _filter("way")
    lenient: bool = _filter("lenient", default=False)
    overdue: bool = _filter("overdue", default=False)
    early: bool = _filter("early", default=False)
    project: UUID | None = _filter("project")
    company: UUID | None = _filter("company")
    accepted_from: date | None = _filter("accepted_from")
    accepted_to: date | None = _filter("accepted_to")
    sort: Literal["applied", "name", "owed"] = "applied"


Row = shape("ListedProcedure", ProcedureRow)


class ProceduresAnswer(Answer):
    totals: Counted
    next: str | None = Field(description="下一页的 after · `after` of the next page")
    procedures: list[Row]  # type: ignore[valid-type]


@router.get(
    "/procedures",
    name="api.procedures",
    response_model=ProceduresAnswer,
    responses=READ,
    summary="手续列表 · Procedures",
)
def procedures_listed(
    request: Request, crm: Crm, viewer: Who, query: Annotated[ProceduresQuery, Query()]
) -> dict[str, Any]:  # fmt: skip
    with reading_list(crm, query, PROCEDURES, viewer) as found:
        page, totals = found.read()
    position = found.position
    return {
        "position": position,
        "totals": counted(request.state.words, totals),
        "next": page.next,
        "procedures": [row._asdict() for row in page.rows],
    }


class ProcedureAnswer(Answer):
    """One procedure. A void one has no status. `commands`: what it would take now, from you."""

    id: UUID
    version: int
    status: str | None
    name: str
    kind: str | None
    item: str | None
    department: str
    project: UUID | None
    company: UUID | None
    applicant: str | None
    number: str | None
    applied_on: date | None
    accepted_on: date | None
    closed_on: date | None
    papers: list[str]
    missing: list[str]
    owed: bool
    promised_on: date | None
    supplemented_on: date | None
    document: str | None
    reason: str | None
    way: str | None
    handler: UUID | None
    commands: list[str]


_SAME = set(ProcedureAnswer.model_fields) - {"position", "id", "version", "commands"}


@router.get(
    "/procedures/{id}",
    name="api.procedure",
    response_model=ProcedureAnswer,
    responses=READ_ONE,
    summary="一项手续 · One procedure",
)
def procedure_shown(
    response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[RecordRead, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    procedure = crm.aggregate(Procedure, id)
    state = procedure.at(query.as_at) if query.as_at else procedure.state
    return {
        **head(response, procedure),
        **{name: getattr(state, name) for name in _SAME},
        "commands": commands(crm, viewer, procedure, possible(procedure)) if query.as_at is None else [],
    }
