"""What is to be done, soonest first: next actions, leads without one, and the district's clocks."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from crm import access, clock
from projections import agenda
from projections.agenda import AgendaRow
from web.api.leads import HIDDEN
from web.api.problems import READ
from web.api.reading import Answer, Paged, Worth, reading, shape, worth
from web.pages.leads import scope_of
from web.session import Crm, Who

router = APIRouter(tags=["agenda"])
Kind = Literal["action", "no_action", "answer", "judge", "feedback", "report"]


class AgendaQuery(Paged):
    kind: Kind | None = Field(None, description="事项类别 · Which kind of thing to do")
    person: UUID | None = Field(None, description="负责人 · The lead's owner")
    channel: UUID | None = Field(None, description="渠道 · Channel")
    overdue: bool | None = Field(None, description="是否逾期 · Whether it is overdue")


class Counts(BaseModel):
    """How many are overdue, due today, due within three days after it, and there in all."""

    overdue: int
    today: int
    soon: int
    all: int


Due = shape(
    "DueItem", AgendaRow, without=("amount_fen",), amount=Worth | None,
    next_action=Annotated[str | None, Field(description=HIDDEN)],
)  # fmt: skip


class AgendaAnswer(Answer):
    """`counts` by kind, for the person and channel asked for."""

    counts: dict[str, Counts]
    next: str | None
    items: list[Due]  # type: ignore[valid-type]


@router.get("/agenda", name="api.agenda", response_model=AgendaAnswer, responses=READ, summary="待办 · The agenda")
def listed(request: Request, crm: Crm, viewer: Who, query: Annotated[AgendaQuery, Query()]) -> dict[str, Any]:
    today, words = clock.today(), request.state.words
    whose: dict[str, Any] = {"person": query.person, "channel": query.channel, "scope": scope_of(viewer)}
    with reading(crm, query) as (conn, position):
        counts = agenda.counts(conn, today, **whose)
        page = agenda.listed(
            conn, today, kind=query.kind, overdue=query.overdue, after=query.after, limit=query.limit, **whose
        )
    texts = crm.open_all([row.next_action if access.may_read(viewer, row) else None for row in page.rows])
    items = [
        {**row._asdict(), "amount": worth(words, row.amount_fen), "next_action": text}
        for row, text in zip(page.rows, texts, strict=True)
    ]
    numbers = {kind: {name: getattr(due, name) for name in Counts.model_fields} for kind, due in counts.items()}
    return {"position": position, "counts": numbers, "next": page.next, "items": items}
